/**
 * Hashes and MACs. The only door of `core` to `node:crypto`: both are pure functions of their arguments,
 * so the rule that `core` touches nothing outside itself still holds where it matters.
 */
import { createHmac, hash, timingSafeEqual } from 'node:crypto';

/** SHA-256 of UTF-8 text, 64 lower-case hex digits. */
export function sha256Hex(text: string | Uint8Array): string {
  return hash('sha256', text, 'hex');
}

/** The same in Base64, as a Content-Security-Policy names what it allows. */
export function sha256Base64(text: string): string {
  return hash('sha256', text, 'base64');
}

/** HMAC-SHA-256 of UTF-8 text, 32 bytes (RFC 2104). */
export function hmacSha256(key: string, text: string): Uint8Array {
  return createHmac('sha256', key).update(text).digest();
}

/** Compares two texts in time that depends on their length alone, so that a MAC cannot be guessed digit by digit. */
export function isSameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
