/**
 * The sizes of Mimi's encode path (Kyutai, moshi release 0.2.13). What differs between checkpoints is read off the
 * tensors; what no tensor shows is constant in every published one.
 */

import { checkTensors, shapeOf, type TensorTable } from '../../onnx/tensor-checks.js';
import type { TensorFile } from '../../onnx/tensor-file.js';

/** Hz. */
export const MIMI_RATE = 24_000;
/** Samples of one codec frame: 80 ms. */
export const CHUNK_SAMPLES = 1920;
/** Transformer and endpointer frames (25 Hz) in one codec frame. */
export const FRAMES_PER_CHUNK = 2;

/** Strides of the down-sampling convolutions of the encoder; each has a kernel of twice its stride. */
export const STRIDES = [4, 5, 6, 8] as const;
/** Kernel sizes of the first and last convolution, and of the first one in a residual block. */
export const FIRST_KERNEL = 7;
export const LAST_KERNEL = 3;
export const RESIDUAL_KERNEL = 3;
/** The convolution from 25 Hz to 12.5 Hz and back. */
export const RESAMPLE_KERNEL = 4;

export interface MimiDimensions {
  /** Channels after the first convolution; doubled by each of the four down-sampling ones. */
  readonly filters: number;
  /** Channels of the latent. */
  readonly dimension: number;
  readonly layers: number;
  readonly heads: number;
  readonly feedForward: number;
  /** Frames an attention query may see, itself included. */
  readonly context: number;
  /** Codebooks used: one semantic, the rest acoustic. */
  readonly codebooks: number;
  /** Entries per codebook. */
  readonly bins: number;
  readonly codebookDimension: number;
}

/** What no tensor shows. */
export interface MimiConstants {
  readonly heads: number;
  readonly context: number;
  readonly codebooks: number;
}

/** Of every published Mimi. */
export const MIMI_CONSTANTS: MimiConstants = { heads: 8, context: 250, codebooks: 8 };

/** The published size. */
export const MIMI_FULL: MimiDimensions = {
  ...MIMI_CONSTANTS,
  filters: 64,
  dimension: 512,
  layers: 8,
  feedForward: 2048,
  bins: 2048,
  codebookDimension: 256,
};

export const SEMANTIC = 'quantizer.rvq_first';
export const ACOUSTIC = 'quantizer.rvq_rest';

const HINT = 'expected is the Mimi codec of the moshi release, with moshi or transformers names';

export function transformerLayer(layer: number): string {
  return `encoder_transformer.transformer.layers.${layer}`;
}

/** Key prefix of each codebook in the order of the codes. */
export function codebookNames({ codebooks }: MimiConstants): readonly string[] {
  const acoustic = Array.from({ length: codebooks - 1 }, (_, i) => `${ACOUSTIC}.vq.layers.${i}._codebook`);
  return [`${SEMANTIC}.vq.layers.0._codebook`, ...acoustic];
}

/**
 * @param file moshi names, see `canonicalMimi`
 * @throws UserError listing every tensor that is missing or has another shape.
 */
export function readMimiDimensions(file: TensorFile, constants: MimiConstants = MIMI_CONSTANTS): MimiDimensions {
  const size = (name: string, axes: number, axis: number) => shapeOf(file, name, axes, HINT)[axis]!;
  const dimensions = {
    ...constants,
    filters: size('encoder.model.0.conv.conv.weight', 3, 0),
    dimension: size('encoder.model.14.conv.conv.weight', 3, 0),
    layers: countLayers(file),
    feedForward: size(`${transformerLayer(0)}.linear1.weight`, 2, 0),
    bins: size(`${SEMANTIC}.vq.layers.0._codebook.embedding_sum`, 2, 0),
    codebookDimension: size(`${SEMANTIC}.vq.layers.0._codebook.embedding_sum`, 2, 1),
  };
  checkTensors(file, mimiTensors(dimensions), HINT);
  return dimensions;
}

function countLayers(file: TensorFile): number {
  let layers = 0;
  while (file.shape(`${transformerLayer(layers)}.norm1.weight`)) layers++;
  return Math.max(1, layers);
}

/** Every tensor of the encode path. */
export function mimiTensors(d: MimiDimensions): TensorTable {
  const { dimension: width, codebookDimension } = d;
  return [
    ...encoderTensors(d),
    ...Array.from({ length: d.layers }, (_, layer) => layerTensors(transformerLayer(layer), d)).flat(),
    ['downsample.conv.conv.conv.weight', [width, width, RESAMPLE_KERNEL]],
    ['upsample.convtr.convtr.convtr.weight', [width, 1, RESAMPLE_KERNEL]],
    ...[SEMANTIC, ACOUSTIC].flatMap(
      (part): TensorTable => [
        [`${part}.input_proj.weight`, [codebookDimension, width, 1]],
        [`${part}.output_proj.weight`, [width, codebookDimension, 1]],
      ],
    ),
    ...codebookNames(d).flatMap(
      (name): TensorTable => [
        [`${name}.cluster_usage`, [d.bins]],
        [`${name}.embedding_sum`, [d.bins, codebookDimension]],
      ],
    ),
  ];
}

function encoderTensors({ filters, dimension }: MimiDimensions): TensorTable {
  const table: [string, number[]][] = [];
  const conv = (name: string, out: number, input: number, kernel: number) =>
    table.push([`encoder.model.${name}.weight`, [out, input, kernel]], [`encoder.model.${name}.bias`, [out]]);
  conv('0.conv.conv', filters, 1, FIRST_KERNEL);
  let channels = filters;
  for (const [i, stride] of STRIDES.entries()) {
    conv(`${3 * i + 1}.block.1.conv.conv`, channels / 2, channels, RESIDUAL_KERNEL);
    conv(`${3 * i + 1}.block.3.conv.conv`, channels, channels / 2, 1);
    conv(`${3 * i + 3}.conv.conv`, 2 * channels, channels, 2 * stride);
    channels *= 2;
  }
  conv('14.conv.conv', dimension, channels, LAST_KERNEL);
  return table;
}

function layerTensors(name: string, { dimension, feedForward }: MimiDimensions): TensorTable {
  return [
    [`${name}.self_attn.in_proj_weight`, [3 * dimension, dimension]],
    [`${name}.self_attn.out_proj.weight`, [dimension, dimension]],
    [`${name}.norm1.weight`, [dimension]],
    [`${name}.norm1.bias`, [dimension]],
    [`${name}.norm2.weight`, [dimension]],
    [`${name}.norm2.bias`, [dimension]],
    [`${name}.linear1.weight`, [feedForward, dimension]],
    [`${name}.linear2.weight`, [dimension, feedForward]],
    [`${name}.layer_scale_1.scale`, [dimension]],
    [`${name}.layer_scale_2.scale`, [dimension]],
  ];
}
