/**
 * Mimi checkpoints under one set of names, those of the moshi release. Files re-saved from a live model use other
 * names for the attention weights, older ones for the codebooks; the transformers library renames everything, splits
 * the attention projection in three and permutes the rows of queries and keys (its rotary embedding rotates the first
 * half of a head with the second, moshi's rotates neighbours).
 */

import { elementCount, type TensorFile } from '../../onnx/tensor-file.js';
import type { MimiConstants } from './dimensions.js';

/** Each tried in order; `$` is the end of the name. */
const MOSHI_ALIASES: readonly (readonly [canonical: RegExp, other: string])[] = [
  [/\.self_attn\.in_proj_weight$/, '.self_attn.in_projs.0.weight'],
  [/\.self_attn\.in_proj_weight$/, '.self_attn.in_proj.weight'],
  [/\.self_attn\.out_proj\.weight$/, '.self_attn.out_projs.0.weight'],
  [/\._codebook\.cluster_usage$/, '._codebook.cluster_size'],
  [/\._codebook\.embedding_sum$/, '._codebook.embed_avg'],
  [/\._codebook\.embedding_sum$/, '._codebook.embed_sum'],
];

/** Applied one after the other. Names as in the conversion script of transformers (MimiModel). */
const TRANSFORMERS_NAMES: readonly (readonly [canonical: RegExp, other: string])[] = [
  [/^encoder\.model\./, 'encoder.layers.'],
  [/^encoder_transformer\.transformer\./, 'encoder_transformer.'],
  [/\.convtr\.convtr\.convtr\./, '.conv.'],
  [/^downsample\.conv\.conv\.conv\./, 'downsample.conv.'],
  [/\.conv\.conv\./, '.conv.'],
  [/\.self_attn\.out_proj\./, '.self_attn.o_proj.'],
  [/\.norm1\./, '.input_layernorm.'],
  [/\.norm2\./, '.post_attention_layernorm.'],
  [/\.linear1\./, '.mlp.fc1.'],
  [/\.linear2\./, '.mlp.fc2.'],
  [/\.layer_scale_1\./, '.self_attn_layer_scale.'],
  [/\.layer_scale_2\./, '.mlp_layer_scale.'],
  [/\.rvq_first\./, '.semantic_residual_vector_quantizer.'],
  [/\.rvq_rest\./, '.acoustic_residual_vector_quantizer.'],
  [/\.vq\.layers\./, '.layers.'],
  [/\._codebook\.embedding_sum$/, '.codebook.embed_sum'],
  [/\._codebook\.cluster_usage$/, '.codebook.cluster_usage'],
];

const IN_PROJ = /\.in_proj_weight$/;

/** The same tensors under the names of the moshi release. Other names than those of the encode path are not seen. */
export function canonicalMimi(file: TensorFile, { heads }: MimiConstants): TensorFile {
  const isTransformers = file.shape('encoder.layers.0.conv.weight') !== undefined;
  return isTransformers ? fromTransformers(file, heads) : fromMoshi(file);
}

function fromMoshi(file: TensorFile): TensorFile {
  const locate = (name: string) => {
    if (file.shape(name)) return name;
    const others = MOSHI_ALIASES.map(([canonical, other]) => name.replace(canonical, other));
    return others.find((other) => file.shape(other)) ?? name;
  };
  return { ...file, shape: (name) => file.shape(locate(name)), read: (name) => file.read(locate(name)) };
}

function fromTransformers(file: TensorFile, heads: number): TensorFile {
  const rename = (name: string) => TRANSFORMERS_NAMES.reduce((other, [from, to]) => other.replace(from, to), name);
  const thirds = (name: string) => ['q', 'k', 'v'].map((part) => rename(name).replace(IN_PROJ, `.${part}_proj.weight`));
  return {
    ...file,
    shape(name) {
      if (!IN_PROJ.test(name)) return file.shape(rename(name));
      const shapes = thirds(name).map((third) => file.shape(third));
      const [q, k, v] = shapes;
      if (!q || !k || !v || q.length !== 2 || q.join() !== k.join() || q.join() !== v.join()) return undefined;
      return [3 * q[0]!, q[1]!];
    },
    read(name) {
      if (!IN_PROJ.test(name)) return file.read(rename(name));
      const [q, k, v] = thirds(name).map((third) => file.read(third)) as [Float32Array, Float32Array, Float32Array];
      const width = file.shape(thirds(name)[0]!)![1]!;
      const joined = new Float32Array(elementCount([3, q.length]));
      joined.set(interleaveHalves(q, width, heads));
      joined.set(interleaveHalves(k, width, heads), q.length);
      joined.set(v, 2 * q.length);
      return joined;
    },
  };
}

/** Per head: row `j` of the first half goes to row `2j`, row `j` of the second to `2j + 1`. */
function interleaveHalves(weight: Float32Array, width: number, heads: number): Float32Array {
  const headRows = weight.length / width / heads;
  const out = new Float32Array(weight.length);
  for (let row = 0; row * width < weight.length; row++) {
    const head = Math.floor(row / headRows);
    const at = row % headRows;
    const source = head * headRows + (at % 2) * (headRows / 2) + Math.floor(at / 2);
    out.set(weight.subarray(source * width, (source + 1) * width), row * width);
  }
  return out;
}
