/** The conversations in the page: parsed when they are first looked at, judged together at a threshold. */

import type { PerSpeaker } from '../core/speaker.js';
import {
  type AudioData,
  audioElementId,
  type ConversationData,
  conversationElementId,
  OVERVIEW_ID,
  type PageConversation,
  type PageOverview,
  peaksOf,
} from '../report/html/page-data.js';
import { embedded } from './dom.js';
import { type Judged, type Judgement, judge, judgedOf } from './judge.js';

export interface Shown {
  readonly about: PageConversation;
  readonly judged: Judged;
  readonly peaks: PerSpeaker<Uint8Array> | null;
}

/** One per conversation; null where the run has none. */
export type Verdicts = readonly (Judgement | null)[];

/** Longest work without a pause, ms. */
const SLICE_MS = 24;

export class Library {
  readonly overview: PageOverview = embedded<PageOverview>(OVERVIEW_ID);
  readonly #shown: (Shown | undefined)[] = [];
  #latest = 0;

  get(index: number): Shown {
    const known = this.#shown[index];
    if (known) return known;
    const data = embedded<ConversationData>(conversationElementId(index));
    const about = this.overview.conversations[index]!;
    const shown = { about, judged: judgedOf(data), peaks: peaksOf(data) };
    this.#shown[index] = shown;
    return shown;
  }

  /** Null when there is nothing to play. */
  audioOf(index: number): AudioData | null {
    const id = audioElementId(index);
    return document.getElementById(id) ? embedded<AudioData>(id) : null;
  }

  /** @returns null when a later call has made this one pointless. */
  async judgeAll(run: number, threshold: number | null): Promise<Verdicts | null> {
    this.#latest++;
    const mine = this.#latest;
    const verdicts: (Judgement | null)[] = [];
    let pausedMs = performance.now();
    for (let i = 0; i < this.overview.conversations.length; i++) {
      verdicts.push(judge(this.get(i).judged, run, threshold, this.overview.runs[run]!.threshold));
      if (performance.now() - pausedMs < SLICE_MS) continue;
      await new Promise((resolve) => setTimeout(resolve));
      if (mine !== this.#latest) return null;
      pausedMs = performance.now();
    }
    return verdicts;
  }
}
