/**
 * Results by what a data set says of its conversations: one group per value of a tag, with intervals over the
 * conversations of the group. A tag that divides nothing (one value) or everything (another value for each
 * conversation) groups nothing and is left out; so is one with very many values. The type of the conversations is what
 * data sets are made of, and stays even when no two are alike.
 */

import { compareIds } from '../core/conversation.js';
import type { Counts } from '../core/counts.js';
import { countsFromDisk } from '../result/counts.js';
import type { ConversationRow } from '../result/schema.js';
import { sumCounts } from '../score/counts.js';
import { quotient, RATIOS, type RatioName } from '../score/ratios.js';
import { bootstrapInterval, type ConfidenceInterval, drawResamples } from '../stats/bootstrap.js';
import { ratioOfSums } from '../stats/statistic.js';

/** Tags with more values are not results by group any more. */
const MOST_VALUES = 16;
export const TYPE_TAG = 'conversation_type';

export interface TagGroup {
  readonly tag: string;
  readonly value: string;
  /** Of the conversations that have this value, one each. */
  readonly counts: readonly Counts[];
}

export interface TagRate {
  readonly numerator: number;
  readonly denominator: number;
  /** Undefined where the denominator is 0. */
  readonly rate: number | undefined;
  /** 95 %, over the conversations of the group; undefined for one conversation. */
  readonly interval: ConfidenceInterval | undefined;
}

/** @returns tags in the order of their names, values in natural order. */
export function groupsByTag(rows: readonly ConversationRow[]): TagGroup[] {
  const scored = rows.flatMap((row) =>
    row.status === 'ok' && row.counts !== null ? [{ tags: row.tags, counts: countsFromDisk(row.counts) }] : [],
  );
  const tags = [...new Set(scored.flatMap((row) => Object.keys(row.tags)))].sort(compareIds);
  return tags.flatMap((tag) => {
    const tagged = scored.filter((row) => Object.hasOwn(row.tags, tag));
    const values = [...new Set(tagged.map((row) => row.tags[tag]!))].sort(compareIds);
    const dividesAll = values.length === tagged.length && tag !== TYPE_TAG;
    if (values.length < 2 || values.length > MOST_VALUES || dividesAll) return [];
    return values.map((value) => ({
      tag,
      value,
      counts: tagged.filter((row) => row.tags[tag] === value).map(({ counts }) => counts),
    }));
  });
}

/** @param seed of the bootstrap. */
export function tagRate(counts: readonly Counts[], name: RatioName, seed: number): TagRate {
  const ratios = counts.map(RATIOS[name]);
  const { numerator, denominator } = RATIOS[name](sumCounts(counts));
  return {
    numerator,
    denominator,
    rate: quotient(numerator, denominator),
    interval: bootstrapInterval(
      drawResamples(counts.length, seed),
      ratioOfSums(
        ratios.map((ratio) => ratio.numerator),
        ratios.map((ratio) => ratio.denominator),
      ),
    ),
  };
}
