import { Argument, Command } from 'commander';
import { z } from 'zod';
import { baselineSchema } from '../compare/baseline.js';
import { comparisonSchema } from '../compare/schema.js';
import { turnRowSchema } from '../dataset/eot-rows.js';
import { datasetJsonSchemas } from '../dataset/schemas.js';
import { benchSchema } from '../result/bench-schema.js';
import { predictionsJsonSchema, probabilitiesJsonSchema } from '../result/format-schemas.js';
import { conversationRowSchema, runSchema } from '../result/schema.js';
import { eventRowSchema, predictionRowSchema } from '../run/policy-file.js';
import { printJson } from './options.js';

const SCHEMAS = {
  run: () => z.toJSONSchema(runSchema),
  conversation: () => z.toJSONSchema(conversationRowSchema),
  comparison: () => z.toJSONSchema(comparisonSchema),
  baseline: () => z.toJSONSchema(baselineSchema),
  bench: () => z.toJSONSchema(benchSchema),
  predictions: () => predictionsJsonSchema,
  probabilities: () => probabilitiesJsonSchema,
  dataset: () => datasetJsonSchemas().dataset,
  metadata: () => datasetJsonSchemas().metadata,
  annotations: () => datasetJsonSchemas().annotations,
  turn: () => z.toJSONSchema(turnRowSchema, { io: 'input' }),
  'policy-prediction': () => z.toJSONSchema(predictionRowSchema, { io: 'input' }),
  'policy-event': () => z.toJSONSchema(eventRowSchema, { io: 'input' }),
} as const;

type SchemaName = keyof typeof SCHEMAS;

export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON schema of a file format')
    .addArgument(new Argument('<format>', 'which format').choices(Object.keys(SCHEMAS)))
    .addHelpText(
      'after',
      `
run and conversation are run.json and a row of conversations.jsonl; comparison and bench are what compare
--json and bench --json print; baseline is what baselines update writes; predictions and probabilities are the public
formats; dataset, metadata and annotations are the files of a data-set folder; turn, policy-prediction and policy-event
are rows of the JSON lines that eval -d eot:FOLDER and policy read.

Examples:
  $ turnbench schema run > run.schema.json
  $ turnbench schema predictions`,
    )
    .action((name: SchemaName) => printJson(SCHEMAS[name]()));
}
