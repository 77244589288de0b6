// Models at their published sizes with random weights: they take as long as the real ones and mean nothing.
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { MIMI_FULL, mimiTensors } from '../dist/models/mimi/dimensions.js';
import { ENDPOINTER_FULL, endpointerTensors } from '../dist/models/mimi/endpointer-dimensions.js';
import { randomWeights } from '../dist/models/mimi/random-weights.js';

/** @returns what `buildMimiEndpointer` takes. */
export function writeMimiSources(folder) {
  const mimi = join(folder, 'mimi.safetensors');
  const checkpoint = join(folder, 'checkpoint.safetensors');
  writeSafetensors(mimi, mimiTensors(MIMI_FULL));
  writeSafetensors(checkpoint, endpointerTensors(ENDPOINTER_FULL));
  return { mimi, checkpoint, folder };
}

/** @returns the path */
export function writeGraph(path, graph) {
  writeFileSync(path, Buffer.concat(graph.model({ name: 'bench', version: '1' }).chunks));
  return path;
}

export function size(shape) {
  return shape.reduce((a, b) => a * b, 1);
}

function writeSafetensors(path, table) {
  const weights = randomWeights('random', table);
  let end = 0;
  const entries = table.map(([name, shape]) => {
    const start = end;
    end += 4 * size(shape);
    return [name, { dtype: 'F32', shape, data_offsets: [start, end] }];
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const file = openSync(path, 'w');
  writeSync(file, length);
  writeSync(file, header);
  for (const [name] of table) writeSync(file, new Uint8Array(weights.read(name).buffer));
  closeSync(file);
}
