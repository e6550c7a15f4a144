/** What a platform team decides about a deployment, from the context of `cdk.json` or `-c name=value`. */
import type { Node } from 'constructs';
import * as z from 'zod';
import { addressSchema } from '../core/email/address.ts';

const DOMAIN = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/;
/** For how long CloudWatch can keep logs. */
const LOG_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 180, 365];
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
const identity = z.union([z.string().regex(DOMAIN), addressSchema], {
  error: 'is no domain, such as acme.example, and no address',
});
const identities = z.preprocess(
  (told) => (typeof told === 'string' ? told.split(',').map((one) => one.trim()) : told),
  z.array(identity).default([]),
);

const settingsSchema = z.strictObject({
  /** `dev` can be destroyed with all its data; `prod` keeps data, and refuses to be deleted by mistake. */
  stage: z.enum(['dev', 'prod']).default('dev'),
  /** The file that exports the businesses. */
  config: z.string().min(1).default('./meanwhile.config.ts'),
  /** What SES sends as: domains, whose DKIM records the stack then gives out, or single addresses; comma-separated. */
  mailIdentities: identities,
  /** The same for what SES knows already: it is used, and neither made nor removed. */
  existingMailIdentities: identities,
  /** An existing receipt rule set of SES that our rules are put into; one of our own where it is left out. */
  receiptRuleSet: z.string().min(1).max(64).optional(),
  /**
   * `required`: nobody is given a file before a scanner has said that it is clean, in its tag
   * `GuardDutyMalwareScanStatus`. The scanner is the platform team's: GuardDuty Malware Protection for S3, or another.
   */
  fileScan: z.enum(['off', 'required']).default('off'),
  /** Who is told when an alarm goes off; nobody where it is left out. */
  alarmEmail: addressSchema.optional(),
  /** Requests a second that the API takes, on average and at once. */
  requestsPerSecond: z.coerce.number().int().min(1).max(10_000).default(200),
  requestsAtOnce: z.coerce.number().int().min(1).max(5_000).default(400),
  /** The account's SES quota: how many mails a second may go out. In the sandbox it is 1. */
  mailsPerSecond: z.coerce.number().int().min(1).max(10_000).default(1),
  logDays: z.coerce
    .number()
    .refine((days) => LOG_DAYS.includes(days), { error: `is one of ${LOG_DAYS.join(', ')}` })
    .default(30),
  /** Alarms and dashboard cost by the month, whatever happens: each can be left out. */
  alarms: flag.default(true),
  dashboard: flag.default(true),
});

export type Settings = z.output<typeof settingsSchema>;
export type SettingsInput = z.input<typeof settingsSchema>;

/** Settings are wrong: every one, by name. */
export class InvalidSettings extends Error {
  override readonly name = 'InvalidSettings';
}

/** @throws {InvalidSettings} */
export function checkSettings(input: Partial<SettingsInput>): Settings {
  const checked = settingsSchema.safeParse(input);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map(({ path, message }) => `${path.join('.') || 'settings'}: ${message}`);
  throw new InvalidSettings(`${problems.length} setting(s) are wrong (cdk.json, or -c):\n  ${problems.join('\n  ')}`);
}

/** Reads them from the context. @throws {InvalidSettings} */
export function readSettings(node: Node): Settings {
  const names = Object.keys(settingsSchema.shape);
  const told = names.flatMap((name) => {
    const value: unknown = node.tryGetContext(name);
    return value === undefined ? [] : [[name, value]];
  });
  return checkSettings(Object.fromEntries(told));
}
