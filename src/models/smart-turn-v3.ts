/** Smart Turn v3 (pipecat-ai) as a floor model: a Whisper encoder with a small head on the last 8 s of the turn. */

import { z } from 'zod';
import { defineAdapter } from './adapter.js';
import { AUDIO_FORM, FEATURE_FORM, VIDEO_FORM } from './smart-turn/forms.js';
import { networkOptions, openTurnModel, TURN_FACTS } from './smart-turn/model.js';
import { gateOptions } from './smart-turn/policies.js';
import { fetchedNetwork, SMART_TURN_MULTIMODAL, SMART_TURN_V3 } from './smart-turn/published.js';

const EXPECTED = {
  forms: [FEATURE_FORM, AUDIO_FORM],
  hint: 'is it a Smart Turn v3 network? those have 80 × 800 features or 8 s of audio at 16 kHz as input',
  elsewhere: [{ form: VIDEO_FORM, hint: `this is the network with video: use -m ${SMART_TURN_MULTIMODAL.model}` }],
};

export const smartTurnV3 = defineAdapter({
  ...TURN_FACTS,
  name: SMART_TURN_V3.model,
  options: {
    ...gateOptions,
    version: z.enum(SMART_TURN_V3.versions).default(SMART_TURN_V3.defaultVersion).meta({
      description: "which published network, of those that 'models pull' has fetched; cpu is int8, gpu is fp32",
    }),
    model: z.string().min(1).optional().meta({
      description: 'path of another Smart Turn ONNX file, with features or with audio as input',
    }),
    ...networkOptions,
  },
  load(options) {
    return openTurnModel(options, options.model ?? fetchedNetwork(SMART_TURN_V3, options.version), EXPECTED);
  },
});
