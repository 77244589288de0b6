import { once } from 'node:events';
import { Command, InvalidArgumentError, Option } from 'commander';
import { UserError } from '../core/errors.js';
import type { DiscriminativeModel, FloorDecision } from '../core/model.js';
import { STEP_S, samplesPerStep } from '../core/time.js';
import { openDataset } from '../dataset/catalogue.js';
import { selectIds } from '../dataset/selection.js';
import { encodeMessage, MOST_STEPS, PROTOCOL_VERSION, StepPacker } from '../models/bridge/protocol.js';
import { driveConversation } from '../stream/drive.js';
import { interruptible } from './interrupt.js';
import { datasetOption, positiveInteger, printJson, selectionOptions, withOutputFlags } from './options.js';

interface Flags {
  readonly dataset: string;
  readonly ids?: readonly string[];
  readonly where?: readonly string[];
  readonly limit?: number;
  readonly rate: number;
  readonly steps: number;
  readonly stdout?: boolean;
  readonly json?: boolean;
}

/** One message, and in words what it holds. */
interface Sent {
  readonly type: string;
  readonly payload_bytes: number;
  readonly holds: string;
}

export function streamCommand(): Command {
  const command = new Command('stream')
    .description('show or write the messages that a model in another process (exec:) is sent')
    .addOption(datasetOption());
  for (const option of selectionOptions()) command.addOption(option);
  command
    .addOption(new Option('--rate <hz>', 'input_sample_rate of the model').argParser(positiveInteger).default(16_000))
    .addOption(
      new Option('--steps <n>', `steps of 20 ms in a message, at most ${MOST_STEPS}`)
        .argParser(stepsValue)
        .default(MOST_STEPS),
    )
    .addOption(new Option('--stdout', 'write the messages themselves, byte for byte'));
  return withOutputFlags(command)
    .addHelpText(
      'after',
      `
A message is four letters, the length of its payload (u32) and the payload; numbers are little-endian.
  to the model    HELO json            the version of the protocol and the options
                  RSET                 a new pass begins
                  STEP f32[n][2][S]    n steps of 20 ms: S samples of the subject, then S of the other
  its answers     MODL json            to HELO: {"input_sample_rate": 16000}, and thresholds if it has some
                  REDY                 to RSET
                  BITS u8[n]           to STEP: one 0 or 1 per step, with T thresholds u8[n][T]
                  PROB f64[n]          to STEP: P(floor) per step, instead of bits
                  FAIL json            {"message": "…"} instead of an answer

Examples:
  $ turnbench stream -n 1
  $ turnbench stream -d ./my-data --ids 7 --stdout | ./my-binary > answers
  $ turnbench eval -m exec:./my-binary`,
    )
    .action(stream);
}

async function stream(flags: Flags): Promise<void> {
  if (flags.stdout && flags.json) throw new UserError('--stdout and --json both want standard output');
  samplesPerStep(flags.rate);
  const dataset = await openDataset(flags.dataset);
  const ids = await selectIds(dataset, flags);
  const listed: Sent[] = [];
  await interruptible(async (signal) => {
    const send = async (message: Buffer, holds: string) => {
      const sent = { type: message.toString('latin1', 0, 4), payload_bytes: message.readUInt32LE(4), holds };
      if (flags.stdout) await written(message);
      else if (flags.json) listed.push(sent);
      else await written(`${sent.type} ${String(sent.payload_bytes).padStart(8)}  ${holds}\n`);
    };
    const hello = JSON.stringify({ protocol: PROTOCOL_VERSION, options: {}, sweep: false });
    await send(encodeMessage('HELO', Buffer.from(hello)), hello);
    for (const id of ids) {
      const { audio } = await dataset.open(id);
      if (!audio) throw new UserError(`conversation ${id} has no audio`);
      await driveConversation(listener(id, flags, send), audio, { signal });
    }
  });
  if (flags.json) printJson(listed);
}

/** A model that passes on what it is asked and knows nothing. */
function listener(
  id: string,
  { rate, steps: mostSteps }: Flags,
  send: (message: Buffer, holds: string) => Promise<void>,
): DiscriminativeModel {
  const stepSamples = samplesPerStep(rate);
  const packer = new StepPacker(stepSamples, mostSteps);
  let passes = 0;
  let from = 0;
  return {
    inputSampleRate: rate,
    reset: () => {
      from = 0;
      return send(encodeMessage('RSET'), `conversation ${id}, speaker ${++passes} as subject`);
    },
    step: () => 0,
    async stepMany(subject, other) {
      const steps = Math.min(mostSteps, subject.length / stepSamples);
      const end = from + steps;
      const span = `${(from * STEP_S).toFixed(2)}–${(end * STEP_S).toFixed(2)} s`;
      const holds = `${span}: ${steps} × (${stepSamples} samples of the subject, ${stepSamples} of the other)`;
      // The packer reuses its buffer, and stdout may still hold this one.
      await send(Buffer.from(packer.pack(subject, other, steps)), holds);
      from = end;
      return new Array<FloorDecision>(steps).fill(0);
    },
  };
}

/** As fast as the reader reads. */
async function written(data: Buffer | string): Promise<void> {
  if (!process.stdout.write(data)) await once(process.stdout, 'drain');
}

function stepsValue(value: string): number {
  const steps = positiveInteger(value);
  if (steps <= MOST_STEPS) return steps;
  throw new InvalidArgumentError(`must be at most ${MOST_STEPS}.`);
}
