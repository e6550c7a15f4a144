/** Customers' tokens: JWTs that the business signs with a key we share (HS256) or whose public half we have (EdDSA). */
import { importJWK, type JWTPayload, jwtVerify } from 'jose';
import * as z from 'zod';
import { addressSchema } from '../../core/email/address.ts';
import { oneLine } from '../../core/one-line.ts';
import type { CustomerKey } from '../../core/policy/business-secrets.ts';
import type { Secrets } from '../../core/ports.ts';
import type { Customer } from '../../core/thread/thread.ts';
import { attributesSchema, locale, timeZone } from '../requests.ts';

export const AUDIENCE = 'meanwhile';
const CLOCK_TOLERANCE_SECONDS = 5;
const NAME_CHARS_MAX = 100;

/** Some issuers tell it as text. */
const VERIFIED: unknown[] = [undefined, null, true, 'true'];

const claimsSchema = z.object({
  sub: z.string().min(1).max(255),
  email: addressSchema.nullish(),
  /** OpenID Connect Core §5.1. Where it is not told, the business stands for the address by its signature. */
  email_verified: z.unknown().optional(),
  name: z.string().nullish().transform(asName),
  locale: locale.nullish(),
  zoneinfo: timeZone.nullish(),
  attributes: attributesSchema.nullish(),
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
): Promise<{ customer: Customer; isAddressProved: boolean; expiresAt: number }> {
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
  if (!claims.success) {
    const problems = claims.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    throw new InvalidToken(`What the token claims is wrong: ${problems.join('; ')}.`);
  }
  const { sub, name, email, email_verified, locale, zoneinfo, attributes } = claims.data;
  return {
    customer: {
      id: sub,
      name,
      email: email ?? null,
      locale: locale ?? null,
      zoneinfo: zoneinfo ?? null,
      attributes: attributes ?? {},
    },
    isAddressProved: typeof email === 'string' && VERIFIED.includes(email_verified),
    expiresAt: (payload.exp ?? 0) * 1000,
  };
}

/** A name to be shown in one line; one too long is cut rather than locking its customer out. */
function asName(name: string | null | undefined): string | null {
  const line = oneLine(name ?? '');
  return line === '' ? null : line.slice(0, NAME_CHARS_MAX).toWellFormed();
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
