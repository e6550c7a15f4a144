/** The secrets of a business. */

/** A key that customers' tokens may be signed with. */
export type CustomerKey =
  | { kid: string; alg: 'HS256'; secret: string }
  | { kid: string; alg: 'EdDSA'; publicKey: { kty: 'OKP'; crv: 'Ed25519'; x: string } };

export interface BusinessSecrets {
  /** For ids; never rotated. */
  idKey: string;
  /** At most two valid at a time. */
  customerKeys: CustomerKey[];
  /** For capability tokens, newest first; at most two valid at a time. */
  capabilityKeys: { kid: string; secret: string }[];
  /** For reply tokens, likewise; secrets of an earlier version have none until the first is made. */
  mailKeys?: { kid: string; secret: string }[];
}
