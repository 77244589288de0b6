import { describe, expect, it } from 'vitest';
import { codebookNames, mimiTensors, readMimiDimensions } from '../../../src/models/mimi/dimensions.js';
import { readEndpointerDimensions } from '../../../src/models/mimi/endpointer-dimensions.js';
import { buildGraph, GRAPH_NAMES, type GraphName, type Sources } from '../../../src/models/mimi/graphs.js';
import { canonicalMimi } from '../../../src/models/mimi/names.js';
import { openCheckpoint } from '../../../src/onnx/checkpoint.js';
import type { TensorFile } from '../../../src/onnx/tensor-file.js';
import { bytesOf, FIXTURES, TINY, tinySources, WIDTH } from './tiny.js';

interface Entry {
  readonly shape: readonly number[];
  readonly numbers: Float32Array;
}

function fileOf(entries: ReadonlyMap<string, Entry>): TensorFile {
  return {
    file: 'other.safetensors',
    names: [...entries.keys()],
    shape: (name) => entries.get(name)?.shape,
    read: (name) => entries.get(name)!.numbers,
    close() {},
  };
}

function entriesOf(file: TensorFile): Map<string, Entry> {
  return new Map(file.names.map((name) => [name, { shape: file.shape(name)!, numbers: file.read(name) }]));
}

const moshi = () => entriesOf(openCheckpoint(`${FIXTURES}/mimi.safetensors`));

function expectSameGraphs(found: Sources, expected: Sources, names: readonly GraphName[] = GRAPH_NAMES): void {
  for (const name of names) {
    const same = bytesOf(buildGraph(name, found)).equals(bytesOf(buildGraph(name, expected)));
    expect(same, name).toBe(true);
  }
}

function withMimi(file: TensorFile): Sources {
  const mimi = canonicalMimi(file, TINY);
  return { ...tinySources(), mimi, mimiDimensions: readMimiDimensions(mimi, TINY) };
}

/** Rows of one head: even ones first, then odd ones, as the transformers library keeps queries and keys. */
function halves(numbers: Float32Array, heads: number): Float32Array {
  const rows = numbers.length / WIDTH;
  const perHead = rows / heads;
  const out = new Float32Array(numbers.length);
  for (let head = 0; head < heads; head++) {
    for (let j = 0; j < perHead / 2; j++) {
      for (const partner of [0, 1]) {
        const from = (head * perHead + 2 * j + partner) * WIDTH;
        out.set(numbers.subarray(from, from + WIDTH), (head * perHead + partner * (perHead / 2) + j) * WIDTH);
      }
    }
  }
  return out;
}

/** Name by name as in the table of the conversion script, written down independently of the code under test. */
function transformersNames(entries: Map<string, Entry>): Map<string, Entry> {
  const out = new Map<string, Entry>();
  for (const [name, entry] of entries) {
    const layer = /^encoder_transformer\.transformer\.layers\.(\d+)\.(.+)$/.exec(name);
    const codebook = /^quantizer\.rvq_(first|rest)\.vq\.layers\.(\d+)\._codebook\.(.+)$/.exec(name);
    const part = (which: string) => (which === 'first' ? 'semantic' : 'acoustic');
    if (layer) {
      const base = `encoder_transformer.layers.${layer[1]}`;
      const rest: Record<string, string> = {
        'self_attn.out_proj.weight': 'self_attn.o_proj.weight',
        'norm1.weight': 'input_layernorm.weight',
        'norm1.bias': 'input_layernorm.bias',
        'norm2.weight': 'post_attention_layernorm.weight',
        'norm2.bias': 'post_attention_layernorm.bias',
        'linear1.weight': 'mlp.fc1.weight',
        'linear2.weight': 'mlp.fc2.weight',
        'layer_scale_1.scale': 'self_attn_layer_scale.scale',
        'layer_scale_2.scale': 'mlp_layer_scale.scale',
      };
      if (layer[2] === 'self_attn.in_proj_weight') {
        const third = entry.numbers.length / 3;
        for (const [i, letter] of ['q', 'k', 'v'].entries()) {
          const numbers = entry.numbers.slice(i * third, (i + 1) * third);
          const kept = letter === 'v' ? numbers : halves(numbers, TINY.heads);
          out.set(`${base}.self_attn.${letter}_proj.weight`, { shape: [WIDTH, WIDTH], numbers: kept });
        }
      } else out.set(`${base}.${rest[layer[2]!]}`, entry);
    } else if (codebook) {
      const last = { embedding_sum: 'embed_sum', cluster_usage: 'cluster_usage', _initialized: 'initialized' };
      const base = `quantizer.${part(codebook[1]!)}_residual_vector_quantizer.layers.${codebook[2]}.codebook`;
      out.set(`${base}.${last[codebook[3] as keyof typeof last]}`, entry);
    } else if (name.startsWith('quantizer.')) {
      out.set(
        name.replace(/rvq_(first|rest)/, (_, which) => `${part(which)}_residual_vector_quantizer`),
        entry,
      );
    } else if (name.startsWith('downsample') || name.startsWith('upsample')) {
      out.set(`${name.split('.')[0]}.conv.weight`, entry);
    } else {
      out.set(name.replace('encoder.model', 'encoder.layers').replace('conv.conv', 'conv'), entry);
    }
  }
  return out;
}

describe('networks from published layouts', () => {
  it.each(['checkpoint-extra.pt', 'checkpoint-cuda-shared.pt'])('are the same from %s', (file) => {
    expectSameGraphs(tinySources('mimi.safetensors', file), tinySources(), ['endpointer']);
  });

  it('are the same from a codec file with decoder and further codebooks', () => {
    expectSameGraphs(tinySources('mimi-with-decoder.safetensors'), tinySources());
  });

  it('are the same from transformers names, with their split and permuted attention', () => {
    expectSameGraphs(withMimi(fileOf(transformersNames(moshi()))), tinySources());
  });

  it('are the same from the names of a re-saved model and of older codebooks', () => {
    const renamed = [...moshi()].map(([name, entry]) => {
      const other = name
        .replace('self_attn.in_proj_weight', 'self_attn.in_projs.0.weight')
        .replace('self_attn.out_proj.', 'self_attn.out_projs.0.')
        .replace('_codebook.cluster_usage', '_codebook.cluster_size')
        .replace('_codebook.embedding_sum', '_codebook.embed_avg');
      return [other, entry] as const;
    });
    expectSameGraphs(withMimi(fileOf(new Map(renamed))), tinySources());
  });
});

describe('checkpoints that do not fit', () => {
  it('name every missing and misshapen tensor with both shapes', () => {
    const entries = moshi();
    entries.delete('encoder.model.4.block.3.conv.conv.bias');
    entries.set('downsample.conv.conv.conv.weight', { shape: [32, 32, 3], numbers: new Float32Array(3072) });
    const file = fileOf(entries);
    expect(() => readMimiDimensions(canonicalMimi(file, TINY), TINY)).toThrow(
      expect.objectContaining({
        name: 'UserError',
        message: [
          'other.safetensors: 2 problems',
          "  - tensor 'encoder.model.4.block.3.conv.conv.bias' [16] is missing",
          "  - tensor 'downsample.conv.conv.conv.weight' has shape [32, 32, 3], expected [32, 32, 4]",
        ].join('\n'),
      }),
    );
  });

  it('of another model say what was expected', () => {
    const other = fileOf(new Map([['conv1.weight', { shape: [1], numbers: new Float32Array(1) }]]));
    expect(() => readMimiDimensions(canonicalMimi(other, TINY), TINY)).toThrow(
      expect.objectContaining({
        message: "other.safetensors: tensor 'encoder.model.0.conv.conv.weight' is missing",
        hint: expect.stringContaining('Mimi codec'),
      }),
    );
    expect(() => readEndpointerDimensions(other, WIDTH)).toThrow(/'mel_embed\.0\.weight' is missing/);
  });

  it('with too few codebooks name the first that is not there', () => {
    const mimi = canonicalMimi(openCheckpoint(`${FIXTURES}/mimi.safetensors`), TINY);
    expect(() => readMimiDimensions(mimi, { ...TINY, codebooks: 9 })).toThrow(/rvq_rest\.vq\.layers\.7\._codebook/);
  });

  it('for another codec width say so', () => {
    const checkpoint = openCheckpoint(`${FIXTURES}/checkpoint.pt`);
    expect(() => readEndpointerDimensions(checkpoint, 512)).toThrow(
      /'mel_embed\.0\.weight' has shape \[8, 32\], expected \[8, 512\]/,
    );
  });

  it('with a single stream are told apart from damaged ones', () => {
    const entries = entriesOf(openCheckpoint(`${FIXTURES}/checkpoint.pt`));
    for (const name of entries.keys()) if (name.startsWith('model2.')) entries.delete(name);
    expect(() => readEndpointerDimensions(fileOf(entries), WIDTH)).toThrow(/single-stream endpointer/);
  });
});

describe('dimensions', () => {
  it('come from the tensors', () => {
    const { mimiDimensions, endpointerDimensions } = tinySources();
    expect(mimiDimensions).toEqual({
      ...{ filters: 8, dimension: 32, layers: 2, feedForward: 64, bins: 32, codebookDimension: 16 },
      ...TINY,
    });
    expect(endpointerDimensions).toEqual({ dimension: 32, projection: 8, hidden: 16, layers: 2 });
  });

  it('name every tensor of the encode path once', () => {
    const { mimiDimensions } = tinySources();
    const table = mimiTensors(mimiDimensions).map(([name]) => name);
    expect(new Set(table).size).toBe(table.length);
    const unused = [...moshi().keys()].filter((name) => !table.includes(name));
    expect(unused.every((name) => name.endsWith('._initialized'))).toBe(true);
    expect(codebookNames(mimiDimensions)).toHaveLength(8);
  });
});
