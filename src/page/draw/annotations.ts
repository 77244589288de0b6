/** What the annotators agree on: turns behind the loudness, labels above it. */

import type { CanonicalLabel } from '../../core/gold.js';
import type { Speaker } from '../../core/speaker.js';
import type { Palette } from './palette.js';
import { GUTTER, type Scene, SPEAKER_LANES } from './scene.js';
import { fillSpan, hatchSpan } from './spans.js';

type Context = CanvasRenderingContext2D;

export const LABEL_NAMES: Readonly<Record<CanonicalLabel, string>> = {
  Turn: 'turn',
  Laughter: 'laughter',
  AwkwardSilence: 'awkward silence',
  Interruption: 'interruption',
  NonFloorTakingInterruption: 'failed attempt',
  Backchannel: 'backchannel',
  NonContent: 'noise',
};

export function drawTurns(context: Context, scene: Scene, speaker: Speaker): void {
  const { gold, palette } = scene;
  if (!gold) return;
  const lane = SPEAKER_LANES[speaker].wave;
  context.save();
  context.globalAlpha = 0.35;
  context.fillStyle = palette.turn;
  for (const turn of gold.turns[speaker]) fillSpan(context, scene, turn, lane);
  context.restore();
  for (const pause of gold.eot.negatives) {
    if (pause.speaker === speaker) hatchSpan(context, scene, pause, lane, palette.pause);
  }
}

export function drawLabels(context: Context, scene: Scene, speaker: Speaker): void {
  const { gold, palette } = scene;
  if (!gold) return;
  const lane = SPEAKER_LANES[speaker].gold;
  for (const span of gold.labels) {
    if (span.speaker !== speaker) continue;
    context.fillStyle = labelColour(span.label, palette);
    const at = fillSpan(context, scene, span, lane);
    const name = LABEL_NAMES[span.label];
    if (!at || at.width < context.measureText(name).width + 10) continue;
    context.fillStyle = palette.text;
    context.fillText(name, Math.max(at.x, GUTTER) + 5, lane.top + lane.height / 2 + 4);
  }
}

function labelColour(label: CanonicalLabel, palette: Palette): string {
  if (label === 'Turn') return palette.turn;
  if (label === 'Backchannel') return palette.backchannel;
  return label === 'Interruption' ? palette.interruption : palette['other-label'];
}
