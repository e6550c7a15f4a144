/** `npm run generate`: the documents that are made from code and checked in. Tests say when they are out of date. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import * as z from 'zod';
import { EVENT_DATA, type EventName, envelopeSchema } from '../core/effect/cloud-event.ts';
import { methodsByPath, openApiDocument } from './openapi.ts';

/** Every document, by its path in the repository. */
export function documents(): Record<string, object> {
  const names = Object.keys(EVENT_DATA) as EventName[];
  const events = names.map((name) => [`docs/events/${name}.json`, eventSchema(name)]);
  const document = openApiDocument();
  return {
    'api/openapi.json': document,
    'api/openapi-packed.json': packed(document),
    'api/methods.json': methodsByPath(),
    ...Object.fromEntries(events),
  };
}

/** As the function has it that serves it: a tenth of the size, and read when somebody asks. */
function packed(document: object): { deflated: string } {
  return { deflated: deflateRawSync(JSON.stringify(document), { level: 9 }).toString('base64') };
}

/** The JSON Schema of an event (draft 2020-12): subscribers must let it gain fields. */
function eventSchema(name: EventName): object {
  const schema = z.toJSONSchema(envelopeSchema(name), {
    override: ({ jsonSchema }) => {
      delete jsonSchema.additionalProperties;
    },
  });
  const { description } = EVENT_DATA[name];
  return { title: `meanwhile.${name}`, description, ...schema };
}

if (import.meta.main) {
  for (const [path, document] of Object.entries(documents())) {
    const target = new URL(`../${path}`, import.meta.url);
    mkdirSync(new URL('.', target), { recursive: true });
    writeFileSync(target, `${JSON.stringify(document, null, 2)}\n`);
  }
}
