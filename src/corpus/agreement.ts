/**
 * How far annotators agree with each other, pair by pair.
 *
 * Segments: per canonical label of the label view, those of one annotator are matched one to one with those of the
 * other, as many as possible, where the onsets lie within 0.2 s; and again where onsets and ends both do, which is what
 * gold asks of a majority. F1 = 2 · pairs / (segments of one + segments of the other), symmetric by construction.
 *
 * Floor: each annotator alone is taken for gold, and who holds the floor (in a turn segment or a mid-turn pause) is read
 * in the middle of every 20 ms step, of both speakers. Cohen's kappa = (agreement − chance) / (1 − chance), with chance
 * from how often each annotator gives the floor (Cohen 1960).
 *
 * What is counted adds up over conversations; F1 and kappa are derived last.
 */

import type { Annotations, Segment } from '../core/conversation.js';
import type { CanonicalLabel } from '../core/gold.js';
import { SPEAKERS, type Speaker } from '../core/speaker.js';
import { firstStepMidwayFrom, frameCount, STEPS_PER_SECOND } from '../core/time.js';
import { buildGold } from '../gold/build.js';
import { LABEL_VIEW } from '../gold/labels.js';
import { largestMatching } from './matching.js';

/** s. What gold construction tolerates (scoring specification, section 0). */
export const AGREEMENT_TOLERANCE_S = 0.2;

export interface AnnotatedConversation {
  readonly annotations: Annotations;
  readonly durationS: number;
}

/** Keys as printed. */
export interface SegmentAgreement {
  /** Segments of the first and of the second annotator of the pair. */
  readonly first: number;
  readonly second: number;
  /** Pairs whose onsets agree, and those whose ends do too. */
  readonly onsets: number;
  readonly spans: number;
  /** Null when neither has a segment. */
  readonly onset_f1: number | null;
  readonly span_f1: number | null;
}

export interface PairAgreement {
  /** Such as `a-b`. */
  readonly pair: string;
  /** Conversations that both annotated. */
  readonly conversations: number;
  readonly all: SegmentAgreement;
  readonly labels: Readonly<Partial<Record<CanonicalLabel, SegmentAgreement>>>;
  readonly floor: {
    /** Of 20 ms, of both speakers. */
    readonly steps: number;
    /** Share of steps on which they agree; null without steps. */
    readonly agreement: number | null;
    /** Null without steps, and where chance alone gives full agreement. */
    readonly kappa: number | null;
  };
}

/** @returns one per pair of annotators that share a conversation, ordered a-b, a-c, b-c. */
export function annotatorAgreement(conversations: readonly AnnotatedConversation[]): PairAgreement[] {
  const pairs = new Map<string, Evidence>();
  for (const { annotations, durationS } of conversations) {
    const annotators = annotations[1].map(({ annotator }) => annotator);
    const floors = annotators.map((_, i) => floorBits(annotations, i, frameCount(durationS, STEPS_PER_SECOND)));
    for (let i = 0; i < annotators.length; i++) {
      for (let k = i + 1; k < annotators.length; k++) {
        const pair = `${annotators[i]}-${annotators[k]}`;
        const evidence = pairs.get(pair) ?? { conversations: 0, labels: new Map(), floor: [0, 0, 0, 0] };
        pairs.set(pair, evidence);
        evidence.conversations++;
        for (const speaker of SPEAKERS) addSegments(evidence, annotations, speaker, i, k);
        floors[i]!.forEach((bit, step) => {
          evidence.floor[2 * bit + floors[k]![step]!]! += 1;
        });
      }
    }
  }
  return [...pairs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([pair, evidence]) => agreementOf(pair, evidence));
}

type SegmentCounts = Pick<SegmentAgreement, 'first' | 'second' | 'onsets' | 'spans'>;

interface Evidence {
  conversations: number;
  readonly labels: Map<CanonicalLabel, SegmentCounts>;
  /** Steps by `2 · bit of the first + bit of the second`. */
  readonly floor: [number, number, number, number];
}

function addSegments(evidence: Evidence, annotations: Annotations, speaker: Speaker, i: number, k: number): void {
  const [first, second] = [i, k].map((annotator) => byLabel(annotations[speaker][annotator]!.segments));
  for (const label of new Set(LABEL_VIEW.values())) {
    const [ours = [], theirs = []] = [first!.get(label), second!.get(label)];
    if (ours.length + theirs.length === 0) continue;
    const counts = { first: ours.length, second: theirs.length, onsets: 0, spans: 0 };
    counts.onsets = matches(ours, theirs, (a, b) => isNear(a.startS, b.startS));
    counts.spans = matches(ours, theirs, (a, b) => isNear(a.startS, b.startS) && isNear(a.endS, b.endS));
    const before = evidence.labels.get(label);
    evidence.labels.set(label, before ? added(before, counts) : counts);
  }
}

function byLabel(segments: readonly Segment[]): Map<CanonicalLabel, Segment[]> {
  const groups = new Map<CanonicalLabel, Segment[]>();
  for (const segment of segments) {
    const label = LABEL_VIEW.get(segment.label);
    if (label === undefined) continue;
    const group = groups.get(label);
    if (group) group.push(segment);
    else groups.set(label, [segment]);
  }
  return groups;
}

function matches<T>(ours: readonly T[], theirs: readonly T[], agree: (a: T, b: T) => boolean): number {
  return largestMatching(ours.map((our) => theirs.flatMap((their, k) => (agree(our, their) ? [k] : []))));
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= AGREEMENT_TOLERANCE_S;
}

function added(a: SegmentCounts, b: SegmentCounts): SegmentCounts {
  return {
    first: a.first + b.first,
    second: a.second + b.second,
    onsets: a.onsets + b.onsets,
    spans: a.spans + b.spans,
  };
}

/** Of both speakers, one after the other, as this annotator alone sees it. */
function floorBits(annotations: Annotations, annotator: number, steps: number): Uint8Array {
  const gold = buildGold({ 1: [annotations[1][annotator]!], 2: [annotations[2][annotator]!] });
  const bits = new Uint8Array(2 * steps);
  for (const speaker of SPEAKERS) {
    const own = bits.subarray((speaker - 1) * steps, speaker * steps);
    const pauses = gold.eot.negatives.filter((pause) => pause.speaker === speaker);
    for (const { startS, endS } of [...gold.turns[speaker], ...pauses]) {
      own.fill(1, firstStepMidwayFrom(startS), firstStepMidwayFrom(endS));
    }
  }
  return bits;
}

function agreementOf(pair: string, { conversations, labels, floor }: Evidence): PairAgreement {
  const ordered = [...new Set(LABEL_VIEW.values())].filter((label) => labels.has(label));
  const all = [...labels.values()].reduce(added, { first: 0, second: 0, onsets: 0, spans: 0 });
  return {
    ...{ pair, conversations, all: withF1(all) },
    labels: Object.fromEntries(ordered.map((label) => [label, withF1(labels.get(label)!)])),
    floor: floorAgreement(floor),
  };
}

function withF1(counts: SegmentCounts): SegmentAgreement {
  const segments = counts.first + counts.second;
  const f1 = (pairs: number): number | null => (segments === 0 ? null : (2 * pairs) / segments);
  return { ...counts, onset_f1: f1(counts.onsets), span_f1: f1(counts.spans) };
}

function floorAgreement([neither, onlySecond, onlyFirst, both]: Evidence['floor']): PairAgreement['floor'] {
  const steps = neither + onlySecond + onlyFirst + both;
  if (steps === 0) return { steps, agreement: null, kappa: null };
  const agreement = (neither + both) / steps;
  const [first, second] = [(onlyFirst + both) / steps, (onlySecond + both) / steps];
  const chance = first * second + (1 - first) * (1 - second);
  return { steps, agreement, kappa: chance === 1 ? null : (agreement - chance) / (1 - chance) };
}
