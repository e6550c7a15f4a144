import { describe, expect, it } from 'vitest';
import { mintCapability, verifyCapability } from '../../../core/capability.ts';
import {
  claimedBusinessOfRatingToken,
  mintRatingToken,
  RATING_DAYS,
  threadOfRatingToken,
} from '../../../core/rating/rating-token.ts';
import { aThreadId, DAY, MONDAY } from '../../builders.ts';

const OLD = { kid: 'k1', secret: 'old' };
const NEW = { kid: 'k2', secret: 'new' };

describe('a rating token', () => {
  const thread = aThreadId();
  const token = mintRatingToken([NEW, OLD], thread, MONDAY);

  it('is of one thread, and fits an address as it is', () => {
    expect(threadOfRatingToken([NEW], token, MONDAY)).toBe(thread);
    expect(claimedBusinessOfRatingToken(token)).toBe('acme');
    expect(encodeURIComponent(token)).toBe(token);
    expect(token.length).toBeLessThan(100);
  });

  it('holds for so many days', () => {
    expect(threadOfRatingToken([NEW], token, MONDAY + RATING_DAYS * DAY)).toBe(thread);
    expect(threadOfRatingToken([NEW], token, MONDAY + (RATING_DAYS + 1) * DAY)).toBeUndefined();
  });

  it('outlives a new key, and ends with its own', () => {
    const older = mintRatingToken([OLD], thread, MONDAY);
    expect(threadOfRatingToken([NEW, OLD], older, MONDAY)).toBe(thread);
    expect(threadOfRatingToken([NEW], older, MONDAY)).toBeUndefined();
  });

  it('that was changed in any place is of none', () => {
    for (let index = 0; index < token.length; index += 1) {
      const changed = token.slice(0, index) + (token[index] === 'x' ? 'y' : 'x') + token.slice(index + 1);
      expect(threadOfRatingToken([NEW], changed, MONDAY), changed).toBeUndefined();
    }
    for (const wrong of ['', 'acme', `${token}.x`, token.slice(0, -1)]) {
      expect(threadOfRatingToken([NEW], wrong, MONDAY), wrong).toBeUndefined();
    }
  });

  it('is no capability, nor the other way round, though their keys are the same', () => {
    expect(verifyCapability([NEW], token)).toBeUndefined();
    expect(verifyCapability([NEW], `ct_${token}`)).toBeUndefined();
    const capability = mintCapability([NEW], thread, 'c1');
    expect(threadOfRatingToken([NEW], capability, MONDAY)).toBeUndefined();
    expect(threadOfRatingToken([NEW], capability.slice('ct_'.length), MONDAY)).toBeUndefined();
  });

  it('cannot be minted without a key', () => {
    expect(() => mintRatingToken([], thread, MONDAY)).toThrow(RangeError);
  });
});
