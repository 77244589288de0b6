import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { onlyRun, runFolders, workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { LOUDNESS, modelSource, tinyDataset } from '../helpers/tiny-world.js';

const place = workplace();

/** Answers well in the first conversation, and never at all in the second. */
const HANGING = `let passes = 0;\n${modelSource(
  `if (passes > 2) { console.error('hangs'); return new Promise(() => {}); } ${LOUDNESS}`,
  'reset() { passes++; },',
)}`;

beforeAll(() => {
  writeTree(join(place.folder, 'tiny'), tinyDataset('1', '2', '3'));
  writeTree(place.folder, { 'hanging.mjs': HANGING });
});

describe.each(['SIGINT', 'SIGTERM'] as const)('%s during a run', (signal) => {
  it('leaves what was finished, and says what was not', async () => {
    const out = join(place.folder, signal);
    const models = ['-m', './hanging.mjs', '-m', 'never'];
    const started = place.start(['eval', ...models, '-d', 'tiny', '--tracks', '--step-deadline', '9999', '--out', out]);
    await started.said('hangs');
    started.kill(signal);
    const { code, stdout, stderr } = await started.outcome;

    expect(code).toBe(130);
    expect(stderr).toContain('stopping: what is finished is kept');
    expect(stderr).not.toContain('    at ');
    expect(stdout).toContain('· 1 of 3 conversations · 6.0 s\n');
    expect(stdout).toContain('interrupted: ./hanging.mjs: 1 of 3 conversations scored; what was finished is saved\n');
    expect(stdout).toContain('not started: never\n');

    expect(runFolders(out)).toHaveLength(1);
    const { header, rows, files, read } = onlyRun(out);
    expect(header).toMatchObject({ status: 'interrupted', failures: [], totals: { conversations: 1, eot: { tp: 3 } } });
    expect(rows.map((row) => [row.conversation_id, row.status])).toEqual([['1', 'ok']]);
    expect(JSON.parse(read('predictions.json')).predictions).toHaveLength(1);
    expect(JSON.parse(read('probs-eot.json')).probs).toHaveLength(1);
    expect(files).toContain('report.md');
    expect(read('report.md')).toContain('- status: interrupted');
  });
});

describe('SIGINT during a causality check', () => {
  it('ends it without a stack', async () => {
    const started = place.start(['check-causality', '-m', './hanging.mjs', '-d', 'tiny', '--step-deadline', '9999']);
    await started.said('hangs');
    started.kill('SIGINT');
    const { code, stdout, stderr } = await started.outcome;
    expect([code, stdout]).toEqual([130, '']);
    expect(stderr).toMatch(/error: interrupted\n$/);
  });
});
