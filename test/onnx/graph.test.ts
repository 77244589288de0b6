import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/onnx/graph.js';

function bytes(graph: Graph): Buffer {
  return Buffer.concat(graph.model({ name: 'p', version: '1' }).chunks);
}

describe('Graph', () => {
  it('writes what protobuf defines, byte by byte', () => {
    const graph = new Graph('g');
    graph.output('y', graph.input('x', 'float', ['n', 300]), 'float', ['n', 300]);
    // onnx.proto: model 1 ir_version, 2 producer_name, 3 producer_version, 7 graph, 8 opset_import
    // dim_param "n", dim_value 300
    const shape = [0x0a, 3, 0x12, 1, 0x6e, 0x0a, 3, 0x08, 0xac, 0x02];
    const info = (name: string) => {
      const tensor = [0x08, 1, 0x12, shape.length, ...shape];
      const type = [0x0a, tensor.length, ...tensor];
      return [0x0a, 1, name.charCodeAt(0), 0x12, type.length, ...type];
    };
    const text = (field: number, value: string) => [field * 8 + 2, value.length, ...Buffer.from(value)];
    const node = [...text(1, 'x'), ...text(2, 'y'), ...text(3, 'y'), ...text(4, 'Identity')];
    const inner = [
      ...[0x0a, node.length, ...node],
      ...text(2, 'g'),
      ...[0x5a, info('x').length, ...info('x')],
      ...[0x62, info('y').length, ...info('y')],
    ];
    const model = [0x08, 8, ...text(2, 'p'), ...text(3, '1'), 0x3a, inner.length, ...inner, 0x42, 4, 0x0a, 0, 0x10, 17];
    expect([...bytes(graph)]).toEqual(model);
  });

  it('writes negative and large numbers as two’s complement varints', () => {
    const graph = new Graph('g');
    graph.add('Concat', [graph.input('x', 'float', [1])], { axis: -1 });
    // AttributeProto: name "axis", i = −1 in ten bytes, type INT
    const attribute = [0x0a, 4, ...Buffer.from('axis'), 0x18, ...Array(9).fill(0xff), 1, 0xa0, 1, 2];
    expect(bytes(graph).includes(Buffer.from(attribute))).toBe(true);
  });

  it('stores equal integers and scalars once, and refuses a second constant of a name', () => {
    const graph = new Graph('g');
    expect(graph.integers([-1, 2])).toEqual(graph.integers([-1, 2]));
    expect(graph.integers([1, 2])).not.toEqual(graph.integers([-1, 2]));
    expect(graph.scalar(0.5)).toEqual(graph.scalar(0.5));
    graph.constant('w', Float32Array.of(1, 2), [2]);
    expect(() => graph.constant('w', Float32Array.of(1, 2), [2])).toThrow(/exists/);
    expect(() => graph.constant('v', Float32Array.of(1, 2), [3])).toThrow(/2 numbers for shape \[3\]/);
  });

  it('gives the same bytes for the same calls', () => {
    const build = () => {
      const graph = new Graph('g');
      const x = graph.input('x', 'float', ['rows', 4]);
      graph.output('y', graph.concat(graph.split(x, 1, [1, 3]).reverse(), 1), 'float', ['rows', 4]);
      return bytes(graph);
    };
    expect(build().equals(build())).toBe(true);
  });
});
