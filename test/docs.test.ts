/** The documents against the product: links lead somewhere, commands and flags exist, tables are those of the code. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const DOCUMENTS = [
  ...[
    'README.md',
    'CHANGELOG.md',
    'THIRD-PARTY-NOTICES.md',
    'results/README.md',
    'baselines/README.md',
    'datasets/README.md',
    'bench/README.md',
  ],
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file.replaceAll('\\', '/')}`),
].filter((path) => existsSync(join(root, path)));

describe('links', () => {
  for (const path of DOCUMENTS) {
    it(`of ${path} lead to files and headings that exist`, () => {
      expect(brokenLinks(path)).toEqual([]);
    });
  }
});

function brokenLinks(path: string): string[] {
  const links = [...read(path).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : join(dirname(path), file);
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
  });
}

/** As the common renderers make them from headings. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('commands', async () => {
  const commands = await loadCommands();

  for (const path of DOCUMENTS) {
    it(`in ${path} exist, with their flags`, () => {
      expect(mentionsIn(read(path)).filter((mention) => !exists(mention))).toEqual([]);
    });
  }

  it('are found in the documents, so that there is something to check', () => {
    expect(DOCUMENTS.flatMap((path) => mentionsIn(read(path))).length).toBeGreaterThan(50);
  });

  function exists(mention: string): boolean {
    const [name = '', ...words] = mention.split(/\s+/);
    let command = commands.get(name);
    if (command && command.commands.length > 0 && words[0] !== undefined) {
      command = command.commands.find((child) => child.name() === words[0]);
    }
    const flags = words.filter((word) => /^--?[a-z]/.test(word));
    return command !== undefined && flags.every((flag) => hasFlag(command, flag));
  }
});

function hasFlag(command: Command, flag: string): boolean {
  return ['--help', ...command.options.flatMap(({ long, short }) => [long, short])].includes(flag);
}

/** What follows `turnbench` in code, up to whatever ends a command. */
function mentionsIn(markdown: string): string[] {
  const code = [...markdown.matchAll(/```\w*\n([\s\S]*?)```|`([^`\n]+)`/g)].flatMap((match) =>
    (match[1] ?? match[2] ?? '').split('\n'),
  );
  return code.flatMap((line) => {
    const match = /(?:^|\$ |&& |npx |run: )turnbench ([a-z][^|>&#\n]*)/.exec(line.trim());
    return match?.[1] === undefined ? [] : [match[1].trim()];
  });
}

/** Every command of the command line, by name, loaded the way `main` loads them. */
async function loadCommands(): Promise<ReadonlyMap<string, Command>> {
  const entries = [
    ...read('src/cli/main.ts').matchAll(/entry\('([\w-]+)'[\s\S]*?import\('\.\/([\w-]+)\.js'\)\)\.(\w+)\(/g),
  ];
  const loaded = entries.map(async ([, name = '', file = '', make = '']) => {
    const module = await import(pathToFileURL(join(root, 'src/cli', `${file}.ts`)).href);
    return [name, module[make]() as Command] as const;
  });
  return new Map(await Promise.all(loaded));
}

describe('tables', () => {
  it('of layers in docs/architecture.md are those that the architecture test enforces', () => {
    const rows = [...read('docs/architecture.md').matchAll(/^\| `(\w+)` \|[^|]*\| ([\w ,]+) \|$/gm)];
    const layers = rows.map((row) => row[1] ?? '');
    const documented = rows.map(([, layer = '', imports = '']) => [layer, importsOf(layer, imports.trim(), layers)]);
    expect(Object.fromEntries(documented)).toEqual(enforcedLayers());
  });

  it('of notices name every package that is installed with this one, in its version', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
    const installed = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);
    const rows = installed.map(([path, { version, license }]) => {
      return `| ${path.replace(/^.*node_modules\//, '')} | ${version} | ${license} |`;
    });
    const notices = read('THIRD-PARTY-NOTICES.md');
    expect(rows.filter((row) => !notices.includes(row))).toEqual([]);
    expect(rows.length).toBeGreaterThan(8);
  });
});

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
}

/** `core io`, `nothing`, `everything`, or `everything but report, cli`. */
function importsOf(layer: string, text: string, layers: readonly string[]): string[] {
  const [, except] = /^everything(?: but (.*))?$/.exec(text) ?? [];
  if (text.startsWith('everything')) {
    const others = (except ?? '').split(', ');
    return layers.filter((other) => other !== layer && !others.includes(other)).sort();
  }
  return text === 'nothing' ? [] : text.split(' ').sort();
}

/** The `LAYERS` table of the architecture test, read from its source. */
function enforcedLayers(): Record<string, string[]> {
  const source = /const LAYERS[^=]*= \{\n([\s\S]*?)\n\};/.exec(read('test/architecture.test.ts'))?.[1] ?? '';
  const entries = source.split(/^ {2}(?=\w+: \[)/m).filter((entry) => entry !== '');
  return Object.fromEntries(
    entries.map((entry) => [
      entry.slice(0, entry.indexOf(':')),
      [...entry.matchAll(/'(\w+)'/g)].map((match) => match[1] ?? '').sort(),
    ]),
  );
}
