/** The two channels of a conversation. A pass has one of them as subject, the other as other. */

export type Speaker = 1 | 2;

export const SPEAKERS = [1, 2] as const satisfies readonly Speaker[];

/** One value per speaker. */
export interface PerSpeaker<T> {
  readonly 1: T;
  readonly 2: T;
}

export function otherSpeaker(speaker: Speaker): Speaker {
  return speaker === 1 ? 2 : 1;
}

/** Build both values; speaker 1 first. */
export function perSpeaker<T>(make: (speaker: Speaker) => T): PerSpeaker<T> {
  return { 1: make(1), 2: make(2) };
}

/** The key of a speaker in every file format: `speaker_1`, `speaker_2`. */
export function speakerKey(speaker: Speaker): 'speaker_1' | 'speaker_2' {
  return speaker === 1 ? 'speaker_1' : 'speaker_2';
}
