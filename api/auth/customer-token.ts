/** Customers' tokens: JWTs that the business signs with a key we share (HS256) or whose public half we have (EdDSA). */
import { importJWK, type JWTPayload, jwtVerify } from 'jose';
import * as z from 'zod';
import { addressSchema } from '../../core/email/address.ts';
import type { CustomerKey } from '../../core/policy/business-secrets.ts';
import type { Secrets } from '../../core/ports.ts';
import type { Customer } from '../../core/thread/thread.ts';

export const AUDIENCE = 'meanwhile';
const CLOCK_TOLERANCE_SECONDS = 5;

const claimsSchema = z.object({
  sub: z.string().min(1).max(255),
  email: addressSchema.optional(),
  name: z.string().min(1).max(100).optional(),
  locale: z.string().max(35).optional(),
  zoneinfo: z.string().max(64).refine(isTimeZone, { error: 'is not an IANA time zone' }).optional(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});

/** A token that does not count, and why. The reason is for whoever makes tokens: it never quotes one. */
export class InvalidToken extends Error {
  override readonly name = 'InvalidToken';
}

/**
 * Verifies a customer's token. The algorithm comes from the key, never from the token (RFC 8725 §3.1).
 * @throws {InvalidToken}
 */
export async function verifyCustomerToken(
  token: string,
  business: string,
  kid: string | undefined,
  secrets: Secrets,
  now: Date,
): Promise<{ customer: Customer; expiresAt: number }> {
  const key = await keyOf(business, kid, secrets);
  let payload: JWTPayload;
  try {
    const material = key.alg === 'HS256' ? Buffer.from(key.secret) : await importJWK(key.publicKey, 'EdDSA');
    const verified = await jwtVerify(token, material, {
      algorithms: key.alg === 'HS256' ? ['HS256'] : ['EdDSA', 'Ed25519'],
      issuer: business,
      audience: AUDIENCE,
      requiredClaims: ['sub', 'exp'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: now,
    });
    payload = verified.payload;
  } catch {
    throw new InvalidToken('The token is forged, expired, or for somebody else.');
  }
  const claims = claimsSchema.safeParse(payload);
  if (!claims.success) throw new InvalidToken(`The token's ${z.prettifyError(claims.error)}`);
  const { sub, name, email, locale, zoneinfo } = claims.data;
  return {
    customer: {
      id: sub,
      name: name ?? null,
      email: email ?? null,
      locale: locale ?? null,
      zoneinfo: zoneinfo ?? null,
    },
    expiresAt: (payload.exp ?? 0) * 1000,
  };
}

/** The key of an id; one that is not known may have been made a moment ago, so the secrets are read anew. */
async function keyOf(business: string, kid: string | undefined, secrets: Secrets): Promise<CustomerKey> {
  if (kid === undefined) throw new InvalidToken('The token names no key: kid is needed.');
  for (const keys of [() => secrets.of(business), () => secrets.refreshed(business)]) {
    const key = (await keys())?.customerKeys.find((candidate) => candidate.kid === kid);
    if (key !== undefined) return key;
  }
  throw new InvalidToken('The token names a key that is not valid.');
}

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}
