import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { documents } from '../../api/generate.ts';

const ROOT = new URL('../../', import.meta.url);
const made = documents();

describe('a document that is made from code', () => {
  it.each(Object.entries(made))('%s is as the code makes it', (path, document) => {
    const checkedIn: unknown = JSON.parse(readFileSync(new URL(path, ROOT), 'utf8'));
    expect(checkedIn, 'run npm run generate').toEqual(JSON.parse(JSON.stringify(document)));
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
