import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Segment } from '../../src/core/conversation.js';
import { formatSrt, parseSrt } from '../../src/dataset/srt.js';

const PLAIN = `1
00:00:01,200 --> 00:00:02,900
[Normal Turn] so what did you do

2
01:02:03,004 --> 01:02:03,004
[Speech, Non-Linguistic]
`;

const SEGMENTS: Segment[] = [
  { startS: 1.2, endS: 2.9, label: 'Normal Turn', text: 'so what did you do' },
  { startS: 3723.004, endS: 3723.004, label: 'Speech, Non-Linguistic' },
];

describe('parseSrt', () => {
  it('reads times, labels and texts, zero length included', () => {
    expect(parseSrt(PLAIN)).toEqual({ segments: SEGMENTS, problems: [], warnings: [] });
  });

  it.each([
    ['Windows line ends', PLAIN.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${PLAIN}`],
    ['points for commas', PLAIN.replaceAll(/(\d\d),(\d{3})/g, '$1.$2')],
    ['no line end at the end', PLAIN.trimEnd()],
    ['no cue numbers', PLAIN.replaceAll(/^\d\n/gm, '')],
    ['more empty lines, also with spaces', PLAIN.replaceAll('\n\n', '\n \n\n\t\n')],
    ['spaces around times', PLAIN.replaceAll(' --> ', '  -->  ').replaceAll('900\n', '900 \n')],
  ])('gives the same with %s', (_, text) => {
    expect(parseSrt(text)).toEqual({ segments: SEGMENTS, problems: [], warnings: [] });
  });

  it('keeps lines of a text and the order of the file', () => {
    const text = '00:00:05,000 --> 00:00:06,000\n[B] late\nand later\n\n00:00:01,000 --> 00:00:02,000\n[A] early';
    expect(parseSrt(text).segments).toEqual([
      { startS: 5, endS: 6, label: 'B', text: 'late\nand later' },
      { startS: 1, endS: 2, label: 'A', text: 'early' },
    ]);
  });

  it('keeps labels to the letter, because they match by exact string', () => {
    const { segments } = parseSrt('00:00:01,000 --> 00:00:02,000\n[ normal turn ][x] hm');
    expect(segments).toEqual([{ startS: 1, endS: 2, label: ' normal turn ', text: '[x] hm' }]);
  });

  it('takes an empty file as a speaker for whom nothing was marked', () => {
    for (const text of ['', '\n\r\n', '\ufeff'])
      expect(parseSrt(text)).toEqual({ segments: [], problems: [], warnings: [] });
  });

  it.each([
    [
      '7\n00:00:03,000 --> 00:00:01,000\n[A]',
      'cue 7 (line 1): ends at 1 s, before it starts at 3 s: mend or swap the times',
    ],
    ['7\n00:00:03,000 -> 00:00:04,000\n[A]', 'cue 7 (line 1): no line with times'],
    ['7\n00:00:03 --> 00:00:04\n[A]', "cue 7 (line 1): malformed times '00:00:03 --> 00:00:04'"],
    ['7\n00:61:03,000 --> 00:62:04,000\n[A]', 'cue 7 (line 1): malformed times'],
    ['7\n-00:00:03,000 --> 00:00:04,000\n[A]', 'cue 7 (line 1): malformed times'],
    ['7\n00:00:03,000 --> 00:00:04,000 --> 00:00:05,000\n[A]', 'cue 7 (line 1): malformed times'],
    ['seven\n00:00:03,000 --> 00:00:04,000\n[A]', "cue 1 (line 1): expected a cue number, found 'seven'"],
    ['7\n00:00:03,000 --> 00:00:04,000\nhello', 'cue 7 (line 1): no label'],
    ['7\n00:00:03,000 --> 00:00:04,000\n[] hello', 'cue 7 (line 1): no label'],
    ['7\n00:00:03,000 --> 00:00:04,000', 'cue 7 (line 1): no label'],
    [
      '7\n00:00:03,000 --> 00:00:04,000\n[A] x\n8\n00:00:05,000 --> 00:00:06,000\n[B]',
      'cue 7 (line 1): more times in line 5: put an empty line between cues',
    ],
  ])('locates the problem of %j', (text, problem) => {
    const { segments, problems } = parseSrt(text);
    expect(segments).toEqual([]);
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  it('reports every malformed cue and keeps the good ones', () => {
    const { segments, problems } = parseSrt(`1\nx\n\n${PLAIN}\n3\n00:00:02,000 --> 00:00:01,000\n[A]\n`);
    expect(segments).toEqual(SEGMENTS);
    expect(problems).toEqual([expect.stringMatching(/^cue 1 \(line 1\)/), expect.stringMatching(/^cue 3 \(line 12\)/)]);
  });

  it('warns about overlapping cues once per track, and keeps them', () => {
    // |--1--------------|        |-4-|
    //    |-2-|  |-3-|            |-5-|
    const cues = [
      [0, 10],
      [2, 3],
      [5, 6],
      [20, 22],
      [20, 22],
    ].map(([startS = 0, endS = 0]) => ({ startS, endS, label: 'A' }));
    const { segments, problems, warnings } = parseSrt(formatSrt(cues));
    expect(segments).toEqual(cues);
    expect(problems).toEqual([]);
    expect(warnings).toEqual([
      'cue 2 (line 5) starts at 2 s, before cue 1 (line 1) ends at 10 s (3 overlaps in this track)',
    ]);
  });

  it('does not call touching cues overlapping, in whatever order they are', () => {
    const cues = [
      { startS: 2, endS: 3, label: 'A' },
      { startS: 1, endS: 2, label: 'A' },
    ];
    expect(parseSrt(formatSrt(cues)).warnings).toEqual([]);
  });
});

describe('formatSrt', () => {
  it('prints what is read back to the last bit, at whole milliseconds', () => {
    const label = fc.stringMatching(/^[^\]\r\n]+$/).filter((text) => !text.includes('-->'));
    const line = fc.stringMatching(/^[^\s-]([^\r\n-]*[^\s-])?$/);
    const segment = fc
      .record({
        startMs: fc.nat(40_000_000),
        lengthMs: fc.nat(100_000),
        label,
        lines: fc.array(line, { maxLength: 3 }),
      })
      .map(({ startMs, lengthMs, label, lines }) => ({
        startS: startMs / 1000,
        endS: (startMs + lengthMs) / 1000,
        label,
        ...(lines.length > 0 ? { text: lines.join('\n') } : {}),
      }));
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), (segments, lineEnd) => {
        const { segments: read, problems } = parseSrt(formatSrt(segments).replaceAll('\n', lineEnd));
        expect(problems).toEqual([]);
        expect(read).toEqual(segments);
      }),
    );
  });
});
