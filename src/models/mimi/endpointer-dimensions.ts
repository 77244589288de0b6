/** The two-stream LSTM endpointer: its sizes, read off the tensors of its state dict. */

import { UserError } from '../../core/errors.js';
import { checkTensors, shapeOf, type TensorTable } from '../../onnx/tensor-checks.js';
import type { TensorFile } from '../../onnx/tensor-file.js';

/** In the order of the logits. "user" is the subject, "system" the other speaker. */
export const CLASSES = ['bos', 'system_end', 'user_end', 'system', 'user'] as const;

export type FloorClass = (typeof CLASSES)[number];

/** Names of the two LSTMs: the first hears the subject, the second the other speaker. */
export const STREAMS = ['model1', 'model2'] as const;

/** Gates of an LSTM. */
export const GATES = 4;

export interface EndpointerDimensions {
  /** Width of Mimi's embeddings. */
  readonly dimension: number;
  /** Width after the projection that both streams share. */
  readonly projection: number;
  readonly hidden: number;
  readonly layers: number;
}

/** The published size. */
export const ENDPOINTER_FULL: EndpointerDimensions = { dimension: 512, projection: 128, hidden: 512, layers: 2 };

const HINT = 'expected is the state dict of the two-stream Mimi endpointer: mel_embed.0, model1, model2, linear';

/**
 * @param dimension of the codec that feeds it
 * @throws UserError when it is a checkpoint of another model, listing every tensor that does not fit.
 */
export function readEndpointerDimensions(file: TensorFile, dimension: number): EndpointerDimensions {
  // The authors' single-stream models name their only LSTM `model`.
  const streams = ['model', ...STREAMS].filter((stream) => file.shape(`${stream}.weight_hh_l0`));
  if (streams.length === 1) {
    throw new UserError(`${file.file} is a single-stream endpointer: '${streams[0]}' is its only LSTM`, {
      hint: 'only checkpoints that hear both speakers can be run: use the two-stream one',
    });
  }
  const found = {
    dimension,
    projection: shapeOf(file, 'mel_embed.0.weight', 2, HINT)[0]!,
    hidden: shapeOf(file, 'model1.weight_hh_l0', 2, HINT)[1]!,
    layers: countLayers(file),
  };
  checkTensors(file, endpointerTensors(found), HINT);
  return found;
}

/** Every tensor of the endpointer. */
export function endpointerTensors({ dimension, projection, hidden, layers }: EndpointerDimensions): TensorTable {
  return [
    ['mel_embed.0.weight', [projection, dimension]],
    ['mel_embed.0.bias', [projection]],
    ...STREAMS.flatMap((stream) =>
      Array.from(
        { length: layers },
        (_, layer): TensorTable => [
          [`${stream}.weight_ih_l${layer}`, [GATES * hidden, layer === 0 ? projection : hidden]],
          [`${stream}.weight_hh_l${layer}`, [GATES * hidden, hidden]],
          [`${stream}.bias_ih_l${layer}`, [GATES * hidden]],
          [`${stream}.bias_hh_l${layer}`, [GATES * hidden]],
        ],
      ).flat(),
    ),
    ['linear.weight', [CLASSES.length, STREAMS.length * hidden]],
    ['linear.bias', [CLASSES.length]],
  ];
}

function countLayers(file: TensorFile): number {
  let layers = 0;
  while (STREAMS.some((stream) => file.shape(`${stream}.weight_ih_l${layers}`))) layers++;
  return layers;
}
