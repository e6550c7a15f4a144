/** What an entry keeps of the mail that brought it: who says to have sent it, what that is worth, and where it lies. */
import * as z from 'zod';

/** `none`: nobody has looked, or there was nothing to look at. `gray`: looked at, and not known. */
const verdict = z.enum(['pass', 'fail', 'gray', 'none']);
export type Verdict = z.infer<typeof verdict>;

export const VERDICTS = ['spam', 'virus', 'spf', 'dkim', 'dmarc'] as const;

const verdictsSchema = z.object({ spam: verdict, virus: verdict, spf: verdict, dkim: verdict, dmarc: verdict });
/** What the receiving server has found out; `virus` passes where there is none. */
export type Verdicts = z.infer<typeof verdictsSchema>;

/** Mails that no person wrote to us. */
export const MACHINE_KINDS = ['auto-reply', 'bounce', 'delay', 'complaint', 'list'] as const;
export type MachineKind = (typeof MACHINE_KINDS)[number];

export const mailFactsSchema = z.object({
  /** The raw mail. */
  rawKey: z.string(),
  from: z.string().nullable(),
  messageId: z.string().nullable(),
  /** As the mail has it. */
  subject: z.string().nullable(),
  verdicts: verdictsSchema,
  /** Whether the sender's address is theirs, as far as the receiving server can know. */
  isAuthenticated: z.boolean(),
  /** How its thread was found, and by what; what was tried in vain before it. */
  found: z.object({ by: z.enum(['token', 'reference', 'address']), what: z.string(), failed: z.array(z.string()) }),
  /** Files that are in the raw mail alone, and why. */
  omitted: z.array(
    z.object({ name: z.string(), bytes: z.int(), reason: z.enum(['size', 'count', 'type', 'virus', 'machine']) }),
  ),
  /** Where reading the mail was cut off. */
  cutAt: z.array(z.string()),
  /** As many of its sender's domain were acknowledged as people write. */
  unacknowledged: z.literal(true).optional(),
  /** No person wrote it: nothing answers it by itself, also once an agent took it for somebody's (RFC 3834 §2). */
  machine: z.enum(MACHINE_KINDS).optional(),
});
export type MailFacts = z.infer<typeof mailFactsSchema>;

/** Why an agent’s mail was not posted, and what is put into the words; an earlier version kept these, in English. */
export const mailProblemSchema = z.union([
  z.object({ code: z.string(), values: z.record(z.string(), z.string()) }),
  z.string(),
]);

export type MailProblem = z.infer<typeof mailProblemSchema>;

/** Why a mail is held: nobody has failed, and an agent lets it go or does not. */
export const HOLD_CODES = [
  'unreadable-mail',
  'virus',
  'spam',
  'foreign-token',
  'sender-unproved',
  'unknown-address',
  'too-many',
  'own-address',
  ...MACHINE_KINDS,
] as const;
export type HoldCode = (typeof HOLD_CODES)[number];
