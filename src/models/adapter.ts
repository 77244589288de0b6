/**
 * What a built-in model is: a checked set of options, facts for `models info`, and a loader. Each adapter is one file
 * that exports such a definition; its options are a zod shape beside the code that uses them, and that shape is the
 * only place where defaults, ranges, units and meanings are written down.
 */

import { z } from 'zod';
import type { Awaitable } from '../core/awaitable.js';
import { throwIfProblems } from '../core/errors.js';
import type { DiscriminativeModel, ModelOptions, WeightFile } from '../core/model.js';
import { nearest } from '../core/registry.js';
import type { VideoSize } from '../core/video.js';

export interface Adapter extends AdapterFacts {
  readonly options: readonly OptionInfo[];
  /** @throws UserError on unknown options or values out of range, all at once; and as the adapter documents. */
  loadModel(options: ModelOptions): Promise<DiscriminativeModel>;
}

export interface AdapterFacts {
  readonly name: string;
  /** Hz, with default options. */
  readonly inputSampleRate: number;
  /** Present = it sees, frames of this size. */
  readonly video?: VideoSize;
  /** What delays the answer by construction, one sentence. */
  readonly latency: string;
  readonly weights: readonly (WeightFile & { readonly licence: string })[];
}

export interface OptionInfo {
  readonly name: string;
  /** Type, range and unit: `number > 0 and < 1, s`. */
  readonly accepts: string;
  /** Absent when there is no default. */
  readonly defaultValue?: string | number | boolean;
  readonly meaning: string;
}

export interface AdapterDefinition<Shape extends z.ZodRawShape> extends AdapterFacts {
  /** Every option has `.meta({ description, unit? })`. */
  readonly options: Shape;
  load(options: z.output<z.ZodObject<Shape>>): Awaitable<DiscriminativeModel>;
}

export function defineAdapter<Shape extends z.ZodRawShape>(definition: AdapterDefinition<Shape>): Adapter {
  const { options: shape, load, ...facts } = definition;
  const schema = z.strictObject(shape);
  const options = optionInfos(schema);
  return {
    ...facts,
    options,
    async loadModel(given) {
      const parsed = schema.safeParse(given);
      if (parsed.success) return load(parsed.data as z.output<z.ZodObject<Shape>>);
      const problems = optionProblems(parsed.error.issues, given, options);
      throwIfProblems(`options of ${facts.name}`, problems, usage(facts.name, options));
      throw parsed.error;
    },
  };
}

function optionProblems(issues: readonly z.core.$ZodIssue[], given: ModelOptions, options: readonly OptionInfo[]) {
  const names = options.map((option) => option.name);
  const problems = issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownOption(key, names));
    const name = String(issue.path[0]);
    const accepts = options.find((option) => option.name === name)?.accepts;
    return [`'${name}' must be ${accepts}; it is ${JSON.stringify(given[name])}`];
  });
  return [...new Set(problems)];
}

function unknownOption(key: string, names: readonly string[]): string {
  const near = nearest(key, names);
  return `unknown option '${key}'${near ? `: did you mean '${near}'?` : ''}`;
}

function usage(name: string, options: readonly OptionInfo[]): string {
  if (options.length === 0) return `${name} has no options`;
  return `options: ${options.map((option) => `${option.name} (${option.meaning})`).join('; ')}`;
}

/** The fields of a JSON schema of one option that are shown. */
interface OptionSchema {
  type?: string;
  description?: string;
  unit?: string;
  enum?: readonly string[];
  default?: string | number | boolean;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;
}

function optionInfos(schema: z.ZodObject): OptionInfo[] {
  const properties = z.toJSONSchema(schema, { io: 'input' }).properties as Record<string, OptionSchema> | undefined;
  return Object.entries(properties ?? {}).map(([name, option]) => ({
    name,
    accepts: acceptsText(option),
    ...(option.default === undefined ? {} : { defaultValue: option.default }),
    meaning: option.description ?? '',
  }));
}

const KINDS: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  string: 'text',
  boolean: 'true or false',
};

function acceptsText(option: OptionSchema): string {
  if (option.enum) return `one of ${option.enum.join(', ')}`;
  const bounds = [
    bound('≥', option.minimum),
    bound('>', option.exclusiveMinimum),
    bound('≤', option.maximum),
    bound('<', option.exclusiveMaximum),
  ].filter((text) => text !== '');
  const kind = KINDS[option.type ?? ''] ?? `a ${option.type}`;
  const multiple = option.multipleOf === undefined ? '' : `, a multiple of ${option.multipleOf}`;
  const unit = option.unit === undefined ? '' : ` (${option.unit})`;
  return `${[kind, bounds.join(' and ')].filter(Boolean).join(' ')}${multiple}${unit}`;
}

/** The limits of safe integers are what zod puts where nobody set a limit. */
function bound(sign: string, value: number | undefined): string {
  return value === undefined || Math.abs(value) === Number.MAX_SAFE_INTEGER ? '' : `${sign} ${value}`;
}
