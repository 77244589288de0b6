/**
 * A small ONNX writer: inputs, constants, nodes and outputs in the order in which they are asked for, which is also
 * the order in which they run. Only operators of the standard domain at one pinned opset, so that any runtime loads
 * the result. Names of inner values are numbered; the same calls give the same bytes.
 */

import { Message } from './protobuf.js';
import { elementCount } from './tensor-file.js';

/** Operators as of this version of the standard. 17 is the first with LayerNormalization. */
export const OPSET = 17;

/** Version of the file format that belongs to opset 17. */
export const IR_VERSION = 8;

export type ElementType = 'float' | 'int32' | 'int64' | 'bool';

/** A number or the name of a size that is free. */
export type Dimension = number | string;

/** A value of the graph under construction. */
export interface Value {
  readonly name: string;
}

/** What a caller has to know of an input or output. */
export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly Dimension[];
}

export type Attribute = number | { readonly float: number } | readonly number[] | string;

export type ConstantData = Float32Array | Int32Array | BigInt64Array;

const ELEMENT_TYPES = { float: 1, int32: 6, int64: 7, bool: 9 } as const satisfies Record<ElementType, number>;

// Field numbers of onnx.proto.
const MODEL = { irVersion: 1, producerName: 2, producerVersion: 3, graph: 7, opsetImport: 8 };
const OPERATOR_SET = { domain: 1, version: 2 };
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 };
const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5 };
const ATTRIBUTE = { name: 1, float: 2, int: 3, string: 4, ints: 8, type: 20 };
const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 };
const TENSOR = { dims: 1, dataType: 2, name: 8, rawData: 9 };
const VALUE_INFO = { name: 1, type: 2 };
const TYPE = { tensor: 1 };
const TENSOR_TYPE = { elementType: 1, shape: 2 };
const SHAPE = { dimension: 1 };
const DIMENSION = { value: 1, name: 2 };

export class Graph {
  readonly name: string;
  readonly #nodes: Message[] = [];
  readonly #constants = new Map<string, Message>();
  readonly inputs: ValueInfo[] = [];
  readonly outputs: ValueInfo[] = [];
  #values = 0;

  constructor(name: string) {
    this.name = name;
  }

  input(name: string, type: ElementType, shape: readonly Dimension[]): Value {
    this.inputs.push({ name, type, shape });
    return { name };
  }

  /** Give a value a public name. */
  output(name: string, value: Value, type: ElementType, shape: readonly Dimension[]): void {
    this.#nodes.push(node('Identity', [value], [name], {}, name));
    this.outputs.push({ name, type, shape });
  }

  /**
   * Numbers that belong to the model. Little-endian machines only, as everything that runs onnxruntime is.
   * @throws Error when the numbers do not fill the shape, or the name is taken.
   */
  constant(name: string, data: ConstantData, shape: readonly number[]): Value {
    if (elementCount(shape) !== data.length) throw new Error(`${name}: ${data.length} numbers for shape [${shape}]`);
    if (this.#constants.has(name)) throw new Error(`constant '${name}' exists`);
    const tensor = new Message();
    for (const size of shape) tensor.integer(TENSOR.dims, size);
    tensor.integer(TENSOR.dataType, ELEMENT_TYPES[elementTypeOf(data)]);
    tensor.text(TENSOR.name, name);
    tensor.bytes(TENSOR.rawData, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    this.#constants.set(name, tensor);
    return { name };
  }

  /** A small list of integers as operators take them for shapes, axes and bounds. Equal lists are stored once. */
  integers(values: readonly number[]): Value {
    const name = `int64_${values.map((value) => (value < 0 ? `m${-value}` : value)).join('_')}`;
    if (!this.#constants.has(name)) this.constant(name, BigInt64Array.from(values, BigInt), [values.length]);
    return { name };
  }

  /** A scalar. Equal ones are stored once. */
  scalar(value: number): Value {
    const name = `float_${value}`;
    if (!this.#constants.has(name)) this.constant(name, Float32Array.of(value), []);
    return { name };
  }

  /** One node with one output. */
  add(opType: string, inputs: readonly Value[], attributes: Readonly<Record<string, Attribute>> = {}): Value {
    return this.addMany(opType, inputs, 1, attributes)[0] as Value;
  }

  addMany(
    opType: string,
    inputs: readonly (Value | undefined)[],
    outputs: number,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Value[] {
    const names = Array.from({ length: outputs }, () => `v${this.#values++}`);
    this.#nodes.push(node(opType, inputs, names, attributes, `${opType}_${names[0]}`));
    return names.map((name) => ({ name }));
  }

  /** `-1` is whatever is left. */
  reshape(x: Value, shape: readonly number[]): Value {
    return this.add('Reshape', [x, this.integers(shape)]);
  }

  concat(values: readonly Value[], axis: number): Value {
    return this.add('Concat', values, { axis });
  }

  /** `from` inclusive, `to` exclusive. */
  slice(x: Value, axis: number, from: number, to: number): Value {
    return this.add('Slice', [x, this.integers([from]), this.integers([to]), this.integers([axis])]);
  }

  transpose(x: Value, perm: readonly number[]): Value {
    return this.add('Transpose', [x], { perm });
  }

  cast(x: Value, type: ElementType): Value {
    return this.add('Cast', [x], { to: ELEMENT_TYPES[type] });
  }

  /** Consecutive parts of these sizes. */
  split(x: Value, axis: number, sizes: readonly number[]): Value[] {
    return this.addMany('Split', [x, this.integers(sizes)], sizes.length, { axis });
  }

  /** The file. Chunks refer to the data of the constants. */
  model(producer: { readonly name: string; readonly version: string }): Message {
    const graph = new Message();
    for (const message of this.#nodes) graph.message(GRAPH.node, message);
    graph.text(GRAPH.name, this.name);
    for (const message of this.#constants.values()) graph.message(GRAPH.initializer, message);
    for (const info of this.inputs) graph.message(GRAPH.input, valueInfo(info));
    for (const info of this.outputs) graph.message(GRAPH.output, valueInfo(info));
    return new Message()
      .integer(MODEL.irVersion, IR_VERSION)
      .text(MODEL.producerName, producer.name)
      .text(MODEL.producerVersion, producer.version)
      .message(MODEL.graph, graph)
      .message(MODEL.opsetImport, new Message().text(OPERATOR_SET.domain, '').integer(OPERATOR_SET.version, OPSET));
  }
}

function node(
  opType: string,
  inputs: readonly (Value | undefined)[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>>,
  name: string,
): Message {
  const message = new Message();
  // An optional input that is left out is an empty name.
  for (const input of inputs) message.text(NODE.input, input?.name ?? '');
  for (const output of outputs) message.text(NODE.output, output);
  message.text(NODE.name, name).text(NODE.opType, opType);
  for (const [key, value] of Object.entries(attributes)) message.message(NODE.attribute, attribute(key, value));
  return message;
}

function attribute(name: string, value: Attribute): Message {
  const message = new Message().text(ATTRIBUTE.name, name);
  if (typeof value === 'number') {
    return message.signed(ATTRIBUTE.int, value).integer(ATTRIBUTE.type, ATTRIBUTE_TYPE.int);
  }
  if (typeof value === 'string') {
    return message.text(ATTRIBUTE.string, value).integer(ATTRIBUTE.type, ATTRIBUTE_TYPE.string);
  }
  if ('float' in value) {
    return message.float(ATTRIBUTE.float, value.float).integer(ATTRIBUTE.type, ATTRIBUTE_TYPE.float);
  }
  for (const item of value) message.signed(ATTRIBUTE.ints, item);
  return message.integer(ATTRIBUTE.type, ATTRIBUTE_TYPE.ints);
}

function valueInfo({ name, type, shape }: ValueInfo): Message {
  const dimensions = new Message();
  for (const size of shape) {
    const dimension = new Message();
    if (typeof size === 'number') dimension.integer(DIMENSION.value, size);
    else dimension.text(DIMENSION.name, size);
    dimensions.message(SHAPE.dimension, dimension);
  }
  const tensor = new Message()
    .integer(TENSOR_TYPE.elementType, ELEMENT_TYPES[type])
    .message(TENSOR_TYPE.shape, dimensions);
  return new Message().text(VALUE_INFO.name, name).message(VALUE_INFO.type, new Message().message(TYPE.tensor, tensor));
}

function elementTypeOf(data: ConstantData): ElementType {
  if (data instanceof Float32Array) return 'float';
  return data instanceof Int32Array ? 'int32' : 'int64';
}
