/** All models by name, one line each, imported on first use; and outside modules and programs under the same flag. */

import type { DiscriminativeModel, ModelOptions } from '../core/model.js';
import { Registry } from '../core/registry.js';
import { sha256File } from '../io/hash.js';
import type { Adapter } from './adapter.js';
import type { PythonSettings } from './bridge/python.js';
import { checkModel } from './check-model.js';
import { loadExternalModel, locateFile, locateModule } from './external.js';

export const MODELS = new Registry<Adapter>('model', [
  entry('energy-vad', 'floor while the channel is louder than a threshold', async () => (await energy()).energyVad),
  entry('silero-vad', 'Silero VAD v6: floor while speech is likely', async () => (await silero()).sileroVad),
  entry('silero-vad-500ms', 'the same, released after 0.5 s of silence', async () => (await silero()).sileroVad500ms),
  entry(
    'mimi-endpointer',
    'two-stream LSTM over Mimi codec embeddings (pull and build first)',
    async () => (await mimi()).mimiEndpointer,
  ),
  entry(
    'smart-turn-v3',
    'Smart Turn v3 behind Silero VAD, as voice agents run it (pull first)',
    async () => (await smartTurn()).smartTurnV3,
  ),
  entry(
    'smart-turn-multimodal',
    "Smart Turn with the speaker's face, 32 frames of it (pull first)",
    async () => (await smartTurnWithVideo()).smartTurnMultimodal,
  ),
  entry(
    'openai-realtime',
    'live: turn detection of OpenAI Realtime or a compatible server',
    async () => (await openAi()).openAiRealtimeModel,
  ),
  entry(
    'vllm-duplex',
    'live: a full-duplex speech model behind vLLM-Omni',
    async () => (await duplex()).vllmDuplexModel,
  ),
  entry(
    'whisperlivekit',
    'live: stable words of a WhisperLiveKit server, and their absence',
    async () => (await liveAsr()).whisperLiveKitModel,
  ),
  entry('echostream', 'live: EchoStream speech translation', async () => (await echo()).echoStreamModel),
  entry(
    'streaming-asr',
    'stable words of a speech recogniser behind HTTP, and their absence (needs a server)',
    async () => (await asr()).streamingAsr,
  ),
  entry('never', 'check model: nobody ever holds the floor', async () => (await checks()).never),
  entry('always', 'check model: the subject always holds the floor', async () => (await checks()).always),
  entry('random', 'check model: chance, seeded', async () => (await checks()).random),
]);

export interface ModelDescription extends Omit<Adapter, 'loadModel'> {
  readonly summary: string;
}

/** What comes before the colon of models in another process. */
const PYTHON = 'python:';
const EXEC = 'exec:';

/** How to start models in another process; others have no use for it. */
export type LoadSettings = PythonSettings;

/**
 * A model by built-in name, path of a module, name of an installed package, `python:` and the path of a Python module,
 * or `exec:` and a program.
 * @param from folder against which paths and packages are resolved
 * @param settings for models in another process
 * @throws UserError when there is no such model, its options are wrong, or it breaks the contract.
 */
export async function loadModel(
  spec: string,
  options: ModelOptions = {},
  from: string = process.cwd(),
  settings: LoadSettings = {},
): Promise<DiscriminativeModel> {
  if (spec.startsWith(PYTHON)) {
    const path = locateFile(spec.slice(PYTHON.length), from);
    return (await import('./bridge/python.js')).loadPythonModel(path, options, from, settings);
  }
  if (spec.startsWith(EXEC)) {
    return (await import('./bridge/exec.js')).loadExecModel(spec.slice(EXEC.length), options, from, settings);
  }
  const file = MODELS.has(spec) ? undefined : locateModule(spec, from);
  if (file !== undefined) return loadExternalModel(file, spec, options);
  // Unknown names end here, with a suggestion.
  const adapter = await MODELS.get(spec).load();
  return checkModel(`model ${spec}`, await adapter.loadModel(options));
}

/** A process of its own takes cores and memory as its author likes: nobody knows how many of them a machine can bear. */
export function runsInOwnProcess(spec: string): boolean {
  return spec.startsWith(PYTHON) || spec.startsWith(EXEC);
}

/** SHA-256 of the file of an outside model; null for a built-in one, whose code is the version of this package. */
export async function modelCodeSha256(spec: string, from: string = process.cwd()): Promise<string | null> {
  if (spec.startsWith(PYTHON)) return sha256File(locateFile(spec.slice(PYTHON.length), from));
  if (spec.startsWith(EXEC)) return (await import('./bridge/exec.js')).execCodeSha256(spec.slice(EXEC.length), from);
  const file = MODELS.has(spec) ? undefined : locateModule(spec, from);
  return file === undefined ? null : sha256File(file);
}

/**
 * What `models info` shows of a built-in model. Loads its module, not its weights.
 * @throws UserError when the name is unknown.
 */
export async function describeModel(name: string): Promise<ModelDescription> {
  const { summary, load } = MODELS.get(name);
  const { loadModel: _, ...facts } = await load();
  return { ...facts, summary };
}

function energy() {
  return import('./energy-vad.js');
}

function silero() {
  return import('./silero-vad.js');
}

function mimi() {
  return import('./mimi-endpointer.js');
}

function smartTurn() {
  return import('./smart-turn-v3.js');
}

function smartTurnWithVideo() {
  return import('./smart-turn-multimodal.js');
}

function openAi() {
  return import('./openai-realtime.js');
}

function duplex() {
  return import('./vllm-duplex.js');
}

function liveAsr() {
  return import('./whisperlivekit.js');
}

function echo() {
  return import('./echostream.js');
}

function asr() {
  return import('./streaming-asr.js');
}

function checks() {
  return import('./check-models.js');
}

function entry(name: string, summary: string, load: () => Promise<Adapter>) {
  return { name, summary, load };
}
