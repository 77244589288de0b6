/**
 * Discrete Fourier transform of complex sequences whose length is a product of 4s and 5s.
 *
 * Stockham's form: every pass reads one pair of arrays and writes the other in an order that leaves the result sorted,
 * without a bit-reversal step. Frames of 25 ms at 16 kHz have 400 = 4·4·5·5 samples; padding them to a power of two
 * would give other frequencies than the networks were trained on.
 */

export interface ComplexFft {
  /** The sequence before `transform`, its spectrum after: Σ x[n]·exp(−2πi·k·n / length). */
  readonly re: Float64Array;
  readonly im: Float64Array;
  transform(): void;
}

interface Arrays {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

interface Pass {
  readonly radix: 4 | 5;
  /** Of the sub-sequences this pass splits. */
  readonly length: number;
  /** Sub-sequences that are interleaved. */
  readonly stride: number;
  /** exp(−2πi·p·k / length), real and imaginary, for p < length / radix and 0 < k < radix. */
  readonly twiddles: Float64Array;
}

/** @throws Error when the length has another prime factor than 2 and 5, or an odd number of 2s. */
export function complexFft(length: number): ComplexFft {
  const passes = passesOf(length);
  const input = { re: new Float64Array(length), im: new Float64Array(length) };
  const spare = { re: new Float64Array(length), im: new Float64Array(length) };
  return {
    ...input,
    transform() {
      let [from, to] = [input, spare];
      for (const pass of passes) {
        if (pass.radix === 4) radix4(from, to, pass);
        else radix5(from, to, pass);
        [from, to] = [to, from];
      }
      if (from === input) return;
      input.re.set(from.re);
      input.im.set(from.im);
    },
  };
}

function passesOf(length: number): Pass[] {
  const passes: Pass[] = [];
  let rest = length;
  while (rest > 1) {
    const radix = rest % 4 === 0 ? 4 : 5;
    if (rest % radix !== 0) throw new Error(`no transform of length ${length}: only products of 4 and 5`);
    passes.push({ radix, length: rest, stride: length / rest, twiddles: twiddles(rest, radix) });
    rest /= radix;
  }
  return passes;
}

function twiddles(length: number, radix: number): Float64Array {
  const table: number[] = [];
  for (let p = 0; p < length / radix; p++) {
    for (let k = 1; k < radix; k++) {
      const angle = (-2 * Math.PI * p * k) / length;
      table.push(Math.cos(angle), Math.sin(angle));
    }
  }
  return Float64Array.from(table);
}

function radix4(from: Arrays, to: Arrays, { length, stride, twiddles: w }: Pass): void {
  const { re: xr, im: xi } = from;
  const { re: yr, im: yi } = to;
  const apart = (length / 4) * stride;
  for (let p = 0; p < length / 4; p++) {
    const w1r = w[6 * p]!;
    const w1i = w[6 * p + 1]!;
    const w2r = w[6 * p + 2]!;
    const w2i = w[6 * p + 3]!;
    const w3r = w[6 * p + 4]!;
    const w3i = w[6 * p + 5]!;
    for (let q = 0; q < stride; q++) {
      const a = stride * p + q;
      const b = a + apart;
      const c = b + apart;
      const d = c + apart;
      const sumAcR = xr[a]! + xr[c]!;
      const sumAcI = xi[a]! + xi[c]!;
      const difAcR = xr[a]! - xr[c]!;
      const difAcI = xi[a]! - xi[c]!;
      const sumBdR = xr[b]! + xr[d]!;
      const sumBdI = xi[b]! + xi[d]!;
      const difBdR = xr[b]! - xr[d]!;
      const difBdI = xi[b]! - xi[d]!;
      // y1 = (a − c) − i·(b − d), y2 = (a + c) − (b + d), y3 = (a − c) + i·(b − d), each turned by its twiddle.
      const y1r = difAcR + difBdI;
      const y1i = difAcI - difBdR;
      const y2r = sumAcR - sumBdR;
      const y2i = sumAcI - sumBdI;
      const y3r = difAcR - difBdI;
      const y3i = difAcI + difBdR;
      const y = 4 * stride * p + q;
      yr[y] = sumAcR + sumBdR;
      yi[y] = sumAcI + sumBdI;
      yr[y + stride] = y1r * w1r - y1i * w1i;
      yi[y + stride] = y1r * w1i + y1i * w1r;
      yr[y + 2 * stride] = y2r * w2r - y2i * w2i;
      yi[y + 2 * stride] = y2r * w2i + y2i * w2r;
      yr[y + 3 * stride] = y3r * w3r - y3i * w3i;
      yi[y + 3 * stride] = y3r * w3i + y3i * w3r;
    }
  }
}

const COS1 = Math.cos((2 * Math.PI) / 5);
const COS2 = Math.cos((4 * Math.PI) / 5);
const SIN1 = Math.sin((2 * Math.PI) / 5);
const SIN2 = Math.sin((4 * Math.PI) / 5);

function radix5(from: Arrays, to: Arrays, { length, stride, twiddles: w }: Pass): void {
  const { re: xr, im: xi } = from;
  const { re: yr, im: yi } = to;
  const apart = (length / 5) * stride;
  for (let p = 0; p < length / 5; p++) {
    const w1r = w[8 * p]!;
    const w1i = w[8 * p + 1]!;
    const w2r = w[8 * p + 2]!;
    const w2i = w[8 * p + 3]!;
    const w3r = w[8 * p + 4]!;
    const w3i = w[8 * p + 5]!;
    const w4r = w[8 * p + 6]!;
    const w4i = w[8 * p + 7]!;
    for (let q = 0; q < stride; q++) {
      const a = stride * p + q;
      const b = a + apart;
      const c = b + apart;
      const d = c + apart;
      const e = d + apart;
      const sumBeR = xr[b]! + xr[e]!;
      const sumBeI = xi[b]! + xi[e]!;
      const difBeR = xr[b]! - xr[e]!;
      const difBeI = xi[b]! - xi[e]!;
      const sumCdR = xr[c]! + xr[d]!;
      const sumCdI = xi[c]! + xi[d]!;
      const difCdR = xr[c]! - xr[d]!;
      const difCdI = xi[c]! - xi[d]!;
      // y1 and y4 are even1 ∓ i·odd1, y2 and y3 are even2 ∓ i·odd2, each turned by its twiddle.
      const even1R = xr[a]! + COS1 * sumBeR + COS2 * sumCdR;
      const even1I = xi[a]! + COS1 * sumBeI + COS2 * sumCdI;
      const even2R = xr[a]! + COS2 * sumBeR + COS1 * sumCdR;
      const even2I = xi[a]! + COS2 * sumBeI + COS1 * sumCdI;
      const odd1R = SIN1 * difBeR + SIN2 * difCdR;
      const odd1I = SIN1 * difBeI + SIN2 * difCdI;
      const odd2R = SIN2 * difBeR - SIN1 * difCdR;
      const odd2I = SIN2 * difBeI - SIN1 * difCdI;
      const y1r = even1R + odd1I;
      const y1i = even1I - odd1R;
      const y2r = even2R + odd2I;
      const y2i = even2I - odd2R;
      const y3r = even2R - odd2I;
      const y3i = even2I + odd2R;
      const y4r = even1R - odd1I;
      const y4i = even1I + odd1R;
      const y = 5 * stride * p + q;
      yr[y] = xr[a]! + sumBeR + sumCdR;
      yi[y] = xi[a]! + sumBeI + sumCdI;
      yr[y + stride] = y1r * w1r - y1i * w1i;
      yi[y + stride] = y1r * w1i + y1i * w1r;
      yr[y + 2 * stride] = y2r * w2r - y2i * w2i;
      yi[y + 2 * stride] = y2r * w2i + y2i * w2r;
      yr[y + 3 * stride] = y3r * w3r - y3i * w3i;
      yi[y + 3 * stride] = y3r * w3i + y3i * w3r;
      yr[y + 4 * stride] = y4r * w4r - y4i * w4i;
      yi[y + 4 * stride] = y4r * w4i + y4i * w4r;
    }
  }
}
