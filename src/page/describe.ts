/** What is at a place of the timeline, in words. */

import { TASKS, type Task } from '../core/events.js';
import { SPEAKERS, type Speaker } from '../core/speaker.js';
import { STEPS_PER_SECOND } from '../core/time.js';
import { threshold as thresholdText } from '../report/numbers.js';
import { type EventOutcome, type IgnoredBecause, whyIgnored } from '../score/outcomes.js';
import { LABEL_NAMES } from './draw/annotations.js';
import { type Scene, SPEAKER_LANES, timeAt, xOf } from './draw/scene.js';
import { clock } from './viewport.js';
import { EVENT_NAMES } from './words.js';

/** Pixels around a mark that belong to it. */
const REACH = 7;

const BECAUSE: Readonly<Record<IgnoredBecause, string>> = {
  excluded: 'not looked at: the annotators disagree here',
  repeated: 'not counted: the event had been found already',
  fired: 'not counted again: the span had fired already',
  alarm: 'a false alarm, counted per hour: in speech, outside every scored span',
  unscored: 'not counted: outside every scored span',
};

/** Lines of text; empty where there is nothing to say. */
export function describeAt(scene: Scene, x: number, y: number): string[] {
  const timeS = timeAt(scene, x);
  if (timeS < scene.view.startS || timeS > scene.view.endS) return [];
  for (const speaker of SPEAKERS) {
    const lanes = SPEAKER_LANES[speaker];
    if (y < lanes.gold.top - 4 || y > lanes.int.top + lanes.int.height + 4) continue;
    const task = TASKS.find((name) => y >= lanes[name].top - 2 && y <= lanes[name].top + lanes[name].height + 2);
    const about = (task && aboutEvent(scene, speaker, task, x)) ?? aboutLabel(scene, speaker, timeS, y);
    return [`${clock(timeS, 0.01)} · speaker ${speaker}`, ...(about ?? aboutAnswer(scene, speaker, timeS))];
  }
  return [clock(timeS, 0.01)];
}

function aboutEvent(scene: Scene, speaker: Speaker, task: Task, x: number): string[] | undefined {
  const outcomes = scene.judgement?.scored?.outcomes[task][speaker];
  const near = (timeS: number) => Math.abs(xOf(scene, timeS) - x) <= REACH;
  // What counts lies above what does not.
  const events = [...(outcomes?.events ?? [])].sort((a, b) => rank(a) - rank(b));
  const event = events.find(({ timeS }) => near(timeS));
  if (event && event.kind !== 'ignored') return describeCounted(event, task);
  const missedS = outcomes?.missedS.find(near);
  if (missedS !== undefined) return [`miss: ${EVENT_NAMES[task]} due at ${clock(missedS, 0.01)}, nothing came in time`];
  const prepared = scene.judgement?.scored?.prepared;
  if (!event || !prepared) return undefined;
  return [
    `${EVENT_NAMES[task]} at ${clock(event.timeS, 0.01)}`,
    BECAUSE[whyIgnored(prepared, task, speaker, event.timeS)],
  ];
}

function describeCounted(event: Exclude<EventOutcome, { kind: 'ignored' }>, task: Task): string[] {
  const name = `${EVENT_NAMES[task]} at ${clock(event.timeS, 0.01)}`;
  if (event.kind === 'tp') {
    const latencyMs = Math.round((event.timeS - event.anchorS) * 1000);
    const late = latencyMs < 0 ? `${-latencyMs} ms early` : `${latencyMs} ms late`;
    return [`true positive: ${name}`, `due at ${clock(event.anchorS, 0.01)}, ${late}`];
  }
  return [`false positive: ${name}`, task === 'eot' ? 'in a pause within the turn' : 'on what takes no floor'];
}

function rank({ kind }: EventOutcome): number {
  return kind === 'ignored' ? 1 : 0;
}

function aboutLabel(scene: Scene, speaker: Speaker, timeS: number, y: number): string[] | undefined {
  const { gold, wave } = SPEAKER_LANES[speaker];
  if (!scene.gold || y < gold.top || y > wave.top + wave.height) return undefined;
  const labels = scene.gold.labels.filter(
    (label) => label.speaker === speaker && label.startS <= timeS && timeS <= label.endS,
  );
  const pause = scene.gold.eot.negatives.find(
    (span) => span.speaker === speaker && span.startS <= timeS && timeS <= span.endS,
  );
  const lines = labels.map(
    ({ label, startS, endS }) => `${LABEL_NAMES[label]} ${clock(startS, 0.01)}–${clock(endS, 0.01)}`,
  );
  if (pause) lines.push(`pause within the turn, ${((pause.endS - pause.startS) * 1000).toFixed(0)} ms`);
  return lines.length > 0 ? lines : undefined;
}

function aboutAnswer(scene: Scene, speaker: Speaker, timeS: number): string[] {
  const floor = scene.answers?.floor;
  if (!floor) return [];
  // What was answered last by then.
  const step = Math.floor(timeS * STEPS_PER_SECOND) - 1;
  const level = floor.levels[speaker][step];
  if (level === undefined) return [];
  const { thresholds } = floor;
  if (!thresholds) return [`floor ${level}`];
  const [low, high] = [thresholds[level - 1], thresholds[level]];
  const range =
    low === undefined
      ? `P(floor) ≤ ${thresholdText(high!)}`
      : high === undefined
        ? `P(floor) > ${thresholdText(low)}`
        : `P(floor) ${thresholdText(low)}–${thresholdText(high)}`;
  const holds = scene.threshold !== null && low !== undefined && low >= scene.threshold;
  return [`${range} · floor ${holds ? 1 : 0}`];
}
