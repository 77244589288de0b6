import { Command, Option } from 'commander';
import { pullHub } from '../dataset/hub-files.js';
import { interruptible } from './interrupt.js';
import { printJson, withExamples, withOutputFlags } from './options.js';
import { createDownloadBar } from './progress.js';

interface PullFlags {
  readonly verify?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function pullCommand(): Command {
  const command = new Command('pull')
    .description('download a data set of the Hugging Face hub, or what is missing of it')
    .argument('<name>', 'turnbench-dev, turnbench-test, eot-bench, or hf:owner/name[/folder][@revision]')
    .addOption(new Option('--verify', 'also read files that are there again and compare their checksums'));
  return withExamples(
    withOutputFlags(command),
    'turnbench datasets pull turnbench-dev',
    'turnbench datasets pull hf:livekit/eot-bench-data/en',
    'HF_TOKEN=… turnbench datasets pull hf:otoearth/otoSpeech-full-duplex-turn-104h',
  ).action(pull);
}

async function pull(name: string, { verify = false, json, quiet = false }: PullFlags): Promise<void> {
  const say = quiet ? () => {} : (text: string) => process.stderr.write(text);
  let bar: ReturnType<typeof createDownloadBar> | undefined;
  const { dataset, folder, files, bytes } = await interruptible((signal) =>
    pullHub(name, {
      signal,
      verify,
      onStart: ({ repository, commit, licence }, count, size) => {
        const what = `${count} files, ${(size / 1e6).toFixed(0)} MB`;
        say(`${repository} at ${commit}: ${what}, licence ${licence ?? 'not stated'}\n`);
        bar = createDownloadBar(repository, size, quiet);
      },
      onProgress: (done) => bar?.advance(done),
    }),
  ).finally(() => bar?.stop());
  const { repository, commit } = dataset;
  if (json) printJson({ repository, revision: commit, folder, files, bytes });
  else process.stdout.write(`${files} files in ${folder}; next: turnbench eval -d ${name}\n`);
}
