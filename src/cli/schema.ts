import { Argument, Command } from 'commander';
import { z } from 'zod';
import { conversationRowSchema, runSchema } from '../result/schema.js';
import { printJson } from './options.js';

const SCHEMAS = {
  run: () => z.toJSONSchema(runSchema),
  conversation: () => z.toJSONSchema(conversationRowSchema),
} as const;

type SchemaName = keyof typeof SCHEMAS;

export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON schema of a file format')
    .addArgument(new Argument('<format>', 'which format').choices(Object.keys(SCHEMAS)))
    .addHelpText('after', '\nExamples:\n  $ turnbench schema run > run.schema.json\n  $ turnbench schema predictions')
    .action((name: SchemaName) => printJson(SCHEMAS[name]()));
}
