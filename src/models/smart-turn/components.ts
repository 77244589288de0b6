/**
 * What `turnbench bench` times of a Smart Turn model. Features and frames have two prices: of a window that is made from
 * nothing, as programs do it that are handed 8 s of audio, and of one at a decision, when most of the work has been done
 * as audio and frames came.
 */

import type { TimedComponent } from '../../core/model.js';
import { Prng } from '../../core/prng.js';
import { STEP_S, samplesPerStep } from '../../core/time.js';
import type { VideoFrame } from '../../core/video.js';
import { FRAMES, MELS, WHISPER_WINDOW } from '../../dsp/whisper-features.js';
import type { OnnxSession } from '../../onnx/session.js';
import { CHUNK, SILERO_RATE } from '../silero-network.js';
import { chunkInference } from '../silero-vad.js';
import { CLIP_FRAMES, CLIP_SIZE, Clip, SIDE } from './clip.js';
import { turnEvaluator } from './evaluator.js';
import { type GateSettings, TurnGate } from './gate.js';
import type { TurnNetwork } from './network.js';
import { featureWindow } from './windows.js';

export async function turnComponents(
  network: TurnNetwork,
  vad: OnnxSession,
  settings: GateSettings,
): Promise<readonly TimedComponent[]> {
  const audio = noise();
  const frames = 'pixel_values' in network.inputs ? pictures() : null;
  const evaluator = turnEvaluator(network, 1);
  const hear = () => evaluator.push([audio], [frames]);
  const evaluate = () => evaluator.evaluate(0, 0);
  hear();
  // Leaves what was heard and seen in the inputs of the network, which the first component evaluates.
  await evaluate();
  const { runsOn } = network;
  const shown = frames ? '8 s of audio, 32 frames' : '8 s of audio';
  return [
    { kind: 'inference', name: `one evaluation: ${shown}`, runsOn, run: () => network.evaluate() },
    chunkInference(vad, 'VAD, one chunk of 512 samples (32 ms)'),
    ...('input_features' in network.inputs ? featureParts(audio) : []),
    ...(frames ? clipParts(frames) : []),
    gateChunk(settings),
    { kind: 'end-to-end', name: `one answer at a decision: ${shown}`, runsOn, run: evaluate },
    {
      kind: 'end-to-end',
      name: `one answer from nothing: ${shown}`,
      runsOn,
      run() {
        evaluator.reset();
        hear();
        return evaluate();
      },
    },
  ];
}

function featureParts(audio: Float32Array): TimedComponent[] {
  const into = new Float32Array(MELS * FRAMES);
  const [fresh, prepared, coming] = [featureWindow(), featureWindow(), featureWindow()];
  prepared.push(audio, null);
  prepared.prepare(0);
  const step = audio.subarray(0, samplesPerStep(SILERO_RATE));
  return [
    {
      kind: 'features',
      name: '8 s from nothing',
      run() {
        fresh.reset();
        fresh.push(audio, null);
        fresh.write(0, into);
      },
    },
    { kind: 'features', name: '8 s at a decision', run: () => prepared.write(0, into) },
    {
      kind: 'features',
      name: 'one step of 20 ms as it comes',
      audioS: STEP_S,
      run() {
        coming.push(step, null);
        coming.prepare(0);
      },
    },
  ];
}

/** Frames are those that the decoder has scaled. */
function clipParts(frames: readonly VideoFrame[]): TimedComponent[] {
  const into = new Float32Array(CLIP_SIZE);
  const [fresh, full] = [new Clip(), new Clip()];
  const fill = (clip: Clip) => {
    for (const frame of frames) clip.push(frame);
  };
  fill(full);
  return [
    {
      kind: 'video',
      name: '32 frames of 112 × 112 from nothing, decoding not included',
      run() {
        fresh.reset();
        fill(fresh);
        fresh.write(into);
      },
    },
    { kind: 'video', name: '32 frames at a decision', run: () => full.write(into) },
    { kind: 'video', name: 'one frame as it comes, decoding not included', run: () => fresh.push(frames[0]!) },
  ];
}

/** Speech and silence in turn, long enough for every phase. */
function gateChunk(settings: GateSettings): TimedComponent {
  const phase = settings.start + settings.stop + 10;
  const gate = new TurnGate(settings);
  let chunk = 0;
  return {
    kind: 'decision',
    name: 'gate, one chunk (32 ms)',
    audioS: CHUNK / SILERO_RATE,
    run() {
      const isSpeech = chunk++ % (2 * phase) < phase;
      if (gate.push(isSpeech ? 1 : 0)) gate.evaluated(0.5);
    },
  };
}

/** 8 s as loud as speech. What computing costs does not depend on what is heard. */
function noise(): Float32Array {
  const prng = new Prng(0);
  return Float32Array.from({ length: WHISPER_WINDOW }, () => prng.between(-0.1, 0.1));
}

function pictures(): readonly VideoFrame[] {
  const prng = new Prng(0);
  return Array.from({ length: CLIP_FRAMES }, (_, i) => ({
    timeS: i / CLIP_FRAMES,
    rgb: Uint8Array.from({ length: 3 * SIDE * SIDE }, () => prng.between(0, 256)),
  }));
}
