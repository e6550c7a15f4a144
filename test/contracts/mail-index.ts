/** What every index of mails does. */
import { describe, expect, it } from 'vitest';
import { bouncedKey, contentKey, messageKey } from '../../core/inbound/mail-index.ts';
import type { MailIndex } from '../../core/ports.ts';
import { aThreadId, MONDAY } from '../builders.ts';

let ids = 0;
function anId(): string {
  ids += 1;
  return `${Date.now()}.${ids}@example.com`;
}

export function mailIndexContract(name: string, make: () => Promise<MailIndex>): void {
  const RECORD = { thread: aThreadId(), command: 'cmd_1', at: MONDAY };

  describe(`${name} as an index of mails`, () => {
    it('keeps the first record of a key, and gives it to everyone after', async () => {
      const index = await make();
      const key = messageKey('acme', anId());
      expect(await index.find(key)).toBeUndefined();
      expect(await index.claim(key, RECORD)).toBeUndefined();
      expect(await index.claim(key, { ...RECORD, command: 'cmd_2' })).toEqual(RECORD);
      expect(await index.find(key)).toEqual(RECORD);
    });

    it('lets one of several claim a key', async () => {
      const index = await make();
      const key = contentKey('acme', anId());
      const claims = await Promise.all(['a', 'b', 'c'].map((command) => index.claim(key, { ...RECORD, command })));
      const kept = await index.find(key);
      expect(claims.filter((claim) => claim === undefined)).toHaveLength(1);
      expect(claims.filter((claim) => claim !== undefined)).toEqual([kept, kept]);
    });

    it('tells businesses and kinds of keys from each other', async () => {
      const index = await make();
      const id = anId();
      await index.claim(messageKey('acme', id), RECORD);
      for (const key of [messageKey('other', id), contentKey('acme', id), bouncedKey('acme', id)]) {
        expect(await index.find(key)).toBeUndefined();
      }
    });

    it('forgets what is removed', async () => {
      const index = await make();
      const key = bouncedKey('acme', anId());
      await index.claim(key, RECORD);
      await index.remove(key);
      await index.remove(key);
      expect(await index.find(key)).toBeUndefined();
      expect(await index.claim(key, RECORD)).toBeUndefined();
    });
  });
}
