/**
 * Writes the time-line, the annotator tracks and the metadata of every conversation into `mini/conversations/`, from
 * `script.txt` and the lengths in `mini/bank/index.json`. Seeded: the same input gives the same bytes.
 *
 *   npm run build && node datasets/make-timelines.mjs
 */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { annotate } from './annotators.mjs';
import { readScript } from './script.mjs';
import { layOut } from './turns.mjs';

/** Share of the other's voice in a channel, of full amplitude: -34 dB, as from an open headset. */
const CROSSTALK = { Casual: 0.02 };

if (pathToFileURL(process.argv[1]).href === import.meta.url) {
  const { Prng, seedOf } = await import('../dist/core/prng.js');
  const { formatSrt } = await import('../dist/dataset/srt.js');
  const root = new URL('mini/conversations/', import.meta.url);
  rmSync(root, { recursive: true, force: true });
  for (const [path, text] of conversationFiles((name) => new Prng(seedOf(name)), formatSrt)) {
    const file = new URL(path, root);
    mkdirSync(new URL('.', file), { recursive: true });
    writeFileSync(file, text);
  }
}

/**
 * @param {(name: string) => { between(low: number, high: number): number, float(): number }} prngOf one stream per name
 * @param {(segments: { startS: number, endS: number, label: string, text: string }[]) => string} formatSrt
 * @returns {Map<string, string>} file contents by path below `mini/conversations/`
 */
export function conversationFiles(prngOf, formatSrt) {
  const files = new Map();
  const index = JSON.parse(readFileSync(new URL('mini/bank/index.json', import.meta.url), 'utf8'));
  const utteranceOf = (id) => index.utterances[id];
  const lengthMs = (id) => (utteranceOf(id).samples * 1000) / index.sample_rate_hz;

  for (const conversation of readScript()) {
    const { id, type } = conversation;
    const { durationMs, events } = layOut(conversation, lengthMs, prngOf(`time-line ${id}`));
    files.set(`${id}/timeline.json`, timeline(id, durationMs, CROSSTALK[type] ?? 0, events));
    files.set(`${id}/metadata.json`, metadata(conversation, durationMs));
    for (const speaker of [1, 2]) {
      const spoken = events.filter((event) => event.speaker === speaker);
      const heard = spoken.map((event) => ({ ...event, text: heardText(event, utteranceOf(event.utterance).text) }));
      const tracks = annotate(heard, durationMs, prngOf(`annotators ${id} ${speaker}`));
      for (const [annotator, cues] of Object.entries(tracks)) {
        files.set(`${id}/speaker_${speaker}_annotation_${annotator}.srt`, formatSrt(cues.map(toSegment)));
      }
    }
  }
  return files;

  /** Words before the break-off. */
  function heardText(event, text) {
    const share = (event.endMs - event.startMs) / lengthMs(event.utterance);
    if (share === 1) return text;
    const words = text.split(' ');
    return `${words.slice(0, Math.max(1, Math.round(words.length * share))).join(' ')} -`;
  }
}

function timeline(id, durationMs, crosstalk, events) {
  const lines = events.map(({ startMs, endMs, ...rest }) => {
    const { speaker, role, label, utterance, gain } = rest;
    return `    ${JSON.stringify({ speaker, start_s: startMs / 1000, end_s: endMs / 1000, role, label, utterance, gain })}`;
  });
  const head = `  "conversation_id": "${id}",\n  "duration_s": ${durationMs / 1000},\n  "crosstalk": ${crosstalk},\n`;
  return `{\n${head}  "events": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

function metadata({ type, subject, voices }, durationMs) {
  const content = {
    conversation_type: type,
    duration_s: durationMs / 1000,
    subject,
    voice_1: voices[1],
    voice_2: voices[2],
    crosstalk: type in CROSSTALK ? 'slight' : 'none',
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function toSegment({ startMs, endMs, label, text }) {
  return { startS: startMs / 1000, endS: endMs / 1000, label, text };
}
