/**
 * Mel filters after Slaney's Auditory Toolbox (1998), as librosa and Whisper use them: the mel scale is linear below
 * 1 kHz and logarithmic above, and each triangle is scaled to the same area.
 *
 * Neighbouring triangles overlap by half, so every spectral bin lies on the rising side of one filter and on the
 * falling side of the filter before it.
 */

export interface MelFilters {
  /** `[bins]`: the filter on whose rising side a bin lies, 0 to `count`; the first and the last side have no filter. */
  readonly rising: Int32Array;
  /** `[bins]`: what the bin weighs in that filter, and in the one before. */
  readonly rise: Float64Array;
  readonly fall: Float64Array;
}

/**
 * @param count filters, equally spaced in mel from 0 Hz to that of the last bin
 * @param bins spectral bins, from 0 Hz
 * @param binHz distance of spectral bins
 */
export function slaneyFilters(count: number, bins: number, binHz: number): MelFilters {
  const topMel = hzToMel((bins - 1) * binHz);
  const edgesHz = Array.from({ length: count + 2 }, (_, i) => melToHz((i * topMel) / (count + 1)));
  const filters = { rising: new Int32Array(bins), rise: new Float64Array(bins), fall: new Float64Array(bins) };
  // At both ends the weight is 0.
  for (let bin = 1; bin < bins - 1; bin++) {
    const hz = bin * binHz;
    const above = edgesHz.findIndex((edge) => edge > hz);
    const [before, low, high, after] = [above - 2, above - 1, above, above + 1].map((i) => edgesHz[i]);
    filters.rising[bin] = above - 1;
    if (after !== undefined) filters.rise[bin] = (2 * (hz - low!)) / ((high! - low!) * (after - low!));
    if (before !== undefined) filters.fall[bin] = (2 * (high! - hz)) / ((high! - low!) * (high! - before));
  }
  return filters;
}

/** Where the scale turns from linear to logarithmic. */
const CORNER_HZ = 1000;
const CORNER_MEL = 15;
/** 27 mel per factor of 6.4. */
const LOG_STEP = Math.log(6.4) / 27;

function hzToMel(hz: number): number {
  return hz < CORNER_HZ ? (hz * CORNER_MEL) / CORNER_HZ : CORNER_MEL + Math.log(hz / CORNER_HZ) / LOG_STEP;
}

function melToHz(mel: number): number {
  return mel < CORNER_MEL ? (mel * CORNER_HZ) / CORNER_MEL : CORNER_HZ * Math.exp((mel - CORNER_MEL) * LOG_STEP);
}
