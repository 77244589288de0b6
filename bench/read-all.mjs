// The least that any evaluation must do: read every sample of a data set and convert it to float32, once.
// Usage: node bench/read-all.mjs FOLDER
import { openDataset } from '../dist/dataset/catalogue.js';

const dataset = await openDataset(process.argv[2]);
const block = { 1: new Float32Array(16_000), 2: new Float32Array(16_000) };
for (const id of dataset.ids) {
  const { audio } = await dataset.open(id);
  const reader = await audio.open();
  while ((await reader.read(block)) > 0);
  await reader.close();
}
