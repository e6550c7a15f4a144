/**
 * The policy of a business: all that a platform team decides, as plain data. It is JSON, so that it can be shipped,
 * hashed, kept and compared; `defineBusiness` is how it is written, `compilePolicy` how it is used.
 */
import * as z from 'zod';
import { calendarSchema } from '../calendar/calendar.ts';
import { durationSchema } from '../calendar/duration.ts';
import { addressSchema } from '../email/address.ts';
import { BUSINESS_ID } from '../ids.ts';
import { ruleSetSchema } from '../rule/rule-set.ts';
import { targetSchema } from '../sla/target.ts';
import { ASSIGNMENT_MODES, capacitySchema, DEFAULT_CAPACITY } from '../team/assignment.ts';
import { brandSchema } from './brand.ts';
import { type Broken, brokenRules, unknownColleague } from './broken-rules.ts';
import { brokenWords } from './broken-words.ts';
import { guidelineSchema } from './guideline.ts';
import { LANGUAGES } from './languages.ts';
import { lettersSchema, ownTextsSchema } from './letters.ts';
import { mailPolicySchema } from './mail-policy.ts';
import { nameSchema, shownNameSchema } from './name.ts';
import { noticesSchema } from './notices.ts';
import { refusedFilesSchema } from './refused-files.ts';
import { DEFAULT_ROLES, RIGHTS } from './rights.ts';

const agentSchema = z.strictObject({
  name: shownNameSchema,
  email: addressSchema,
  /** What mails to them are written in; where it is left out, the business's first language. */
  language: z.enum(LANGUAGES).optional(),
  /** The `sub` of the agent's tokens, for issuers that do not tell a verified email. */
  subject: z.string().min(1).max(255).optional(),
  role: nameSchema.default('agent'),
  /** What threads may ask of whom they are given to. */
  skills: z.array(nameSchema).default([]),
  /** Instead of the team's. */
  capacity: capacitySchema.optional(),
});

const teamSchema = z.strictObject({
  name: shownNameSchema,
  /** What its mail to customers comes from, and where customers write to it. */
  address: addressSchema,
  /** Where it gets its notices, if that is not its address: mail that comes to that is read by the product. */
  notices: addressSchema.optional(),
  calendar: nameSchema,
  agents: z.array(nameSchema),
  /** Topics, as customers state them, that this team answers. */
  topics: z.array(z.string().min(1).max(100)).default([]),
  /** How its threads are given to its agents. */
  assign: z.enum(ASSIGNMENT_MODES).default('manual'),
  /** Threads that one of its agents may have in work, of any team, while this one gives them another. */
  capacity: capacitySchema.default(DEFAULT_CAPACITY),
});

const issuerSchema = z.strictObject({
  issuer: z.string().min(1),
  audience: z.string().min(1),
  algorithms: z
    .array(z.enum(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']))
    .min(1),
});

/** A token bucket: `perMinute` refills it evenly, `burst` is what it holds. */
const rateSchema = z.strictObject({ perMinute: z.int().min(1), burst: z.int().min(1) });
export type Rate = z.infer<typeof rateSchema>;
/** By the hour: what people write day after day is less than one a minute, and two machines would write just that. */
const mailRateSchema = z.strictObject({ perHour: z.int().min(1), burst: z.int().min(1) });
export const DEFAULT_MAIL_RATE = { perHour: 2, burst: 30 };

export const policySchema = z
  .strictObject({
    id: z.string().regex(BUSINESS_ID, { error: 'is not a business id: 2 to 24 of a-z, 0-9 and -, a letter first' }),
    name: shownNameSchema,
    /** Languages the business answers in, its own first. */
    languages: z.array(z.enum(LANGUAGES)).min(1),
    calendars: z.record(nameSchema, calendarSchema),
    roles: z.record(nameSchema, z.array(z.enum(RIGHTS))).default({}),
    agents: z.record(nameSchema, agentSchema),
    teams: z.record(nameSchema, teamSchema),
    /** The team that gets what no other team's topics name. */
    defaultTeam: nameSchema,
    /** How long a customer waits at most for an answer: to a new thread, and to a later message. In open time. */
    replyTarget: z.strictObject({ first: durationSchema, next: durationSchema }),
    /** What a policy does by itself when something happens in a thread, set by set. */
    routing: z.array(ruleSetSchema).default([]),
    /** Targets of service levels: of each thread, the first whose condition holds. */
    sla: z.array(targetSchema).default([]),
    /** What agents should know of a thread while they answer it. */
    guidelines: z.array(guidelineSchema).default([]),
    /** How the business shows itself in its mails, what it says in words of its own, and what it writes by itself. */
    brand: brandSchema.prefault({}),
    texts: ownTextsSchema.default({}),
    letters: lettersSchema.prefault({}),
    /** When colleagues are told by mail of what customers write. */
    notices: noticesSchema.prefault({}),
    /** How long a solved thread stays open to a reply before it is closed for good. */
    closeAfter: durationSchema.default('4d'),
    agentIssuers: z.array(issuerSchema).default([]),
    /** Public keys by which anonymous visitors may start a thread: `pk_<business>_<anything>`. */
    publishableKeys: z.array(z.string()).default([]),
    rates: z
      .strictObject({
        customer: rateSchema.default({ perMinute: 30, burst: 30 }),
        agent: rateSchema.default({ perMinute: 600, burst: 600 }),
        visitor: rateSchema.default({ perMinute: 10, burst: 10 }),
        /**
         * Mails of one sender that are taken, and of one agent to customers of one domain; what is more is held until
         * an agent lets it go. As many are acknowledged to one domain.
         */
        mail: mailRateSchema.default(DEFAULT_MAIL_RATE),
      })
      .prefault({}),
    mail: mailPolicySchema.prefault({}),
    /** Neither put beside a thread when a mail brings them, nor taken as uploads. */
    refusedFiles: refusedFilesSchema,
  })
  .superRefine((policy, context) => {
    for (const [path, message] of brokenReferences(policy)) context.addIssue({ code: 'custom', path, message });
  });

export type Policy = z.infer<typeof policySchema>;
export type PolicyInput = z.input<typeof policySchema>;

/** References between the parts that the compiler cannot see when the parts are not literals. */
function brokenReferences(policy: Policy): Broken[] {
  const broken: Broken[] = [];
  const roles = { ...DEFAULT_ROLES, ...policy.roles };
  for (const [id, agent] of Object.entries(policy.agents)) {
    if (!Object.hasOwn(roles, agent.role)) broken.push([['agents', id, 'role'], `there is no role ${agent.role}`]);
  }
  const topics = new Map<string, string>();
  for (const [id, team] of Object.entries(policy.teams)) {
    if (!Object.hasOwn(policy.calendars, team.calendar)) {
      broken.push([['teams', id, 'calendar'], `there is no calendar ${team.calendar}`]);
    }
    team.agents.forEach((agent, index) => {
      if (!Object.hasOwn(policy.agents, agent))
        broken.push([['teams', id, 'agents', index], `there is no agent ${agent}`]);
    });
    team.topics.forEach((topic, index) => {
      const other = topics.get(topic);
      if (other !== undefined) broken.push([['teams', id, 'topics', index], `team ${other} has topic ${topic} too`]);
      topics.set(topic, id);
    });
  }
  for (const [address, team] of Object.entries(policy.mail.addresses)) {
    if (!Object.hasOwn(policy.teams, team)) broken.push([['mail', 'addresses', address], `there is no team ${team}`]);
  }
  policy.notices.off.forEach((colleague, index) => {
    broken.push(...unknownColleague(colleague, policy, ['notices', 'off', index]));
  });
  if (!Object.hasOwn(policy.teams, policy.defaultTeam))
    broken.push([['defaultTeam'], `there is no team ${policy.defaultTeam}`]);
  policy.publishableKeys.forEach((key, index) => {
    if (!new RegExp(`^pk_${policy.id}_[A-Za-z0-9]{8,64}$`).test(key)) {
      broken.push([['publishableKeys', index], `is not pk_${policy.id}_ and 8 to 64 letters or digits`]);
    }
  });
  return [...broken, ...brokenRules(policy), ...brokenWords(policy)];
}
