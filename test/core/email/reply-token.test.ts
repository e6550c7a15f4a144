import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bearerOf,
  type Correspondent,
  isExpired,
  isTokenOf,
  readReplyToken,
  replyLocalPart,
  VALID_DAYS,
} from '../../../core/email/reply-token.ts';
import { aThreadId, DAY, MONDAY, testIds } from '../../builders.ts';

const KEYS = [{ kid: 'k1', secret: 'one' }];
const CLEO: Correspondent = 'customer:cleo@example.com';

function aToken(to: Correspondent = CLEO, keys = KEYS, at = MONDAY, threadId = aThreadId()) {
  const localPart = replyLocalPart(keys, { threadId, to, at }) ?? '';
  const token = readReplyToken(localPart);
  if (token === undefined) throw new Error(`${localPart} is no token.`);
  return { localPart, token, threadId };
}

const bearer = (localPart: string, candidates: Correspondent[] = [CLEO], keys = KEYS, business = 'acme') => {
  const token = readReplyToken(localPart);
  return token && bearerOf(token, business, keys, candidates);
};

describe('a reply token', () => {
  it('fits a local part: 64 octets of lower-case letters, digits and one plus', () => {
    const { localPart } = aToken();
    expect(localPart).toMatch(/^reply\+[0-9a-hjkmnp-tv-z]{58}$/);
    expect(localPart).toHaveLength(64);
  });

  it('brings back the thread', () => {
    const { token, threadId } = aToken();
    expect(testIds.wholeThread(token.thread)).toBe(threadId);
  });

  it('works for whom it was made, however their address and its own are written', () => {
    const { localPart } = aToken();
    expect(bearer(localPart)).toBe(CLEO);
    expect(bearer(localPart.toUpperCase(), ['customer:Cleo@Example.COM'])).toBe('customer:Cleo@Example.COM');
  });

  it.each<[string, Correspondent]>([
    ['another customer', 'customer:mallory@example.com'],
    ['an agent of that address', 'agent:cleo@example.com'],
    ['a team', 'team:support'],
  ])('does not work for %s', (_who, candidate) => {
    expect(bearer(aToken().localPart, [candidate])).toBeUndefined();
  });

  it('does not work at another business, whose tag may be the same', () => {
    const { localPart, token } = aToken();
    expect(isTokenOf(token, 'acme')).toBe(true);
    expect(isTokenOf(token, 'other')).toBe(false);
    expect(bearer(localPart, [CLEO], KEYS, 'other')).toBeUndefined();
  });

  it('works with the two keys that are valid, and no longer with one that was taken away', () => {
    const { localPart } = aToken();
    const newer = { kid: 'k2', secret: 'two' };
    expect(bearer(localPart, [CLEO], [newer, ...KEYS])).toBe(CLEO);
    expect(bearer(localPart, [CLEO], [newer])).toBeUndefined();
    expect(bearer(localPart, [CLEO], [{ kid: 'k1', secret: 'made up' }])).toBeUndefined();
  });

  it('is made with the newest key, and not at all without one', () => {
    const keys = [{ kid: 'k2', secret: 'two' }, ...KEYS];
    expect(bearer(aToken(CLEO, keys).localPart, [CLEO], keys.slice(0, 1))).toBe(CLEO);
    expect(replyLocalPart([], { threadId: aThreadId(), to: CLEO, at: MONDAY })).toBeUndefined();
    expect(replyLocalPart(undefined, { threadId: aThreadId(), to: CLEO, at: MONDAY })).toBeUndefined();
  });

  it('expires', () => {
    const { token } = aToken();
    expect(isExpired(token, MONDAY + VALID_DAYS * DAY)).toBe(false);
    expect(isExpired(token, MONDAY + (VALID_DAYS + 1) * DAY)).toBe(true);
  });

  it('cannot be changed in any character', () => {
    const { localPart } = aToken();
    fc.assert(
      fc.property(
        fc.integer({ min: 'reply+'.length, max: 63 }),
        fc.constantFrom(...'0123456789abcdefghjkmnpqrstvwxyz'),
        (at, char) => {
          fc.pre(localPart[at] !== char);
          expect(bearer(localPart.slice(0, at) + char + localPart.slice(at + 1))).toBeUndefined();
        },
      ),
    );
  });

  it.each(['reply', 'reply+', 'reply+short', `reply+${'0'.repeat(59)}`, `reply+${'0'.repeat(57)}=`, 'support'])(
    'is not what %s is',
    (localPart) => expect(readReplyToken(localPart)).toBeUndefined(),
  );
});
