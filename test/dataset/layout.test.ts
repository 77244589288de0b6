import { describe, expect, it } from 'vitest';
import { recogniseFiles } from '../../src/dataset/layout.js';

const NOTHING = {
  audioFiles: [],
  videoFiles: { 1: [], 2: [] },
  srt: [],
  hasJsonAnnotations: false,
  hasMetadata: false,
  none: false,
  problems: [],
  warnings: [],
};

describe('recogniseFiles', () => {
  it('puts tracks in the order of speakers and annotators, whatever the folder says', () => {
    const names = ['b', 'a'].flatMap((annotator) => [2, 1].map((s) => `speaker_${s}_annotation_${annotator}.srt`));
    expect(recogniseFiles(names).srt.map(({ speaker, annotator }) => `${speaker}${annotator}`)).toEqual([
      '1a',
      '1b',
      '2a',
      '2b',
    ]);
  });

  it('takes WAV and FLAC, also mixed', () => {
    expect(recogniseFiles(['speaker_1_audio.flac', 'speaker_2_audio.wav', 'metadata.json'])).toEqual({
      ...NOTHING,
      audio: { kind: 'pair', files: { 1: 'speaker_1_audio.flac', 2: 'speaker_2_audio.wav' } },
      audioFiles: ['speaker_1_audio.flac', 'speaker_2_audio.wav'],
      hasMetadata: true,
    });
    expect(recogniseFiles(['combined_audio.flac'])).toEqual({
      ...NOTHING,
      audio: { kind: 'stereo', file: 'combined_audio.flac' },
      audioFiles: ['combined_audio.flac'],
    });
  });

  it('takes the mono files where the same audio is there in stereo too, as in the public training corpus', () => {
    const { audio, problems, warnings } = recogniseFiles([
      'combined_audio.wav',
      'speaker_1_audio.wav',
      'speaker_2_audio.wav',
    ]);
    expect(audio).toEqual({ kind: 'pair', files: { 1: 'speaker_1_audio.wav', 2: 'speaker_2_audio.wav' } });
    expect([problems, warnings]).toEqual([[], []]);
  });

  it('takes one video per speaker, in any of five containers', () => {
    const names = ['speaker_2_video.mkv', 'speaker_1_video.avi', 'speaker_1_video.mp4', 'speaker_1_video.wmv'];
    const { videoFiles, problems, warnings } = recogniseFiles([...names, 'metadata.json']);
    expect(videoFiles).toEqual({ 1: ['speaker_1_video.mp4', 'speaker_1_video.avi'], 2: ['speaker_2_video.mkv'] });
    expect(problems).toEqual(['both speaker_1_video.mp4 and speaker_1_video.avi: keep one of them']);
    expect(warnings).toEqual(['speaker_1_video.wmv is ignored: not a name of the layout']);
  });

  it('says which files look like a slip', () => {
    const { warnings, problems } = recogniseFiles([
      'speaker_1_audio.mp3',
      'Speaker_2_audio.wav',
      'metadata.json',
      'notes.txt',
    ]);
    expect(problems).toEqual([]);
    expect(warnings).toEqual([
      'Speaker_2_audio.wav is ignored: not a name of the layout',
      'speaker_1_audio.mp3 is ignored: not a name of the layout',
    ]);
  });
});
