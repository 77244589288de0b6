/** What `turnbench bench` times of the Mimi endpointer: its four networks, each on the output of the one before. */

import type { TimedComponent } from '../../core/model.js';
import { Prng } from '../../core/prng.js';
import type { OnnxTensors } from '../../onnx/session.js';
import { CHUNK_SAMPLES, MIMI_RATE } from './dimensions.js';
import { type MimiNetworks, MimiStream } from './stream.js';

const CHUNK_S = CHUNK_SAMPLES / MIMI_RATE;
/** Both channels, which one run hears for one pass as for two. */
const ROWS = 2;

export async function mimiComponents(networks: MimiNetworks): Promise<TimedComponent[]> {
  const stream = new MimiStream(networks, ROWS);
  const prng = new Prng(0);
  // As loud as speech. What the networks compute does not depend on what they hear.
  for (let i = 0; i < stream.audio.length; i++) stream.audio[i] = prng.between(-0.1, 0.1);
  const { runsOn } = networks.sessions[0]!;
  const given = await stream.next(ROWS);
  return [
    ...stream.stages.map(
      (stage): TimedComponent => ({
        kind: 'inference',
        name: `${stage.name}, one frame of 80 ms, both channels`,
        audioS: CHUNK_S,
        runsOn,
        run: () => stage.run(given, ROWS),
      }),
    ),
    {
      kind: 'end-to-end',
      name: 'one answer: four networks, 80 ms of both channels',
      audioS: CHUNK_S,
      runsOn,
      run: (): Promise<OnnxTensors> => stream.next(ROWS),
    },
  ];
}
