import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../src/models/options.js';

describe('parseOptions', () => {
  it('reads numbers, booleans and text', () => {
    expect(
      parseOptions(['threshold=0.6', 'n=-3', 'tiny=1e-5', 'on=true', 'off=false', 'model=../a b.onnx', 'empty=']),
    ).toEqual({ threshold: 0.6, n: -3, tiny: 1e-5, on: true, off: false, model: '../a b.onnx', empty: '' });
  });

  it('keeps as text what only resembles a number', () => {
    expect(parseOptions(['a=1.2.3', 'b=0x10', 'c=Infinity', 'd=5s', 'e=.'])).toEqual({
      a: '1.2.3',
      b: '0x10',
      c: 'Infinity',
      d: '5s',
      e: '.',
    });
  });

  it('keeps environment variables as they were typed', () => {
    expect(parseOptions(['env.SCALE=0.10', 'env.FLAG=true', 'env.TEXT= a'])).toEqual({
      'env.SCALE': '0.10',
      'env.FLAG': 'true',
      'env.TEXT': ' a',
    });
  });

  it('splits at the first equals sign', () => {
    expect(parseOptions(['query=a=b'])).toEqual({ query: 'a=b' });
  });

  it('reports everything that is wrong at once', () => {
    expect(() => parseOptions(['threshold', '=3', 'a=1', 'a=2'])).toThrow(
      [
        'model options: 3 problems',
        "  - 'threshold' is not of the form key=value",
        "  - '=3' is not of the form key=value",
        "  - 'a' is given more than once",
      ].join('\n'),
    );
  });
});
