import { describe, expect, it } from 'vitest';
import {
  freshSecrets,
  KeyNotRevocable,
  publicKey,
  sharedKey,
  withCapabilityKey,
  withCustomerKey,
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
