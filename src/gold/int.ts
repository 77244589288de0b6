/**
 * Interruptions (scoring specification, section 4): a floor-taking one is due at its start; during a backchannel or a
 * noise it would be wrong; an attempt that fails is neither and is not looked at.
 */

import type { LabelledInterval, SpeakerInterval, TaskGold } from '../core/gold.js';
import type { Consensus } from './consensus.js';

export function intEventSets(labelView: Consensus): TaskGold {
  const { events, excluded } = labelView;
  return {
    positives: events
      .filter(({ label }) => label === 'Interruption')
      .map(({ speaker, startS }) => ({ speaker, timeS: startS })),
    negatives: events.filter(({ label }) => label === 'Backchannel' || label === 'NonContent').map(extent),
    excluded: [...excluded, ...events.filter(({ label }) => label === 'NonFloorTakingInterruption').map(extent)],
  };
}

function extent({ speaker, startS, endS }: LabelledInterval): SpeakerInterval {
  return { speaker, startS, endS };
}
