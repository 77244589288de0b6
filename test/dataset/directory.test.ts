import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDirectory, readDirectory } from '../../src/dataset/directory.js';
import { silence, type Tree, temporaryFolder, wav, writeTree } from '../helpers/dataset-folder.js';
import { parity, toAnnotations } from '../helpers/parity.js';

const folder = temporaryFolder();

const SECOND = wav([silence(8000)]);
const CUE = '1\n00:00:00,100 --> 00:00:00,900\n[Normal Turn] hello\n';
const SEGMENT = { start_s: 0.1, end_s: 0.9, label: 'Normal Turn', text: 'hello' };

/** One second of audio, three annotators. */
function conversation(id: string): Tree {
  const tree: Record<string, string | Uint8Array | object> = {
    [`${id}/speaker_1_audio.wav`]: SECOND,
    [`${id}/speaker_2_audio.wav`]: SECOND,
    [`${id}/metadata.json`]: { conversation_type: 'casual', take: 3, noisy: false },
  };
  for (const annotator of ['a', 'b', 'c']) {
    tree[`${id}/speaker_1_annotation_${annotator}.srt`] = CUE;
    tree[`${id}/speaker_2_annotation_${annotator}.srt`] = '';
  }
  return tree;
}

const DATASET = { name: 'tiny', version: '1.2', licence: 'CC0-1.0', description: 'one second', language: 'en' };
const TINY: Tree = { 'dataset.json': DATASET, ...conversation('20') };

async function problemsOf(tree: Tree): Promise<readonly string[]> {
  return (await readDirectory(writeTree(folder(), tree))).problems;
}

describe('openDirectory', () => {
  it('opens conversations with audio, tags and the tracks of all annotators', async () => {
    const dataset = await openDirectory(writeTree(folder(), TINY));
    expect(dataset.info).toEqual({ ...DATASET, revision: expect.stringMatching(/^[0-9a-f]{12}$/) });
    expect(dataset.warnings).toEqual([]);
    const { id, tags, durationS, audio, annotations } = await dataset.open('20');
    expect({ id, tags, durationS }).toEqual({
      id: '20',
      tags: { conversation_type: 'casual', take: '3', noisy: 'false' },
      durationS: 1,
    });
    expect(audio).toMatchObject({ sampleRateHz: 8000, length: 8000 });
    const segments = [{ startS: 0.1, endS: 0.9, label: 'Normal Turn', text: 'hello' }];
    expect(annotations).toEqual({
      1: ['a', 'b', 'c'].map((annotator) => ({ annotator, segments })),
      2: ['a', 'b', 'c'].map((annotator) => ({ annotator, segments: [] })),
    });
  });

  it('orders ids as people count, and looks past dot folders and loose files', async () => {
    const ids = ['10', '2', '1', 'b', 'a10', 'a9'];
    const tree = Object.assign({ 'README.md': 'read me', '.git/config': '' }, ...ids.map(conversation));
    const dataset = await openDirectory(writeTree(folder(), tree));
    expect(dataset.ids).toEqual(['1', '2', '10', 'a9', 'a10', 'b']);
  });

  it('follows links to folders of conversations', async () => {
    writeTree(folder(), { 'dataset.json': DATASET, '.store/x/metadata.json': { duration_s: 60 } });
    symlinkSync(join(folder(), '.store', 'x'), join(folder(), '20'));
    expect((await openDirectory(folder())).ids).toEqual(['20']);
  });

  it('gives the two channels of one stereo file, as of two mono files', async () => {
    const [left, right] = [[1, 2, 3].map((n) => n * 1024), [4, 5, 6].map((n) => n * 1024)] as const;
    writeTree(folder(), {
      'dataset.json': DATASET,
      'mono/speaker_1_audio.wav': wav([left]),
      'mono/speaker_2_audio.wav': wav([right]),
      'stereo/combined_audio.wav': wav([left, right]),
    });
    const dataset = await openDirectory(folder());
    for (const id of ['mono', 'stereo']) {
      const reader = await (await dataset.open(id)).audio?.open();
      const into = { 1: new Float32Array(4), 2: new Float32Array(4) };
      expect(await reader?.read(into)).toBe(3);
      expect([...into[1]]).toEqual([1 / 32, 2 / 32, 3 / 32, 0]);
      expect([...into[2]]).toEqual([4 / 32, 5 / 32, 6 / 32, 0]);
      await reader?.close();
    }
  });

  it('gives identical annotations from SRT and from JSON, and keeps the order of the file', async () => {
    const late = { start_s: 0.5, end_s: 0.8, label: 'Filler' };
    const tracks = { a: [late, SEGMENT], b: [], c: [{ ...SEGMENT, text: '' }] };
    const dataset = await openDirectory(
      writeTree(folder(), {
        'dataset.json': DATASET,
        'json/metadata.json': { duration_s: 1 },
        'json/annotations.json': { speaker_1: tracks, speaker_2: { a: [], b: [], c: [] } },
        ...conversation('srt'),
        'srt/speaker_1_annotation_a.srt': `00:00:00,500 --> 00:00:00,800\r\n[Filler]\r\n\r\n${CUE}`,
        'srt/speaker_1_annotation_b.srt': '',
        'srt/speaker_1_annotation_c.srt': '00:00:00.100 --> 00:00:00.900\n[Normal Turn]',
      }),
    );
    const [json, srt] = [await dataset.open('json'), await dataset.open('srt')];
    expect(json.annotations).toEqual(srt.annotations);
    expect(srt.annotations?.[1][0]?.segments.map(({ label }) => label)).toEqual(['Filler', 'Normal Turn']);
  });

  it('needs no audio when the metadata states the duration, and no annotations when nothing is to be scored', async () => {
    const dataset = await openDirectory(
      writeTree(folder(), { 'dataset.json': DATASET, '20/metadata.json': { duration_s: 61.5 } }),
    );
    expect(await dataset.open('20')).toEqual({ id: '20', tags: {}, durationS: 61.5 });
  });

  it('takes the duration from the audio when it differs a little from the stated one', async () => {
    const dataset = await openDirectory(writeTree(folder(), { ...TINY, '20/metadata.json': { duration_s: 1.2 } }));
    expect((await dataset.open('20')).durationS).toBe(1);
  });

  it('works with one or two annotators as long as they are the same everywhere', async () => {
    const track = { a: [SEGMENT] };
    const dataset = await openDirectory(
      writeTree(folder(), {
        'dataset.json': DATASET,
        '1/metadata.json': { duration_s: 1 },
        '1/annotations.json': { speaker_1: track, speaker_2: track },
      }),
    );
    expect((await dataset.open('1')).annotations?.[2]).toEqual([{ annotator: 'a', segments: [expect.anything()] }]);
  });

  it('needs no dataset.json but says how it calls the data set then', async () => {
    const path = writeTree(join(folder(), 'my calls'), conversation('1'));
    const { info, warnings } = await openDirectory(path);
    expect(info).toMatchObject({ name: 'my calls', version: 'unversioned', licence: 'unspecified', language: 'und' });
    expect(warnings).toEqual(["no dataset.json: the data set is called 'my calls' after its folder"]);
  });

  it('warns about overlapping cues, odd tags, near misses and files that it does not know, and opens', async () => {
    const { warnings } = await openDirectory(
      writeTree(folder(), {
        ...TINY,
        'dataset.json': { name: 'tiny', license: 'MIT', homepage: 'x' },
        '20/metadata.json': { speakers: ['ann', 'bob'] },
        '20/speaker_1_annotation_a.srt': `${CUE}\n${CUE}`,
        '20/speaker_1_annotation_d.srt': CUE,
        '20/notes.txt': '',
      }),
    );
    expect(warnings).toEqual([
      "dataset.json: unknown key 'license' has no effect: did you mean 'licence'?",
      '20: speaker_1_annotation_d.srt is ignored: not a name of the layout',
      "20/metadata.json: 'speakers' is no text, number or true/false and is no tag",
      '20/speaker_1_annotation_a.srt: cue 1 (line 5) starts at 0.1 s, before cue 1 (line 1) ends at 0.9 s',
    ]);
  });

  it('suggests an id for one that it does not know', async () => {
    const dataset = await openDirectory(writeTree(folder(), { 'dataset.json': DATASET, ...conversation('narrative') }));
    await expect(dataset.open('narative')).rejects.toThrow(
      "unknown conversation 'narative': did you mean 'narrative'?",
    );
  });

  it('fails on a folder that is not there or is a file', async () => {
    await expect(openDirectory(join(folder(), 'none'))).rejects.toThrow('no such file or folder');
    writeFileSync(join(folder(), 'file'), '');
    await expect(openDirectory(join(folder(), 'file'))).rejects.toThrow('is a file, not a folder');
  });
});

describe('video', () => {
  it('is offered of the speakers who have it, and not looked at before somebody opens it', async () => {
    const { video } = await (
      await openDirectory(writeTree(folder(), { ...TINY, '20/speaker_2_video.mov': 'no video' }))
    ).open('20');
    expect([video?.[1], typeof video?.[2]?.open]).toEqual([undefined, 'function']);
    const other = await openDirectory(writeTree(join(folder(), 'other'), TINY));
    expect('video' in (await other.open('20'))).toBe(false);
  });
});

describe('the revision of a data set', () => {
  const revisionOf = async (tree: Tree) => {
    rmSync(folder(), { recursive: true });
    return (await openDirectory(writeTree(folder(), tree))).info.revision;
  };

  it('is the same wherever and in whatever order the files were written', async () => {
    const reversed = Object.fromEntries(Object.entries(TINY).reverse());
    expect(await revisionOf(reversed)).toBe(await revisionOf(TINY));
    expect(await revisionOf({ ...TINY, '20/notes.txt': 'not part of the data' })).toBe(await revisionOf(TINY));
  });

  it('changes with annotations, metadata, names and sizes of audio and video files', async () => {
    const longer = wav([silence(8001)]);
    const trees: Tree[] = [
      TINY,
      { ...TINY, '20/speaker_2_annotation_c.srt': CUE },
      { ...TINY, '20/metadata.json': { conversation_type: 'narrative' } },
      { ...TINY, '20/metadata.json': undefined },
      { ...TINY, '20/speaker_1_audio.wav': longer, '20/speaker_2_audio.wav': longer },
      { ...TINY, '20/speaker_1_video.mp4': 'any bytes' },
      { ...TINY, '20/speaker_1_video.mp4': 'other bytes' },
      { ...TINY, '20/speaker_2_video.mp4': 'any bytes' },
      { 'dataset.json': DATASET, ...conversation('21') },
      { ...TINY, ...conversation('21') },
    ];
    const revisions = [];
    for (const tree of trees) revisions.push(await revisionOf(tree));
    expect(new Set(revisions).size).toBe(trees.length);
  });
});

describe('a broken data set', () => {
  const JSON_TRACKS = { speaker_1: { a: [SEGMENT] }, speaker_2: { a: [] } };
  const withTracks = (annotations: object | string): Tree => ({
    'dataset.json': DATASET,
    '20/metadata.json': { duration_s: 60 },
    '20/annotations.json': annotations,
  });

  it('lists all its problems at once', async () => {
    const tree = {
      ...TINY,
      '20/metadata.json': '{"conversation_type": "casual",}',
      '20/speaker_1_annotation_a.srt': '1\n00:00:00,900 --> 00:00:00,100\n[A]\n\n2\nnonsense\n',
      '20/speaker_2_audio.wav': undefined,
      '20/speaker_2_annotation_b.srt': undefined,
      '21/notes.txt': '',
    };
    await expect(openDirectory(writeTree(folder(), tree))).rejects.toThrow(
      [
        `data set ${folder()}: 6 problems`,
        '  - 20: the channel of speaker 2 is missing: add speaker_2_audio.wav or .flac beside speaker_1_audio.wav',
        "  - 20/metadata.json:1:32: expected a key in double quotes, found '}' (mend the JSON there)",
        '  - 20/speaker_1_annotation_a.srt: cue 1 (line 1): ends at 0.1 s, before it starts at 0.9 s: mend or swap the times',
        "  - 20/speaker_1_annotation_a.srt: cue 2 (line 5): no line with times: expected '00:00:03,120 --> 00:00:05,480' (no empty lines inside a cue)",
        '  - 21: no file of a conversation: remove this folder, or begin its name with a dot to have it ignored',
        '  - 20: annotator b is missing for speaker 2, but annotates others of this data set: add the track (an empty one when there was nothing to mark)',
      ].join('\n'),
    );
  });

  it.each<[string, Tree, string]>([
    ['no conversation', { 'dataset.json': DATASET }, 'no conversations: expected one folder per conversation'],
    [
      'the files of one conversation where folders are expected',
      { 'speaker_1_audio.wav': SECOND, 'speaker_2_audio.wav': SECOND },
      'no conversations, but the files of one: name the folder that contains this folder',
    ],
    ['a missing channel', { ...TINY, '20/speaker_1_audio.wav': undefined }, '20: the channel of speaker 1 is missing'],
    [
      'a stereo file and one channel',
      { ...TINY, '20/combined_audio.wav': SECOND, '20/speaker_2_audio.wav': undefined },
      '20: both combined_audio.wav and speaker_1_audio.wav: keep the stereo file or the two mono files',
    ],
    [
      'a channel as WAV and as FLAC',
      { ...TINY, '20/speaker_1_audio.flac': 'fLaC' },
      '20: both speaker_1_audio.wav and speaker_1_audio.flac: keep one of them',
    ],
    [
      'channels of different length',
      { ...TINY, '20/speaker_2_audio.wav': wav([silence(8001)]) },
      '20/speaker_2_audio.wav has 8001 samples',
    ],
    [
      'channels of different rate',
      { ...TINY, '20/speaker_2_audio.wav': wav([silence(8000)], 16000) },
      '20/speaker_2_audio.wav has 16000 Hz',
    ],
    [
      'a stereo file with one channel',
      { 'dataset.json': DATASET, '1/combined_audio.wav': SECOND },
      '1/combined_audio.wav: ',
    ],
    [
      'neither audio nor a duration',
      { 'dataset.json': DATASET, '21/metadata.json': {} },
      '21: no audio and no duration_s in metadata.json',
    ],
    [
      'a duration of nothing',
      { 'dataset.json': DATASET, '21/metadata.json': { duration_s: 0 } },
      '21/metadata.json: duration_s: ',
    ],
    [
      'a duration in microseconds',
      { 'dataset.json': DATASET, '21/metadata.json': { duration_s: 60_000_000 } },
      '21/metadata.json: duration_s: longer than 115 days: are these seconds?',
    ],
    ['a duration in words', { ...TINY, '20/metadata.json': { duration_s: '60' } }, '20/metadata.json: duration_s: '],
    ['metadata that are a list', { ...TINY, '20/metadata.json': [] }, '20/metadata.json: '],
    [
      'a type that is no text',
      { ...TINY, '20/metadata.json': { conversation_type: 3 } },
      '20/metadata.json: conversation_type: ',
    ],
    [
      'a duration that is not that of the audio',
      { ...TINY, '20/metadata.json': { duration_s: 2 } },
      '20/metadata.json: duration_s is 2, but the audio lasts 1 s',
    ],
    [
      'a key that is there twice',
      { ...TINY, '20/metadata.json': '{"duration_s": 1,\n "duration_s": 2}' },
      "20/metadata.json:2:2: the key 'duration_s' is here a second time",
    ],
    ['a data set without a name', { ...TINY, 'dataset.json': {} }, 'dataset.json: name: '],
    [
      'a dataset.json that is no JSON',
      { ...TINY, 'dataset.json': 'name: tiny' },
      "dataset.json:1:1: expected a value, found 'name'",
    ],
    ['ids that are one number', { ...TINY, ...conversation('020') }, '020 and 20: the same id when read as a number'],
    [
      'SRT and JSON annotations',
      { ...TINY, '20/annotations.json': JSON_TRACKS },
      '20: both annotations.json and speaker_1_annotation_a.srt: keep one kind of annotation',
    ],
    [
      'an annotator missing for one speaker',
      { ...TINY, '20/speaker_2_annotation_b.srt': undefined },
      '20: annotator b is missing for speaker 2, but annotates others',
    ],
    [
      'an annotator missing in one conversation',
      {
        ...TINY,
        ...conversation('21'),
        '21/speaker_1_annotation_c.srt': undefined,
        '21/speaker_2_annotation_c.srt': undefined,
      },
      '21: annotator c is missing for speaker 1 and 2, but annotates others',
    ],
    [
      'a conversation without annotations among others',
      { ...TINY, '21/metadata.json': { duration_s: 60 } },
      '21: no annotations, but others of this data set have those of a, b, c',
    ],
    ['no annotator at all', withTracks({ speaker_1: {}, speaker_2: {} }), 'no annotator in any conversation'],
    [
      'a fourth annotator',
      withTracks({ ...JSON_TRACKS, speaker_1: { a: [], d: [] } }),
      '20/annotations.json: speaker_1: ',
    ],
    ['a missing speaker', withTracks({ speaker_1: { a: [] } }), '20/annotations.json: speaker_2: '],
    [
      'a segment without a label',
      withTracks({ ...JSON_TRACKS, speaker_2: { a: [SEGMENT, { start_s: 1, end_s: 2 }] } }),
      '20/annotations.json: speaker_2.a[1].label: ',
    ],
    [
      'a reversed segment',
      withTracks({ ...JSON_TRACKS, speaker_2: { a: [{ ...SEGMENT, start_s: 1 }] } }),
      '20/annotations.json: speaker_2.a[0].end_s: ends at 0.9 s, before it starts at 1 s: mend or swap the times',
    ],
    [
      'a negative time',
      withTracks({ ...JSON_TRACKS, speaker_2: { a: [{ ...SEGMENT, start_s: -1 }] } }),
      '20/annotations.json: speaker_2.a[0].start_s: ',
    ],
    [
      'an infinite time',
      withTracks('{"speaker_1": {"a": [{"start_s": 1, "end_s": 1e999, "label": "A"}]}, "speaker_2": {"a": []}}'),
      '20/annotations.json: speaker_1.a[0].end_s: ',
    ],
    [
      'milliseconds instead of seconds',
      withTracks({ ...JSON_TRACKS, speaker_2: { a: [SEGMENT, { ...SEGMENT, start_s: 1200, end_s: 2900 }] } }),
      '20: speaker 2, annotator a: 1 of 2 segments end after the conversation (60 s), the first is number 2 (1200 to 2900 s)',
    ],
    [
      'bytes that are no UTF-8',
      { ...TINY, '20/speaker_1_annotation_a.srt': Buffer.from([0xe9]) },
      '20/speaker_1_annotation_a.srt: not UTF-8 text',
    ],
  ])('with %s says so', async (_, tree, problem) => {
    expect(await problemsOf(tree)).toEqual([expect.stringContaining(problem)]);
  });

  it('reports both channels when neither is audio', async () => {
    const problems = await problemsOf({
      ...TINY,
      '20/speaker_1_audio.wav': 'RIFF',
      '20/speaker_2_audio.wav': 'this is a text and not audio at all',
    });
    expect(problems).toEqual([
      expect.stringMatching(/^20\/speaker_1_audio\.wav/),
      expect.stringMatching(/^20\/speaker_2_audio\.wav/),
    ]);
  });

  it('lets annotations reach half a second beyond the end, and no further', async () => {
    const ending = (endS: number) => withTracks({ ...JSON_TRACKS, speaker_1: { a: [{ ...SEGMENT, end_s: endS }] } });
    expect(await problemsOf(ending(60.5))).toEqual([]);
    expect(await problemsOf(ending(60.501))).toHaveLength(1);
  });

  it('allows in JSON what gold construction knows how to treat: zero length, nested, equal, overlapping, unsorted', async () => {
    const at = (start_s: number, end_s: number) => ({ start_s, end_s, label: 'no such label' });
    const track = { a: [at(5, 9), at(6, 7), at(6, 7), at(6, 6), at(8, 12), at(0, 1)] };
    const { problems, warnings, conversations } = await readDirectory(
      writeTree(folder(), withTracks({ speaker_1: track, speaker_2: track })),
    );
    expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
    expect(conversations[0]?.annotations?.[1][0]?.segments).toHaveLength(6);
  });

  it('is not what the parity vectors are, with all their unsorted, nested and unlabelled segments', async () => {
    const { conversations } = parity;
    const files = conversations.map(({ conversation_id: id, duration_s, annotations }) => ({
      [`${id}/metadata.json`]: { duration_s },
      [`${id}/annotations.json`]: annotations,
    }));
    const dataset = await openDirectory(writeTree(folder(), Object.assign({ 'dataset.json': DATASET }, ...files)));
    expect(dataset.ids).toEqual(conversations.map(({ conversation_id }) => conversation_id));
    for (const { conversation_id: id, duration_s: durationS, annotations } of conversations) {
      expect(await dataset.open(id)).toEqual({ id, tags: {}, durationS, annotations: toAnnotations(annotations) });
    }
  });

  it('is reported in the same order every time', async () => {
    const tree = Object.assign({}, ...Array.from({ length: 40 }, (_, i) => ({ [`${i}/metadata.json`]: '{' })));
    writeTree(folder(), tree);
    const first = (await readDirectory(folder())).problems;
    expect(first).toHaveLength(40);
    expect(first.map((problem) => problem.split('/')[0])).toEqual(Array.from({ length: 40 }, (_, i) => String(i)));
    expect((await readDirectory(folder())).problems).toEqual(first);
  });

  it('with a folder in place of a file is told apart from a bug', async () => {
    writeTree(folder(), TINY);
    rmSync(join(folder(), '20', 'metadata.json'));
    mkdirSync(join(folder(), '20', 'metadata.json'));
    expect((await readDirectory(folder())).problems).toEqual([expect.stringContaining('it is a folder, not a file')]);
  });
});
