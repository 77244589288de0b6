/**
 * JSON Schemas of the public formats, for other programs. They say what a schema can say; order, coverage and ends of
 * conversations are checked on reading.
 */

const conversationId = { type: 'string', description: 'id of the conversation in its data set' };

function exactly(properties: Readonly<Record<string, object>>): object {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function file(title: string, description: string, properties: Readonly<Record<string, object>>): object {
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', title, description, ...exactly(properties) };
}

const times = (description: string) => ({ type: 'array', items: { type: 'number', minimum: 0 }, description });

const speakerEvents = exactly({
  eot: times('ends of turn, s, strictly increasing'),
  interruption: times('floor-taking onsets, s, strictly increasing'),
});

export const predictionsJsonSchema: object = file(
  'predictions.json',
  'Committed event times: every conversation of the data set exactly once, no time behind its end.',
  {
    schema_version: { const: 1 },
    predictions: {
      type: 'array',
      items: exactly({ conversation_id: conversationId, speaker_1: speakerEvents, speaker_2: speakerEvents }),
    },
  },
);

const speakerProbabilities = exactly({
  prob: {
    type: 'array',
    items: { type: 'number', minimum: 0, maximum: 1 },
    description: 'one per frame: floor(duration · frame_rate_hz) values',
  },
});

export const probabilitiesJsonSchema: object = file(
  'probs-eot.json, probs-int.json',
  'Probabilities of one task per frame: every conversation of the data set exactly once.',
  {
    schema_version: { const: 1 },
    task: { enum: ['eot', 'int'] },
    frame_rate_hz: { type: 'number', exclusiveMinimum: 0 },
    probs: {
      type: 'array',
      items: exactly({
        conversation_id: conversationId,
        speaker_1: speakerProbabilities,
        speaker_2: speakerProbabilities,
      }),
    },
  },
);
