/** Weights rearranged when a graph is built. All matrices are row-major. */

/** `[rows, columns]` → `[columns, rows]`, each row scaled. */
export function transposed(matrix: Float32Array, rows: number, columns: number, scale?: Float32Array): Float32Array {
  const out = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    const factor = scale ? scale[row]! : 1;
    for (let column = 0; column < columns; column++)
      out[column * rows + row] = factor * matrix[row * columns + column]!;
  }
  return out;
}

/** Row `i` of the result is row `order[i]` of the matrix. */
export function reorderRows(matrix: Float32Array, columns: number, order: readonly number[]): Float32Array {
  const out = new Float32Array(order.length * columns);
  for (const [i, row] of order.entries()) out.set(matrix.subarray(row * columns, (row + 1) * columns), i * columns);
  return out;
}
