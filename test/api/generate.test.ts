import { readdirSync, readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { documents } from '../../api/generate.ts';

const ROOT = new URL('../../', import.meta.url);
const made = documents();

describe('a document that is made from code', () => {
  it.each(Object.entries(made))('%s is as the code makes it', (path, document) => {
    const checkedIn: unknown = JSON.parse(readFileSync(new URL(path, ROOT), 'utf8'));
    expect(checkedIn, 'run npm run generate').toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('is packed for the function that serves it, and the same when it is unpacked', () => {
    const { deflated } = made['api/openapi-packed.json'] as { deflated: string };
    const text = inflateRawSync(Buffer.from(deflated, 'base64')).toString('utf8');
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(made['api/openapi.json'])));
  });

  it('of an event is there for every event, and no other', () => {
    const files = readdirSync(new URL('docs/events', ROOT)).map((file) => `docs/events/${file}`);
    expect(files.sort()).toEqual(
      Object.keys(made)
        .filter((path) => path.startsWith('docs/events/'))
        .sort(),
    );
  });
});
