/** `turnbench serve-fake`: a stand-in for a live system on this machine, for people who write clients or try settings. */

import { Command, Option } from 'commander';
import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { readJson } from '../io/json.js';
import { FAKES, fakeNamed } from '../peers/fake/catalogue.js';
import { serveFake } from '../peers/fake/serve.js';
import { FAULTS, type Fault, type ScriptedChange } from '../peers/fake/stage.js';
import { interruptible } from './interrupt.js';
import { nonNegativeInteger, positiveInteger, withExamples } from './options.js';

interface Flags {
  readonly port: number;
  readonly script?: string;
  readonly latency: number;
  readonly jitter: number;
  readonly seed: number;
  readonly fault?: string;
  readonly slowness: number;
  readonly fragmented?: boolean;
  readonly keyVariable?: string;
  readonly json?: boolean;
}

export function serveFakeCommand(): Command {
  return withExamples(
    new Command('serve-fake')
      .description('serve a stand-in for a live system on this machine, until it is stopped')
      .argument('<protocol>', Object.keys(FAKES).join(', '))
      .addOption(new Option('--port <n>', '0 = any that is free').default(0).argParser(nonNegativeInteger))
      .addOption(
        new Option(
          '--script <file>',
          'what every session decides, as JSON: [{"at_s": 1.2, "floor": 1}, …], s of audio heard (default: by loudness)',
        ),
      )
      .addOption(new Option('--latency <ms>', 'every message leaves so late').default(0).argParser(nonNegativeInteger))
      .addOption(
        new Option('--jitter <ms>', 'and up to so much later, in order').default(0).argParser(nonNegativeInteger),
      )
      .addOption(new Option('--seed <n>', 'of the jitter').default(1).argParser(positiveInteger))
      .addOption(new Option('--fault <kind@s>', `what goes wrong after so much audio: ${FAULTS.join(', ')}`))
      .addOption(
        new Option('--slowness <ms>', 'every message takes so long; above 20 it is slower than real time')
          .default(0)
          .argParser(nonNegativeInteger),
      )
      .addOption(new Option('--fragmented', 'every message leaves in two frames'))
      .addOption(new Option('--key-variable <name>', 'environment variable with the key that clients must send'))
      .addOption(new Option('--json', 'print the address as a JSON document on stdout')),
    'turnbench serve-fake openai-realtime --port 8765',
    'turnbench eval -m openai-realtime -o url=ws://127.0.0.1:8765/v1/realtime -j 6',
    'turnbench serve-fake vllm-duplex --port 8099 --latency 80 --jitter 200',
    'turnbench serve-fake echostream --fault drop@5',
  ).action(serve);
}

async function serve(name: string, flags: Flags): Promise<void> {
  const protocol = fakeNamed(name);
  const script = flags.script === undefined ? undefined : await readScript(flags.script);
  const server = await serveFake(protocol, {
    port: flags.port,
    script,
    latencyMs: flags.latency,
    jitterMs: flags.jitter,
    seed: flags.seed,
    fault: flags.fault === undefined ? undefined : parseFault(flags.fault),
    slownessMs: flags.slowness,
    isFragmented: flags.fragmented,
    key: flags.keyVariable === undefined ? undefined : keyIn(flags.keyVariable),
  });
  try {
    await interruptible((signal) => {
      process.stdout.write(flags.json ? `${JSON.stringify({ url: server.url })}\n` : `${server.url}\n`);
      process.stderr.write(`a stand-in for ${name}: its decisions are no measure of the real one (Ctrl-C stops it)\n`);
      return new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve());
      });
    });
  } finally {
    await server.close();
  }
}

const scriptSchema = z.array(z.strictObject({ at_s: z.number().min(0), floor: z.union([z.literal(0), z.literal(1)]) }));

/** @throws UserError when the file is no list of changes in order. */
async function readScript(path: string): Promise<ScriptedChange[]> {
  const parsed = scriptSchema.safeParse(await readJson(path));
  const isOrdered = parsed.data?.every(({ at_s }, i, all) => i === 0 || at_s > all[i - 1]!.at_s);
  if (parsed.success && isOrdered) return parsed.data;
  const issue = parsed.error?.issues[0];
  throw new UserError(
    `${path}: ${issue ? `${issue.path.join('.') || 'the document'}: ${issue.message}` : 'times must ascend'}`,
    {
      hint: 'a script is a list such as [{"at_s": 1.2, "floor": 1}, {"at_s": 2.5, "floor": 0}]',
    },
  );
}

/** `drop@5`. */
function parseFault(text: string): Fault {
  const [kind = '', at = ''] = text.split('@');
  const known = FAULTS.find((name) => name === kind);
  if (known && /^\d+(\.\d+)?$/.test(at)) return { kind: known, atS: Number(at) };
  throw new UserError(`'${text}' is no fault`, { hint: `write one of ${FAULTS.join(', ')}, then @ and s: drop@5` });
}

function keyIn(variable: string): string {
  const key = process.env[variable]?.trim();
  if (key) return key;
  throw new UserError(`the environment variable ${variable} is not set`, { hint: `export ${variable}=…` });
}
