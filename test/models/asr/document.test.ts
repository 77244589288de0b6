/** The Python program of docs/streaming-asr.md as it stands there, with a library in place of faster-whisper. */

import { chmodSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadModel } from '../../../src/models/catalogue.js';
import { temporaryFolder, writeTree } from '../../helpers/dataset-folder.js';
import { PYTHON } from '../../helpers/python.js';
import { pass } from '../listening.js';
import { sentence, speak } from './spoken.js';

/** Whatever is loud is one word. */
const LIBRARY = `
import numpy
from types import SimpleNamespace as Thing

class WhisperModel:
    def __init__(self, name):
        assert name == "small"

    def transcribe(self, samples, language=None, word_timestamps=False):
        assert language == "en" and word_timestamps and samples.dtype == numpy.float32
        loud = numpy.flatnonzero(samples > 0.01)
        if len(loud) == 0:
            return iter([]), None
        word = Thing(word=" word", start=float(loud[0]) / 16000, end=float(loud[-1] + 1) / 16000)
        return iter([Thing(words=[word])]), None
`;

const folder = temporaryFolder();
afterEach(() => vi.unstubAllEnvs());

describe.runIf(PYTHON)('the Python program in the document', () => {
  it('is a recogniser', async () => {
    const document = readFileSync(new URL('../../../docs/streaming-asr.md', import.meta.url), 'utf8');
    const source = /```python\n([\s\S]*?)```/.exec(document)?.[1] ?? '';
    writeTree(folder(), { 'recogniser.py': source, 'faster_whisper.py': LIBRARY });
    chmodSync(join(folder(), 'recogniser.py'), 0o755);
    vi.stubEnv('PYTHONPATH', [folder(), process.env['PYTHONPATH']].filter(Boolean).join(delimiter));
    const program = `${PYTHON} ${join(folder(), 'recogniser.py')}`;
    const model = await loadModel('streaming-asr', { program, language: 'en', silence: 'energy', timeout_s: 20 });
    const audio = speak(sentence(['w1', 'w2'], 0.5), 3);
    const p = await pass(model, audio, new Float32Array(audio.length));
    await model.close?.();
    // Loud from 0.5 to 1.2 s; asked at 1.2 s and flushed at 1.5 s; free at 1.8 s.
    expect(p.flatMap((x, i) => (x > 0.5 !== (p[i - 1] ?? 0) > 0.5 ? [(i + 1) / 50] : []))).toEqual([1.5, 1.8]);
    expect(model.weights).toContainEqual(expect.objectContaining({ file: 'recogniser.py' }));
  });
});
