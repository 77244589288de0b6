/** The published Smart Turn networks: names, files, and where they are kept. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, UserError } from '../../core/errors.js';
import { nearest } from '../../core/registry.js';
import { cacheFolder } from '../../io/cache.js';

/** The networks of one model. */
export interface NetworkFamily<Version extends string = string> {
  /** Built-in name of the model. */
  readonly model: string;
  /** For people. */
  readonly title: string;
  readonly repository: string;
  /** Environment variable that names another repository. */
  readonly variable: string;
  /** -cpu is int8, -gpu is fp32; both run on CPUs. */
  readonly versions: readonly [Version, ...Version[]];
  readonly defaultVersion: Version;
  /** What stands between the name of the model and the version. */
  readonly separator: string;
  fileOf(version: Version): string;
}

const V3_VERSIONS = ['3.0-cpu', '3.1-cpu', '3.1-gpu', '3.2-cpu', '3.2-gpu'] as const;
type V3Version = (typeof V3_VERSIONS)[number];

export const SMART_TURN_V3: NetworkFamily<V3Version> = {
  model: 'smart-turn-v3',
  title: 'Smart Turn',
  repository: 'pipecat-ai/smart-turn-v3',
  variable: 'TURNBENCH_SMART_TURN_REPOSITORY',
  // 3.0 came as int8 only.
  versions: V3_VERSIONS,
  // What pipecat ships with.
  defaultVersion: '3.2-cpu',
  separator: '@',
  fileOf: (version) => (version === '3.0-cpu' ? 'smart-turn-v3.0.onnx' : `smart-turn-v${version}.onnx`),
};

export const SMART_TURN_MULTIMODAL: NetworkFamily<'cpu' | 'gpu'> = {
  model: 'smart-turn-multimodal',
  title: 'Smart Turn Multimodal',
  repository: 'susuROBO/smart-turn-multimodal',
  variable: 'TURNBENCH_SMART_TURN_MULTIMODAL_REPOSITORY',
  versions: ['cpu', 'gpu'],
  // What the project's own demo runs.
  defaultVersion: 'cpu',
  separator: '-',
  fileOf: (version) => `smart-turn-multimodal-${version}.onnx`,
};

export const SMART_TURN_FAMILIES: readonly NetworkFamily[] = [SMART_TURN_V3, SMART_TURN_MULTIMODAL];

export interface SmartTurnNetwork {
  readonly family: NetworkFamily;
  readonly version: string;
}

/** Where `models pull` puts the files of a model. */
export function familyFolder({ model }: NetworkFamily): string {
  return join(cacheFolder(), 'models', model);
}

/**
 * `smart-turn-v3`, with `@3.0`, `@3.1` or `@3.2`, and with `-cpu` or `-gpu`; `smart-turn-multimodal`, with `-cpu` or
 * `-gpu`.
 * @throws UserError when it is none of the published.
 */
export function parseSmartTurn(text: string): SmartTurnNetwork {
  const family = text.startsWith(SMART_TURN_MULTIMODAL.model) ? SMART_TURN_MULTIMODAL : SMART_TURN_V3;
  const wanted = family === SMART_TURN_V3 ? completeV3(text) : text;
  const names = family.versions.map((version) => nameOf(family, version));
  const found = family.versions[names.indexOf(wanted === family.model ? nameOf(family) : wanted)];
  if (found) return { family, version: found };
  const near = nearest(text, names);
  throw new UserError(`there is no '${text}'${near ? `: did you mean '${near}'?` : ''}`, {
    hint: `published are ${names.join(', ')}; ${family.model} alone is ${nameOf(family)}`,
  });
}

/**
 * Path of a published network that has been fetched.
 * @throws UserError (exit code 5) when it has not.
 */
export function fetchedNetwork<Version extends string>(
  family: NetworkFamily<Version>,
  version: Version,
  folder: string = familyFolder(family),
): string {
  const path = join(folder, family.fileOf(version));
  if (existsSync(path)) return path;
  throw new UserError(`the weights ${family.fileOf(version)} are not there`, {
    hint: `fetch them with 'turnbench models pull ${nameOf(family, version)}', put the file at ${path}, or name another one with -o model=PATH`,
    exitCode: EXIT.prerequisite,
  });
}

function nameOf(family: NetworkFamily, version: string = family.defaultVersion): string {
  return `${family.model}${family.separator}${version}`;
}

/** Number and kind may be left out. */
function completeV3(text: string): string {
  const { model, defaultVersion } = SMART_TURN_V3;
  const [number, kind] = defaultVersion.split('-');
  const match = /^smart-turn-v3(?:@([^-]+))?(?:-(.+))?$/.exec(text);
  return match ? `${model}@${match[1] ?? number}-${match[2] ?? kind}` : text;
}
