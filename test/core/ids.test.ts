import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  claimedBusinessOf,
  ENTROPY_BYTES,
  entryIdOf,
  Ids,
  isFounding,
  isOlderThread,
  messageIdOf,
  sendIdOf,
  timerCommandIdOf,
} from '../../core/ids.ts';
import { MONDAY } from '../builders.ts';

const ids = new Ids('acme', 'key');
const entropy = fc.uint8Array({ minLength: ENTROPY_BYTES, maxLength: ENTROPY_BYTES });
const instant = fc.integer({ min: 0, max: 2 ** 45 });
const customer = fc.string({ minLength: 1, maxLength: 50 });
const SOME = new Uint8Array(ENTROPY_BYTES).fill(7);

describe('an id', () => {
  it('says its business, thread, instant and owner to whoever has the key', () => {
    fc.assert(
      fc.property(instant, entropy, customer, (at, bytes, customerId) => {
        const thread = ids.thread(customerId, at, bytes);
        const command = ids.command(thread, 'agent:ana', at, bytes);
        const verified = ids.verify(thread);
        expect(verified).toMatchObject({ kind: 'thr', business: 'acme', threadId: thread, at });
        expect(verified && ids.isOwnedBy(verified, `customer:${customerId}`)).toBe(true);
        expect(verified && ids.isOwnedBy(verified, `customer:${customerId}x`)).toBe(false);
        expect(ids.verify(command)).toMatchObject({ kind: 'cmd', threadId: thread, at });
      }),
    );
  });

  it('that was changed in any one place is not ours', () => {
    const id = ids.command(ids.thread('c1', MONDAY, SOME), 'customer:c1', MONDAY, SOME);
    for (let index = 0; index < id.length; index += 1) {
      const changed = id.slice(0, index) + (id[index] === '0' ? '1' : '0') + id.slice(index + 1);
      expect(ids.verify(changed), changed).toBeUndefined();
    }
  });

  it.each(['', 'thr', 'thr_acme', 'thr_acme_', 'cmd_acme_x', 'thr_acme_x_y_z', '__proto__', 'thr_other_0000'])(
    'made up as %j is not ours',
    (id) => expect(ids.verify(id)).toBeUndefined(),
  );

  it('of another business or key is not ours', () => {
    const thread = ids.thread('c1', MONDAY, SOME);
    expect(new Ids('acme', 'other key').verify(thread)).toBeUndefined();
    expect(new Ids('other', 'key').verify(thread)).toBeUndefined();
  });

  it('of a command tells whether its thread was made for it', () => {
    const thread = ids.thread('c1', MONDAY, SOME);
    const other = Uint8Array.from(SOME, (byte) => byte + 1);
    expect(isFounding(thread, ids.command(thread, 'customer:c1', MONDAY, SOME))).toBe(true);
    expect(isFounding(thread, ids.command(thread, 'customer:c1', MONDAY, other))).toBe(false);
    expect(isFounding(thread, ids.command(thread, 'customer:c1', MONDAY + 1, SOME))).toBe(false);
    expect(isFounding(ids.thread('c1', MONDAY, other), ids.command(thread, 'customer:c1', MONDAY, SOME))).toBe(false);
    expect(isFounding(thread, timerCommandIdOf(thread, 1))).toBe(false);
  });

  it('sorts by time', () => {
    fc.assert(
      fc.property(instant, instant, entropy, entropy, (a, b, one, two) => {
        fc.pre(a !== b);
        expect(isOlderThread(ids.thread('c1', a, one), ids.thread('c2', b, two))).toBe(a < b);
      }),
    );
  });

  it('of a command stays within what SQS allows, for the longest business', () => {
    const long = new Ids(`a${'b'.repeat(23)}`, 'key');
    const command = long.command(long.thread('c1', MONDAY, SOME), 'customer:c1', MONDAY, SOME);
    expect(command.length).toBeLessThanOrEqual(128);
    expect(command).toMatch(/^[\w~-]+$/);
  });

  it('derives the ids of message, entry and send from what caused them', () => {
    const thread = ids.thread('c1', MONDAY, SOME);
    expect(messageIdOf('cmd_acme_x')).toBe('msg_acme_x');
    expect(entryIdOf(thread, 3)).toBe(`ent${thread.slice(3)}_3`);
    expect(sendIdOf(thread, 3, 'reply')).toMatch(/^snd_acme_\w+_3_reply$/);
    expect(claimedBusinessOf(sendIdOf(thread, 3, 'reply'))).toBe('acme');
  });
});
