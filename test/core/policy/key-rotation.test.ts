import { describe, expect, it } from 'vitest';
import {
  freshSecrets,
  KeyNotRevocable,
  publicKey,
  sharedKey,
  withCapabilityKey,
  withCustomerKey,
  withMailKey,
  withoutKey,
} from '../../../core/policy/key-rotation.ts';

/** Bytes that are never the same twice. */
function counting() {
  let next = 0;
  return (count: number) => Uint8Array.from({ length: count }, () => next++ % 256);
}

describe('a business’s secrets', () => {
  it('begin with a key for ids and one for visitors, and none that could have been given away', () => {
    const fresh = freshSecrets(counting());
    expect(fresh.idKey.length).toBeGreaterThanOrEqual(43);
    expect(fresh.capabilityKeys).toHaveLength(1);
    expect(fresh.customerKeys).toEqual([]);
  });

  it('have two keys for customers’ tokens at most: the newest two', () => {
    const random = counting();
    const keys = [sharedKey(random), publicKey('x1', random), sharedKey(random)];
    const after = keys.reduce(withCustomerKey, freshSecrets(random));
    expect(after.customerKeys).toEqual([keys[2], keys[1]]);
  });

  it('have two keys for visitors’ tokens at most, the newest first', () => {
    const random = counting();
    const first = freshSecrets(random);
    const third = withCapabilityKey(withCapabilityKey(first, random), random);
    expect(third.capabilityKeys).toHaveLength(2);
    expect(third.capabilityKeys).not.toContainEqual(first.capabilityKeys[0]);
  });

  it('have two keys for reply tokens at most, the newest first; those of an earlier version get their first', () => {
    const random = counting();
    const { mailKeys: first, ...earlier } = freshSecrets(random);
    expect(first).toHaveLength(1);
    const third = withMailKey(withMailKey({ ...earlier, mailKeys: first ?? [] }, random), random);
    expect(third.mailKeys).toHaveLength(2);
    expect(third.mailKeys).not.toContainEqual(first?.[0]);
    expect(withMailKey(earlier, random).mailKeys).toHaveLength(1);
    expect(withoutKey(third, third.mailKeys?.[0]?.kid ?? '').mailKeys).toEqual(third.mailKeys?.slice(1));
  });

  it('keep the key for ids whatever else is changed', () => {
    const random = counting();
    const first = freshSecrets(random);
    const key = sharedKey(random);
    const changed = withoutKey(withCustomerKey(withCapabilityKey(first, random), key), key.kid);
    expect(changed.idKey).toBe(first.idKey);
    expect(changed.customerKeys).toEqual([]);
  });

  it('lose no key that is not there, nor the last for visitors', () => {
    const secrets = freshSecrets(counting());
    expect(() => withoutKey(secrets, 'nonsense')).toThrow(KeyNotRevocable);
    expect(() => withoutKey(secrets, secrets.capabilityKeys[0]?.kid ?? '')).toThrow('rotate it first');
  });
});
