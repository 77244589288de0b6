/**
 * Interruptions (scoring specification, section 4): a floor-taking one is due at its start; during a backchannel or a
 * noise it would be wrong; an attempt that fails is neither and is not looked at.
 */

import type { Anchor, LabelledInterval, SpeakerInterval, TaskGold } from '../core/gold.js';
import { SPEAKERS } from '../core/speaker.js';
import type { Consensus } from './consensus.js';

export function intEventSets(labelView: Consensus<LabelledInterval>): TaskGold {
  const positives: Anchor[] = [];
  const negatives: SpeakerInterval[] = [];
  const failed: SpeakerInterval[] = [];
  for (const speaker of SPEAKERS) {
    for (const event of labelView[speaker].events) {
      if (event.label === 'Interruption') positives.push({ speaker, timeS: event.startS });
      else if (event.label === 'Backchannel' || event.label === 'NonContent') negatives.push(extent(event));
      else if (event.label === 'NonFloorTakingInterruption') failed.push(extent(event));
    }
  }
  return { positives, negatives, excluded: [...labelView[1].excluded, ...labelView[2].excluded, ...failed] };
}

function extent({ speaker, startS, endS }: LabelledInterval): SpeakerInterval {
  return { speaker, startS, endS };
}
