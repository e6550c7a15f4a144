import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as keys from '../../../adapters/aws/keys.ts';
import { Ids, sendIdOf, timerCommandIdOf } from '../../../core/ids.ts';
import { dueAtOf } from '../../../core/thread/armed-timers.ts';
import { isListed } from '../../../core/thread/commit.ts';
import { inboxClassOf, inboxSinceOf } from '../../../core/thread/thread.ts';
import { aThreadId, DAY, MONDAY } from '../../builders.ts';
import { aHead, commandId } from '../../contracts/commits.ts';
import { history, told } from '../../core/thread/histories.ts';

/** The last instant that RFC 3339 can tell, which is the latest that a snooze can be given. */
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

const business = fc.stringMatching(/^[a-z][a-z0-9-]{1,23}$/);
const anyIds = business.map((id) => new Ids(id, 'key'));
const entropy = fc.uint8Array({ minLength: 10, maxLength: 10 });
const instant = fc.oneof(fc.integer({ min: 0, max: LATEST }), fc.integer({ min: MONDAY, max: MONDAY + DAY }));
const aThread = fc
  .tuple(anyIds, instant, entropy)
  .map(([ids, at, bytes]) => ({ ids, id: ids.thread('c1', at, bytes) }));

function isBefore(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}

describe('keys', () => {
  it('begin with the business, and tell the thread they were made of', () => {
    fc.assert(
      fc.property(aThread, ({ ids, id }) => {
        const { pk, sk } = keys.headKey(id);
        expect(pk.startsWith(`${ids.business}#THREAD#`)).toBe(true);
        expect(sk).toBe('HEAD');
        expect(keys.threadIdOfPk(pk)).toBe(id);
      }),
    );
  });

  it('of a thread’s log sort by number, apart from everything else that lies with it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999_998 }), fc.integer({ min: 1, max: 9_999_999_998 }), (a, b) => {
        const thread = aThreadId();
        expect(isBefore(keys.logSk(a), keys.logSk(b))).toBe(a < b);
        expect(keys.seqOfLogSk(keys.logKey(thread, a).sk)).toBe(a);
        expect(isBefore(keys.logSk(a), keys.LOG_END)).toBe(true);
        const others = [keys.headKey(thread), keys.commandKey(thread, 'x'), keys.sendKey(sendIdOf(thread, a, 'reply'))];
        for (const { sk } of others) expect(isBefore(keys.logSk(1), sk) && isBefore(sk, keys.LOG_END)).toBe(false);
      }),
    );
  });

  it('of commands hold only their own part, and none is another’s', () => {
    fc.assert(
      fc.property(aThread, instant, entropy, ({ ids, id }, at, bytes) => {
        const other = aThreadId();
        const own = ids.command(id, 'customer:c1', at, bytes);
        const all = [own, commandId(), timerCommandIdOf(id, 7), `dlv${sendIdOf(id, 1, 'reply').slice(3)}`];
        expect(new Set(all.map((one) => keys.commandKey(id, one).sk)).size).toBe(all.length);
        expect(keys.commandKey(id, own).sk.length).toBeLessThan(own.length - id.length + 'CMD#~'.length);
        expect(keys.commandKey(other, own)).not.toEqual(keys.commandKey(id, own));
        for (const one of all) expect(keys.wholeCommandId(id, keys.shortCommandId(id, one))).toBe(one);
      }),
    );
  });

  it('of sends lie with their thread, each entry and kind apart', () => {
    const thread = aThreadId();
    expect(keys.sendKey(sendIdOf(thread, 12, 'reply'))).toEqual({ pk: keys.threadPk(thread), sk: 'SEND#12_reply' });
  });

  it('of a keyed write are its business’s', () => {
    expect(keys.idempotencyKey('acme 0a1b')).toEqual({ pk: 'acme#KEY#0a1b', sk: 'KEY' });
    expect(keys.policyKey('acme', 'ff')).toEqual({ pk: 'acme#POLICY', sk: 'ff' });
    expect(keys.teamsPk('acme')).toBe('acme#TEAMS');
  });
});

describe('what the indexes sort by', () => {
  it('has instants in their order, the latest that can be told among them', () => {
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        const [first, second] = [a, b].map((waitingSince) =>
          keys.indexKeysOf(aHead({ id: aThreadId(), waitingSince })),
        );
        if (a !== b) expect(isBefore(first?.place ?? '', second?.place ?? '')).toBe(a < b);
      }),
      {
        examples: [
          [MONDAY, LATEST],
          [MONDAY, 10_413_792_000_000],
        ],
      }, // 2300: a digit more
    );
  });

  it('finds what is due by an instant, and nothing that is due later', () => {
    fc.assert(
      fc.property(instant, instant, fc.nat(), (dueAt, until, generation) => {
        const { dueAt: key = '' } = keys.indexKeysOf(aHead({ id: aThreadId(), closeAt: dueAt, generation }));
        expect(isBefore(key, keys.digits(until + 1))).toBe(dueAt <= until);
        expect(keys.parseDueKey(key)).toEqual({ dueAt, generation });
      }),
      { examples: [[10_413_792_000_000, MONDAY, 1]] },
    );
  });

  it('is no two threads’ same place', () => {
    const [first, second] = [aThreadId(), aThreadId()].map((id) => keys.indexKeysOf(aHead({ id, waitingSince: 5 })));
    expect(first?.place).not.toBe(second?.place);
  });
});

describe('what a head is found by', () => {
  it('follows from the head alone, and only from what it is sorted and found by', () => {
    const head = aHead({ id: aThreadId(), team: 'billing', assignee: 'ana', waitingSince: MONDAY, closeAt: MONDAY });
    const busy = { subject: 'new', tags: ['a'], seq: 9, version: 9, updatedAt: MONDAY + DAY, seenSeq: 3 };
    expect(keys.indexKeysOf({ ...head, ...busy })).toEqual(keys.indexKeysOf(head));
    expect(keys.indexKeysOf(head)).toEqual({
      business: expect.stringMatching(/^acme#[0-3]$/),
      inbox: expect.stringMatching(/^acme#billing#w#[0-3]$/),
      place: expect.stringContaining('#'),
      assignee: 'acme#ana',
      customer: 'acme#c1',
      due: expect.stringMatching(/^[0-7]$/),
      dueAt: expect.stringMatching(/#0$/),
    });
  });

  it('is in an index exactly as long as the head belongs to its list, for every history', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const { head } = told(steps);
        const found = keys.indexKeysOf(head);
        const teams = null;
        const classes = ['u', 'w', 'n', 'o', 'z', 's'] as const;
        const inbox = { by: 'inbox', business: 'acme', teams, classes, first: 'oldest' } as const;
        expect(found.inbox !== undefined).toBe(isListed(inbox, head));
        if (found.inbox !== undefined) {
          const shard = Number(found.inbox.at(-1));
          expect(found.inbox).toBe(keys.inboxPartition('acme', head.team, inboxClassOf(head), shard));
          expect(found.place?.startsWith(keys.digits(inboxSinceOf(head)))).toBe(true);
        }
        const assignee = head.assignee ?? '';
        expect(found.assignee !== undefined).toBe(
          isListed({ by: 'assignee', business: 'acme', assignee, teams }, head),
        );
        expect(found.dueAt !== undefined).toBe(dueAtOf(head) !== null);
        expect(found.due !== undefined).toBe(dueAtOf(head) !== null);
        expect(found.customer).toBe(`acme#${head.customer.id}`);
      }),
    );
  });

  it('leaves out the customer of whom nothing is known, and the team that there is not', () => {
    const found = keys.indexKeysOf(aHead({ id: aThreadId(), customer: { ...aHead({ id: '' }).customer, id: '' } }));
    expect(found.customer).toBeUndefined();
    expect(found.inbox).toMatch(/^acme#-#n#[0-3]$/);
  });

  it('spreads threads over all the partitions that are read', () => {
    const found = Array.from({ length: 400 }, () => keys.indexKeysOf(aHead({ id: aThreadId(), closeAt: 1 })));
    const shardsOf = (name: 'inbox' | 'business' | 'due') =>
      [...new Set(found.map((one) => Number(one[name]?.at(-1))))].sort((a, b) => a - b);
    const all = (count: number) => Array.from({ length: count }, (_, shard) => shard);
    expect(shardsOf('inbox')).toEqual(all(keys.INBOX_SHARDS));
    expect(shardsOf('business')).toEqual(all(keys.BUSINESS_SHARDS));
    expect(shardsOf('due')).toEqual(all(keys.DUE_SHARDS));
  });
});
