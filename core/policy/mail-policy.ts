/** Where a business receives mail, and what it does with some that comes. */
import * as z from 'zod';
import { addressSchema } from '../email/address.ts';
import { nameSchema } from './name.ts';

const DOMAIN = /^(?=.{4,189}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/;
const MEBIBYTE = 1024 * 1024;

export const mailPolicySchema = z.strictObject({
  /**
   * A domain all of whose mail comes to the product: answers come back to an address of their own there. Without it,
   * answers go to the team's address, and are told apart by what they refer to alone.
   */
  repliesAt: z.string().regex(DOMAIN, { error: 'is no domain, such as in.acme.example' }).optional(),
  /** Addresses that mail is received at beside the teams' own, in lower case, and the team that each is for. */
  addresses: z.record(addressSchema.lowercase(), nameSchema).default({}),
  /** Ids of lists (RFC 2919, such as `support.acme.example`) that bring customers' mail; that of others is held. */
  lists: z.array(z.string().toLowerCase().min(1).max(255)).default([]),
  /** When somebody else answers a mail to a customer: they join the thread under their own name, or begin their own. */
  strangers: z.enum(['join', 'begin']).default('join'),
  /** Mail that the receiving server takes for spam is held until an agent lets it go, or taken like any other. */
  spam: z.enum(['hold', 'take']).default('hold'),
  /** What is made of the signature under an answer: kept, taken off, or only where a line of two hyphens begins it. */
  signatures: z.enum(['keep', 'strip', 'strip-delimited']).default('keep'),
  /** Files of a mail that are put beside its thread; what is over this is named there, and stays in the raw mail. */
  files: z
    .strictObject({
      bytesMax: z
        .int()
        .min(0)
        .default(25 * MEBIBYTE),
      countMax: z.int().min(0).max(100).default(15),
    })
    .prefault({}),
});

export type MailPolicy = z.infer<typeof mailPolicySchema>;
