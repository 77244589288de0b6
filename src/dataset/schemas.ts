import { z } from 'zod';
import { annotationsSchema } from './annotations-json.js';
import { datasetSchema, metadataSchema } from './metadata.js';

/** JSON Schemas of the files in a data-set folder, by name of the file without `.json`. */
export function datasetJsonSchemas(): Record<'dataset' | 'metadata' | 'annotations', object> {
  const schemas = { dataset: datasetSchema, metadata: metadataSchema, annotations: annotationsSchema };
  const published = Object.entries(schemas).map(([name, schema]) => [
    name,
    { title: `${name}.json`, ...z.toJSONSchema(schema, { io: 'input' }) },
  ]);
  return Object.fromEntries(published);
}
