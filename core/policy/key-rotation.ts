/** How a business's secrets are made and changed; randomness is an argument. Of a kind, two keys are valid at once. */
import type { BusinessSecrets, CustomerKey } from './business-secrets.ts';

const KEYS_MAX = 2;
const KEY_BYTES = 32;

export type RandomBytes = (count: number) => Uint8Array;

/** A key cannot be taken away: it is not there, or nothing would be left. */
export class KeyNotRevocable extends Error {
  override readonly name = 'KeyNotRevocable';
}

/** Fresh secrets, with no key for customers' tokens yet. */
export function freshSecrets(random: RandomBytes): BusinessSecrets {
  return {
    idKey: secretText(random),
    customerKeys: [],
    capabilityKeys: [{ kid: keyId(random), secret: secretText(random) }],
    mailKeys: [{ kid: keyId(random), secret: secretText(random) }],
  };
}

/** A new shared secret for customers' tokens. */
export function sharedKey(random: RandomBytes): CustomerKey & { alg: 'HS256' } {
  return { kid: keyId(random), alg: 'HS256', secret: secretText(random) };
}

/** The public half of a pair whose private half the business keeps. @param x of the JWK (RFC 8037) */
export function publicKey(x: string, random: RandomBytes): CustomerKey & { alg: 'EdDSA' } {
  return { kid: keyId(random), alg: 'EdDSA', publicKey: { kty: 'OKP', crv: 'Ed25519', x } };
}

/** Adds a key for customers' tokens; of those before, the latest stays valid. */
export function withCustomerKey(secrets: BusinessSecrets, key: CustomerKey): BusinessSecrets {
  return { ...secrets, customerKeys: [key, ...secrets.customerKeys].slice(0, KEYS_MAX) };
}

/** A new key for capability tokens; of those before, the latest stays valid. */
export function withCapabilityKey(secrets: BusinessSecrets, random: RandomBytes): BusinessSecrets {
  const key = { kid: keyId(random), secret: secretText(random) };
  return { ...secrets, capabilityKeys: [key, ...secrets.capabilityKeys].slice(0, KEYS_MAX) };
}

/** A new key for reply tokens; of those before, the latest stays valid. */
export function withMailKey(secrets: BusinessSecrets, random: RandomBytes): BusinessSecrets {
  const key = { kid: keyId(random), secret: secretText(random) };
  return { ...secrets, mailKeys: [key, ...(secrets.mailKeys ?? [])].slice(0, KEYS_MAX) };
}

/** Takes a key away at once. @throws {KeyNotRevocable} */
export function withoutKey(secrets: BusinessSecrets, kid: string): BusinessSecrets {
  const customerKeys = secrets.customerKeys.filter((key) => key.kid !== kid);
  const capabilityKeys = secrets.capabilityKeys.filter((key) => key.kid !== kid);
  const mailKeys = secrets.mailKeys?.filter((key) => key.kid !== kid);
  const left = { ...secrets, customerKeys, capabilityKeys, ...(mailKeys === undefined ? {} : { mailKeys }) };
  if (keysIn(left) === keysIn(secrets)) {
    throw new KeyNotRevocable(`There is no key ${kid}.`);
  }
  if (capabilityKeys.length === 0) {
    throw new KeyNotRevocable(`${kid} is the only key for capability tokens: rotate it first.`);
  }
  return left;
}

function keysIn({ customerKeys, capabilityKeys, mailKeys = [] }: BusinessSecrets): number {
  return customerKeys.length + capabilityKeys.length + mailKeys.length;
}

function keyId(random: RandomBytes): string {
  return Buffer.from(random(6)).toString('hex');
}

function secretText(random: RandomBytes): string {
  return Buffer.from(random(KEY_BYTES)).toString('base64url');
}
