/** `sweep.csv`: one row per threshold in the documented column order; an absent number is an empty cell. */

import { stringify } from 'csv-stringify/sync';
import { SWEEP_COLUMNS, type SweepRow } from '../result/schema.js';

/** @param rows whole, or with what is known of one task. */
export function renderSweepCsv(rows: readonly Partial<SweepRow>[]): string {
  return stringify([...rows], { header: true, columns: [...SWEEP_COLUMNS] });
}
