/** What comes in about customers and organisations: these schemas validate it, and make the OpenAPI document. */
import * as z from 'zod';
import {
  ADDRESSES_MAX,
  ATTRIBUTE_NAME_CHARS_MAX,
  ATTRIBUTES_MAX,
  DOMAINS_MAX,
  IDENTITIES_MAX,
  SEGMENTS_MAX,
} from '../core/customer/profile.ts';
import { addressSchema } from '../core/email/address.ts';
import { attributeValue, customerId, isAttributeName, label, locale, timeZone } from './requests.ts';

const over = (max: number) => ({ error: `are over the limit of ${max}` });
const settable = <T extends z.ZodType>(field: T) => field.nullable().optional();

const attributes = z
  .record(z.string(), attributeValue.nullable())
  .refine((all) => Object.keys(all).length <= 2 * ATTRIBUTES_MAX, over(ATTRIBUTES_MAX))
  .refine((all) => Object.keys(all).every(isAttributeName), {
    error: `have a name that is empty or over the limit of ${ATTRIBUTE_NAME_CHARS_MAX} characters`,
  })
  .optional()
  .describe('Those to change; null takes one back.');
const segments = z.array(label).max(SEGMENTS_MAX, over(SEGMENTS_MAX)).optional().describe('All of them.');

/** Labels between dots (RFC 1035 §2.3.1), letters of any script. */
const DOMAIN = /^[\p{L}\p{M}\p{N}-]+(\.[\p{L}\p{M}\p{N}-]+)+$/u;
const DOMAIN_CHARS_MAX = 253;

export const customerBody = z.strictObject({
  name: settable(label),
  locale: settable(locale),
  zoneinfo: settable(timeZone),
  plan: settable(label),
  segments,
  organisation: settable(customerId),
  attributes,
  emails: z
    .array(addressSchema)
    .max(ADDRESSES_MAX, over(ADDRESSES_MAX))
    .optional()
    .describe('All addresses that you say are theirs; mail goes to the first.'),
  identities: z
    .array(customerId)
    .max(IDENTITIES_MAX, over(IDENTITIES_MAX))
    .optional()
    .describe('Ids under which the same person wrote as a visitor or by mail: what they wrote becomes theirs.'),
});
export const organisationBody = z.strictObject({
  name: settable(label),
  domains: z
    .array(z.string().max(DOMAIN_CHARS_MAX).regex(DOMAIN, { error: 'is not a domain, such as example.com' }))
    .max(DOMAINS_MAX, over(DOMAINS_MAX))
    .optional()
    .describe('All domains of addresses whose owners belong to it, unless you say otherwise of one of them.'),
  segments,
  attributes,
});
export const identityBody = z.strictObject({
  token: z.string().max(8192).describe('The capability token that you were given as a visitor.'),
});
