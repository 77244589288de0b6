/**
 * The published forms of Smart Turn networks:
 *
 *     input_features [1, 80, 800]          → logits [1, 1]        pipecat-ai/smart-turn-v3: log-mel features in
 *     audio          [1, 128000]           → probability [1, 1]   re-exports with the features inside: newest sample last
 *     input_features [1, 80, 800],
 *     pixel_values   [1, 3, 32, 112, 112]  → logits [1, 1]        susurobo/smart-turn-multimodal: colour, time, rows, columns
 *
 * All answer P(the turn is complete); "logits" has been through the sigmoid. int8 and fp32 files look the same.
 */

import { FRAMES, MELS, WHISPER_WINDOW } from '../../dsp/whisper-features.js';
import { CLIP_FRAMES, SIDE } from './clip.js';

/** What goes in, by name, and the name of what comes out. */
export interface TurnForm {
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly output: string;
}

const FEATURES = [1, MELS, FRAMES];

export const FEATURE_FORM = { inputs: { input_features: FEATURES }, output: 'logits' } satisfies TurnForm;
export const AUDIO_FORM = { inputs: { audio: [1, WHISPER_WINDOW] }, output: 'probability' } satisfies TurnForm;
export const VIDEO_FORM = {
  inputs: { input_features: FEATURES, pixel_values: [1, 3, CLIP_FRAMES, SIDE, SIDE] },
  output: 'logits',
} satisfies TurnForm;

/** `input_features, pixel_values → logits` */
export function formText({ inputs, output }: TurnForm): string {
  return `${Object.keys(inputs).join(', ')} → ${output}`;
}
