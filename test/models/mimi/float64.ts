/**
 * The whole chain once more, in double precision and as plainly as possible: loops over the tensors of the checkpoint,
 * nothing shared with the code under test but the reader. Only the angles of the rotary embedding are rounded to
 * float32, as the reference does, because far into a stream they are a property of the model.
 */

import type { TensorFile } from '../../../src/onnx/tensor-file.js';

/** `[frames][channels]` */
type Frames = Float64Array[];

const RATIOS = [4, 5, 6, 8];

export class Float64Codec {
  readonly #file: TensorFile;
  readonly #heads: number;
  readonly #context: number;
  readonly #states = new Map<string, Frames>();
  readonly #keys: Frames[] = [];
  readonly #values: Frames[] = [];
  readonly #tensors = new Map<string, Float32Array>();
  #first = true;
  /** 25 Hz frames since the start of the stream. */
  #position: number;
  #previous: Float64Array | undefined;

  /** @param position to begin in the middle of a stream; states are filled after some chunks */
  constructor(file: TensorFile, { heads, context }: { heads: number; context: number }, position = 0) {
    this.#file = file;
    this.#heads = heads;
    this.#context = context;
    this.#position = position;
  }

  /** One channel, 80 ms. */
  chunk(audio: Float32Array): { latent: Float64Array; codes: number[]; embedding: Frames } {
    let x: Frames = Array.from(audio, (sample) => Float64Array.of(sample));
    x = this.#conv(x, 'encoder.model.0.conv.conv', 1);
    for (const [i, stride] of RATIOS.entries()) {
      const block = `encoder.model.${3 * i + 1}.block`;
      const inner = this.#conv(elu(this.#conv(elu(x), `${block}.1.conv.conv`, 1)), `${block}.3.conv.conv`, 1);
      x = x.map((frame, t) => frame.map((value, c) => value + inner[t]![c]!));
      x = this.#conv(elu(x), `encoder.model.${3 * i + 3}.conv.conv`, stride);
    }
    x = this.#conv(elu(x), 'encoder.model.14.conv.conv', 1);
    for (let layer = 0; this.#file.shape(`${layerName(layer)}.norm1.weight`); layer++) x = this.#layer(x, layer);
    this.#position += x.length;
    if (this.#first) this.#states.set('downsample.conv.conv.conv', [x[0]!, x[0]!]);
    this.#first = false;
    const latent = this.#conv(x, 'downsample.conv.conv.conv', 2)[0]!;
    return { latent, ...this.#quantize(latent) };
  }

  #tensor(name: string): Float32Array {
    const known = this.#tensors.get(name);
    if (known) return known;
    const read = this.#file.read(name);
    this.#tensors.set(name, read);
    return read;
  }

  #conv(x: Frames, name: string, stride: number): Frames {
    const [outputs, inputs, kernel] = this.#file.shape(`${name}.weight`) as [number, number, number];
    const weight = this.#tensor(`${name}.weight`);
    const bias = this.#file.shape(`${name}.bias`) ? this.#tensor(`${name}.bias`) : undefined;
    const kept = kernel - stride;
    const before = this.#states.get(name) ?? Array.from({ length: kept }, () => new Float64Array(inputs));
    const all = [...before, ...x];
    this.#states.set(name, all.slice(all.length - kept));
    return Array.from({ length: x.length / stride }, (_, t) =>
      Float64Array.from({ length: outputs }, (_, o) => {
        let sum = bias ? bias[o]! : 0;
        for (let k = 0; k < kernel; k++) {
          const frame = all[t * stride + k]!;
          for (let i = 0; i < inputs; i++) sum += weight[(o * inputs + i) * kernel + k]! * frame[i]!;
        }
        return sum;
      }),
    );
  }

  #layer(x: Frames, layer: number): Frames {
    const name = layerName(layer);
    const attended = this.#attention(this.#norm(x, `${name}.norm1`), layer);
    const scaled = (frames: Frames, scale: Float32Array) => frames.map((frame) => frame.map((v, i) => v * scale[i]!));
    const middle = sum(x, scaled(attended, this.#tensor(`${name}.layer_scale_1.scale`)));
    const hidden = this.#linear(this.#norm(middle, `${name}.norm2`), `${name}.linear1.weight`);
    const active = hidden.map((frame) => frame.map((v) => 0.5 * v * (1 + erf(v / Math.SQRT2))));
    const out = this.#linear(active, `${name}.linear2.weight`);
    return sum(middle, scaled(out, this.#tensor(`${name}.layer_scale_2.scale`)));
  }

  #norm(x: Frames, name: string): Frames {
    const [weight, bias] = [this.#tensor(`${name}.weight`), this.#tensor(`${name}.bias`)];
    return x.map((frame) => {
      const mean = frame.reduce((a, b) => a + b, 0) / frame.length;
      const variance = frame.reduce((a, b) => a + (b - mean) ** 2, 0) / frame.length;
      return frame.map((v, i) => ((v - mean) / Math.sqrt(variance + 1e-5)) * weight[i]! + bias[i]!);
    });
  }

  #linear(x: Frames, name: string): Frames {
    const [outputs, inputs] = this.#file.shape(name) as [number, number];
    return x.map((frame) => matrixVector(this.#tensor(name), outputs, inputs, frame));
  }

  /** Both new frames are written before either attends, and the oldest are forgotten: the window of the reference. */
  #attention(x: Frames, layer: number): Frames {
    const name = `${layerName(layer)}.self_attn`;
    const width = x[0]!.length;
    const headWidth = width / this.#heads;
    const projected = this.#linear(x, `${name}.in_proj_weight`);
    const part = (i: number) => projected.map((frame) => frame.slice(i * width, (i + 1) * width));
    const rotate = (frames: Frames) => frames.map((frame, t) => rotated(frame, headWidth, this.#position + t));
    const queries = rotate(part(0));
    this.#keys[layer] = [...(this.#keys[layer] ?? []), ...rotate(part(1))].slice(-this.#context);
    this.#values[layer] = [...(this.#values[layer] ?? []), ...part(2)].slice(-this.#context);
    const mixed = queries.map((query, t) => {
      const visible = this.#keys[layer]!.length - (x.length - 1 - t);
      return attend(query, this.#keys[layer]!.slice(0, visible), this.#values[layer]!, headWidth);
    });
    return this.#linear(mixed, `${name}.out_proj.weight`);
  }

  #quantize(latent: Float64Array): { codes: number[]; embedding: Frames } {
    const codes: number[] = [];
    const decode = (part: string, codebooks: number) => {
      const [inner, width] = this.#file.shape(`${part}.input_proj.weight`) as [number, number];
      let rest = matrixVector(this.#tensor(`${part}.input_proj.weight`), inner, width, latent);
      const total = new Float64Array(inner);
      for (let i = 0; i < codebooks; i++) {
        const { code, entry } = this.#nearest(`${part}.vq.layers.${i}._codebook`, rest);
        codes.push(code);
        rest = rest.map((v, j) => v - entry[j]!);
        for (const [j, v] of entry.entries()) total[j]! += v;
      }
      return matrixVector(this.#tensor(`${part}.output_proj.weight`), width, inner, total);
    };
    const semantic = decode('quantizer.rvq_first', 1);
    const acoustic = decode('quantizer.rvq_rest', 7);
    const quantized = semantic.map((v, i) => v + acoustic[i]!);
    const previous = this.#previous ?? quantized.map(() => 0);
    this.#previous = quantized;
    const taps = this.#tensor('upsample.convtr.convtr.convtr.weight');
    const frame = (a: number, b: number) =>
      quantized.map((v, i) => v * taps[4 * i + a]! + previous[i]! * taps[4 * i + b]!);
    return { codes, embedding: [frame(0, 2), frame(1, 3)] };
  }

  #nearest(name: string, vector: Float64Array): { code: number; entry: Float64Array } {
    const sums = this.#tensor(`${name}.embedding_sum`);
    const usage = this.#tensor(`${name}.cluster_usage`);
    let best: { code: number; entry: Float64Array; distance: number } | undefined;
    for (const [code, used] of usage.entries()) {
      const divisor = Math.max(used, 1e-5);
      const entry = vector.map((_, i) => sums[code * vector.length + i]! / divisor);
      const distance = vector.reduce((total, v, i) => total + (v - entry[i]!) ** 2, 0);
      if (!best || distance < best.distance) best = { code, entry, distance };
    }
    return best!;
  }
}

/** Class probabilities of one pass, frame by frame. */
export class Float64Endpointer {
  readonly #tensors: ReadonlyMap<string, Float32Array>;
  readonly #layers: number;
  readonly #states: { hidden: Float64Array; cell: Float64Array }[];

  constructor(file: TensorFile, { hidden, layers }: { hidden: number; layers: number }) {
    this.#tensors = new Map(file.names.map((name) => [name, file.read(name)]));
    this.#layers = layers;
    const zeros = () => new Float64Array(hidden);
    this.#states = Array.from({ length: 2 * layers }, () => ({ hidden: zeros(), cell: zeros() }));
  }

  frame(subject: ArrayLike<number>, other: ArrayLike<number>): Float64Array {
    const joined = [...this.#stream(0, subject), ...this.#stream(1, other)];
    const logits = this.#affine('linear.weight', 'linear.bias', joined);
    const exponentials = logits.map((v) => Math.exp(v - Math.max(...logits)));
    const total = exponentials.reduce((a, b) => a + b);
    return exponentials.map((v) => v / total);
  }

  #stream(index: number, embedding: ArrayLike<number>): Float64Array {
    let x: Float64Array = this.#affine('mel_embed.0.weight', 'mel_embed.0.bias', embedding).map((v) => Math.max(v, 0));
    for (let layer = 0; layer < this.#layers; layer++) {
      const name = (kind: string) => `model${index + 1}.${kind}_l${layer}`;
      const state = this.#states[index * this.#layers + layer]!;
      const fromInput = this.#affine(name('weight_ih'), name('bias_ih'), x);
      const fromState = this.#affine(name('weight_hh'), name('bias_hh'), state.hidden);
      const gates = fromInput.map((v, i) => v + fromState[i]!);
      const size = state.hidden.length;
      state.cell = state.cell.map((c, i) => {
        const [input, forget, cell] = [gates[i]!, gates[size + i]!, gates[2 * size + i]!];
        return sigmoid(forget) * c + sigmoid(input) * Math.tanh(cell);
      });
      state.hidden = state.cell.map((c, i) => sigmoid(gates[3 * size + i]!) * Math.tanh(c));
      x = state.hidden;
    }
    return x;
  }

  #affine(weight: string, bias: string, x: ArrayLike<number>): Float64Array {
    const offsets = this.#tensors.get(bias)!;
    return matrixVector(this.#tensors.get(weight)!, offsets.length, x.length, x).map((v, i) => v + offsets[i]!);
  }
}

function layerName(layer: number): string {
  return `encoder_transformer.transformer.layers.${layer}`;
}

function matrixVector(matrix: Float32Array, rows: number, columns: number, x: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let total = 0;
    for (let i = 0; i < columns; i++) total += matrix[row * columns + i]! * x[i]!;
    return total;
  });
}

function elu(x: Frames): Frames {
  return x.map((frame) => frame.map((v) => (v > 0 ? v : Math.expm1(v))));
}

function sum(a: Frames, b: Frames): Frames {
  return a.map((frame, t) => frame.map((v, i) => v + b[t]![i]!));
}

function rotated(frame: Float64Array, headWidth: number, position: number): Float64Array {
  const out = new Float64Array(frame.length);
  for (let i = 0; i < frame.length; i += 2) {
    const exponent = Math.fround(((i % headWidth) / 2) * Math.fround((-2 * Math.log(10_000)) / headWidth));
    const angle = Math.fround(Math.fround(Math.exp(exponent)) * position);
    out[i] = frame[i]! * Math.cos(angle) - frame[i + 1]! * Math.sin(angle);
    out[i + 1] = frame[i]! * Math.sin(angle) + frame[i + 1]! * Math.cos(angle);
  }
  return out;
}

function attend(query: Float64Array, keys: Frames, values: Frames, headWidth: number): Float64Array {
  const out = new Float64Array(query.length);
  for (let head = 0; head < query.length; head += headWidth) {
    const scores = keys.map((key) => {
      let total = 0;
      for (let i = head; i < head + headWidth; i++) total += query[i]! * key[i]!;
      return total / Math.sqrt(headWidth);
    });
    const weights = scores.map((score) => Math.exp(score - Math.max(...scores)));
    const norm = weights.reduce((a, b) => a + b);
    for (const [k, weight] of weights.entries()) {
      for (let i = head; i < head + headWidth; i++) out[i]! += (weight / norm) * values[k]![i]!;
    }
  }
  return out;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Series where it converges fast, continued fraction of the complement beyond (Abramowitz & Stegun 7.1.5, 7.1.14). */
function erf(x: number): number {
  const z = Math.abs(x);
  if (z < 3) {
    let term = z;
    let total = z;
    for (let n = 1; Math.abs(term) > 1e-17; n++) {
      term *= -(z * z) / n;
      total += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * total) / Math.sqrt(Math.PI);
  }
  let fraction = z;
  for (let n = 60; n > 0; n--) fraction = z + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / fraction);
}
