/** A Smart Turn ONNX file in one of its published forms, loaded and tried. */

import { basename } from 'node:path';
import { messageOf, UserError } from '../../core/errors.js';
import type { ComponentRuntime } from '../../core/model.js';
import { createSession, type OnnxSession } from '../../onnx/session.js';
import { formText, type TurnForm } from './forms.js';

export interface TurnNetwork {
  readonly form: TurnForm;
  readonly runsOn: ComponentRuntime;
  /** What `evaluate` reads, by name of the input. */
  readonly inputs: Readonly<Record<string, Float32Array>>;
  /** P(complete) of what is in `inputs`. One at a time. */
  evaluate(): Promise<number>;
  release(): Promise<void>;
}

/** What a model can do with. */
export interface ExpectedForms {
  readonly forms: readonly TurnForm[];
  /** What to say when a file has none of them. */
  readonly hint: string;
  /** What to say instead when it has one that belongs to another model. */
  readonly elsewhere: readonly { readonly form: TurnForm; readonly hint: string }[];
}

/**
 * Load a file and try it on silence.
 * @throws UserError when it is missing, no ONNX model, or not a network of these forms.
 */
export async function openTurnNetwork(path: string, expected: ExpectedForms, threads: number): Promise<TurnNetwork> {
  const session = await createSession(path, { threads });
  try {
    const network = networkOf(path, session, expected);
    await network.evaluate().catch((error: unknown) => {
      if (error instanceof UserError) throw error;
      const shapes = Object.entries(network.form.inputs).map(([name, shape]) => `${name} [${shape}]`);
      throw new UserError(`${path} does not take ${shapes.join(', ')}: ${firstLine(error)}`, {
        hint: expected.hint,
        cause: error,
      });
    });
    return network;
  } catch (error) {
    await session.release();
    throw error;
  }
}

function networkOf(path: string, session: OnnxSession, expected: ExpectedForms): TurnNetwork {
  const form = formOf(path, session, expected);
  const tensors = Object.entries(form.inputs).map(([name, shape]) => {
    const numbers = new Float32Array(shape.reduce((product, size) => product * size));
    return { name, numbers, tensor: session.tensor(numbers, shape) };
  });
  const feeds = Object.fromEntries(tensors.map(({ name, tensor }) => [name, tensor]));
  return {
    form,
    runsOn: session.runsOn,
    inputs: Object.fromEntries(tensors.map(({ name, numbers }) => [name, numbers])),
    async evaluate() {
      const { data } = (await session.run(feeds))[form.output]!;
      const p = data[0];
      if (data.length === 1 && typeof p === 'number' && p >= 0 && p <= 1) return p;
      const found = data.length === 1 ? String(p) : `${data.length} numbers`;
      throw new UserError(`${basename(path)} answered ${found} as ${form.output}, not one probability`, {
        hint: 'published networks end with a sigmoid; was this one exported without it?',
      });
    },
    release: () => session.release(),
  };
}

function formOf(path: string, session: OnnxSession, { forms, hint, elsewhere }: ExpectedForms): TurnForm {
  const found = forms.find((form) => hasForm(session, form));
  if (found) return found;
  const { inputNames, outputNames } = session;
  const wanted = forms.map(formText).join(' or ');
  const other = elsewhere.find(({ form }) => hasForm(session, form));
  throw new UserError(
    `${path} has the inputs ${inputNames.join(', ')} and the outputs ${outputNames.join(', ')}; expected ${wanted}`,
    { hint: other?.hint ?? hint },
  );
}

function hasForm({ inputNames, outputNames }: OnnxSession, { inputs, output }: TurnForm): boolean {
  const names = Object.keys(inputs);
  return (
    names.length === inputNames.length &&
    names.every((name) => inputNames.includes(name)) &&
    outputNames.includes(output)
  );
}

function firstLine(error: unknown): string | undefined {
  return messageOf(error).split('\n')[0];
}
