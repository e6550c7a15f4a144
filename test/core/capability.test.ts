import { describe, expect, it } from 'vitest';
import { claimedBusinessOfCapability, mintCapability, verifyCapability } from '../../core/capability.ts';
import { aThreadId } from '../builders.ts';

const OLD = { kid: 'k1', secret: 'old' };
const NEW = { kid: 'k2', secret: 'new' };

describe('a capability token', () => {
  it('grants one thread as one customer', () => {
    const thread = aThreadId();
    const token = mintCapability([NEW], thread, 'visitor_ä.1');
    expect(verifyCapability([NEW], token)).toEqual({ threadId: thread, customerId: 'visitor_ä.1' });
    expect(claimedBusinessOfCapability(token)).toBe('acme');
  });

  it('outlives a new key, and ends with its own', () => {
    const token = mintCapability([OLD], aThreadId(), 'v1');
    expect(verifyCapability([NEW, OLD], token)).toBeDefined();
    expect(verifyCapability([NEW], token)).toBeUndefined();
  });

  it('that was changed in any place grants nothing', () => {
    const token = mintCapability([NEW], aThreadId(), 'v1');
    for (let index = 0; index < token.length; index += 1) {
      // the last character of base64url holds bits that do not count
      if (index === token.length - 1) continue;
      const changed = token.slice(0, index) + (token[index] === 'x' ? 'y' : 'x') + token.slice(index + 1);
      expect(verifyCapability([NEW], changed), changed).toBeUndefined();
    }
    expect(verifyCapability([NEW], `${token}.x`)).toBeUndefined();
    expect(verifyCapability([NEW], 'ct_acme')).toBeUndefined();
  });

  it('cannot be minted without a key', () => {
    expect(() => mintCapability([], aThreadId(), 'v1')).toThrow(RangeError);
  });
});
