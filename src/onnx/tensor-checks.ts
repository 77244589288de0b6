import { throwIfProblems, UserError } from '../core/errors.js';
import type { TensorFile } from './tensor-file.js';

/** What a network needs of a checkpoint: names and shapes. */
export type TensorTable = readonly (readonly [name: string, shape: readonly number[]])[];

/**
 * Refuse a checkpoint that lacks tensors or has them in other shapes, before anything is read.
 * @throws UserError with every tensor that is missing or has another shape, expected and found.
 */
export function checkTensors(file: TensorFile, table: TensorTable, hint: string): void {
  const problems = table.flatMap(([name, expected]) => {
    const found = file.shape(name);
    if (!found) return [`tensor '${name}' ${shapeText(expected)} is missing`];
    if (found.join() === expected.join()) return [];
    return [`tensor '${name}' has shape ${shapeText(found)}, expected ${shapeText(expected)}`];
  });
  throwIfProblems(file.file, problems, hint);
}

/**
 * The shape of a tensor from which dimensions are read.
 * @throws UserError when it is missing or has another number of axes.
 */
export function shapeOf(file: TensorFile, name: string, axes: number, hint: string): readonly number[] {
  const shape = file.shape(name);
  if (!shape) throw new UserError(`${file.file}: tensor '${name}' is missing`, { hint });
  if (shape.length === axes) return shape;
  throw new UserError(`${file.file}: tensor '${name}' has shape ${shapeText(shape)}, expected ${axes} axes`, { hint });
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}
