/**
 * Models from outside: a JavaScript or TypeScript module, by path or by the name of an installed npm package, that
 * exports `loadModel(options)`, by name or on its default export (which may also be that function itself).
 */

import { readFileSync, statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, UserError } from '../core/errors.js';
import type { DiscriminativeModel, LoadModel, ModelOptions } from '../core/model.js';
import { nearest } from '../core/registry.js';
import { statOf } from './bridge/settings.js';
import { checkModel } from './check-model.js';

/**
 * The file behind a path or package name, as seen from the folder `from`; undefined when the name is no path and no
 * package of that name is installed there.
 * @throws UserError when it is a path and there is no file.
 */
export function locateModule(spec: string, from: string): string | undefined {
  const isFile = statOf(resolve(from, spec))?.isFile() ?? false;
  if (isFile && spec.endsWith('.py')) {
    throw new UserError(`${spec} is a Python module`, { hint: `write it as python:${spec}` });
  }
  return isFile || looksLikePath(spec) ? locateFile(spec, from) : locatePackage(spec, from);
}

/** @throws UserError when the path names no file. */
export function locateFile(spec: string, from: string): string {
  const path = resolve(from, spec);
  const kind = statOf(path);
  if (kind?.isFile()) return path;
  throw new UserError(`model module ${spec} ${kind?.isDirectory() ? 'is a folder' : 'does not exist'}`, {
    hint: `name the module's file; paths are relative to ${from}`,
  });
}

/**
 * Import the module and make its model.
 * @param spec how the user called it, for messages
 * @throws UserError when it cannot be imported, exports no `loadModel`, fails to load, or breaks the contract.
 */
export async function loadExternalModel(
  file: string,
  spec: string,
  options: ModelOptions,
): Promise<DiscriminativeModel> {
  const load = loadModelOf(spec, await importModule(file, spec));
  let model: unknown;
  try {
    model = await load(options);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`loadModel of ${spec} failed: ${messageOf(error)}`, { cause: error });
  }
  return checkModel(`model ${spec}`, model);
}

function looksLikePath(spec: string): boolean {
  return spec.startsWith('./') || spec.startsWith('../') || isAbsolute(spec) || /\.[cm]?[jt]s$/.test(spec);
}

function locatePackage(spec: string, from: string): string | undefined {
  if (isBuiltin(spec)) return undefined;
  const require = createRequire(join(from, 'index.js'));
  try {
    return require.resolve(spec);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'MODULE_NOT_FOUND') return undefined;
    const entry = code === 'ERR_PACKAGE_PATH_NOT_EXPORTED' ? importOnlyEntry(spec, require) : undefined;
    if (entry !== undefined) return entry;
    throw new UserError(`package ${spec} cannot be resolved: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * `require.resolve` does not see packages that are for `import` only, and Node has no stable call that resolves an
 * import from another folder. Such packages nearly always export one condition table for '.', which is read here.
 */
function importOnlyEntry(name: string, require: NodeJS.Require): string | undefined {
  for (const folder of require.resolve.paths(name) ?? []) {
    const manifest = join(folder, name, 'package.json');
    if (!statSync(manifest, { throwIfNoEntry: false })) continue;
    const { exports } = JSON.parse(readFileSync(manifest, 'utf8'));
    let target = exports['.'] ?? exports;
    while (typeof target === 'object' && target !== null) {
      const condition = Object.keys(target).find((key) => ['node', 'import', 'default'].includes(key));
      target = condition === undefined ? undefined : target[condition];
    }
    return typeof target === 'string' ? join(folder, name, target) : undefined;
  }
  return undefined;
}

async function importModule(file: string, spec: string): Promise<Record<string, unknown>> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    const notJavaScript = (error as NodeJS.ErrnoException).code === 'ERR_UNKNOWN_FILE_EXTENSION';
    throw new UserError(`model module ${spec} cannot be imported: ${messageOf(error)}`, {
      hint: notJavaScript
        ? `Node ${process.versions.node} runs JavaScript; TypeScript needs 22.18 or newer, or compile it first`
        : 'try to import it with node alone',
      cause: error,
    });
  }
}

function loadModelOf(spec: string, module: Record<string, unknown>): LoadModel {
  const fallback = module['default'] as { loadModel?: unknown } | null | undefined;
  const found = [module['loadModel'], fallback?.loadModel, fallback].find((value) => typeof value === 'function');
  if (found) return found as LoadModel;
  const names = Object.keys(module);
  const near = nearest('loadModel', names);
  throw new UserError(
    `${spec} exports no loadModel function (${names.length > 0 ? `it exports ${names.join(', ')}` : 'nothing at all'})` +
      (near && near !== 'loadModel' ? `: is '${near}' meant?` : ''),
    { hint: 'export function loadModel(options) that returns the model or a promise of it' },
  );
}
