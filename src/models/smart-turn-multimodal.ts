/**
 * Smart Turn Multimodal (susurobo) as a floor model: Smart Turn with the face of the speaker, a video network on the last
 * 32 frames. Without video the network sees zeros, as it did in training.
 */

import { z } from 'zod';
import { defineAdapter } from './adapter.js';
import { SIDE } from './smart-turn/clip.js';
import { AUDIO_FORM, FEATURE_FORM, VIDEO_FORM } from './smart-turn/forms.js';
import { networkOptions, openTurnModel, TURN_FACTS } from './smart-turn/model.js';
import { gateOptions } from './smart-turn/policies.js';
import { fetchedNetwork, SMART_TURN_MULTIMODAL, SMART_TURN_V3 } from './smart-turn/published.js';

const FRAME = { width: SIDE, height: SIDE };

const NO_VIDEO = `this network does not see: use -m ${SMART_TURN_V3.model}`;

const EXPECTED = {
  forms: [VIDEO_FORM],
  hint: 'is it a Smart Turn Multimodal network? those take 80 × 800 features and 32 frames of 112 × 112',
  elsewhere: [
    { form: FEATURE_FORM, hint: NO_VIDEO },
    { form: AUDIO_FORM, hint: NO_VIDEO },
  ],
};

export const smartTurnMultimodal = defineAdapter({
  ...TURN_FACTS,
  name: SMART_TURN_MULTIMODAL.model,
  video: FRAME,
  options: {
    ...gateOptions,
    version: z.enum(SMART_TURN_MULTIMODAL.versions).default(SMART_TURN_MULTIMODAL.defaultVersion).meta({
      description: "which published network, of those that 'models pull' has fetched; cpu is int8, gpu is fp32",
    }),
    model: z.string().min(1).optional().meta({
      description: 'path of another ONNX file with features and frames as inputs',
    }),
    ...networkOptions,
  },
  load(options) {
    const path = options.model ?? fetchedNetwork(SMART_TURN_MULTIMODAL, options.version);
    return openTurnModel(options, path, EXPECTED, { video: FRAME });
  },
});
