/** Stand-in for EchoStream: keeps an utterance until END, then answers with a tone as long as what it heard, and DONE. */

import { measureRms } from '../../dsp/rms.js';
import { fromPcm16, pcm16 } from '../pcm.js';
import type { FakeProtocol, FakeSession, Stage } from './stage.js';

/** Hz. */
const SAMPLE_RATE = 16_000;
/** Messages shorter than this are skipped, bytes. */
const SHORTEST_MESSAGE = 1600;
/** Messages below this RMS are dropped. */
const GATE = 0.003;
/** Utterances shorter than this get no answer, s. */
const SHORTEST_UTTERANCE_S = 0.4;

export const fakeEchoStream: FakeProtocol = {
  path: '/ws',
  pages: {
    '/health': { status: 'ok' },
    '/config': { encoder_layers: 12, encoder_embed_dim: 256, sample_rate: SAMPLE_RATE },
  },
  accept,
};

function accept(stage: Stage): FakeSession {
  const rms = new Float64Array(1);
  let keptS = 0;
  return {
    onMessage(message) {
      if (typeof message !== 'string') {
        if (message.length < SHORTEST_MESSAGE) return;
        const samples = fromPcm16(message);
        stage.hear(samples, SAMPLE_RATE);
        measureRms(samples, rms, 0);
        if (rms[0]! >= GATE) keptS += samples.length / SAMPLE_RATE;
      } else if (message.trim().toUpperCase() === 'END') {
        if (keptS >= SHORTEST_UTTERANCE_S) stage.say(tone(keptS));
        stage.say('DONE');
        stage.close();
      } else stage.say(JSON.stringify({ error: `unknown command '${message.slice(0, 20)}'` }));
    },
  };
}

function tone(seconds: number): Buffer {
  const length = Math.round(seconds * SAMPLE_RATE);
  return pcm16(Float32Array.from({ length }, (_, i) => 0.3 * Math.sin((2 * Math.PI * 220 * i) / SAMPLE_RATE)));
}
