/** Ways to break the protocol at the ports, each of which the simulation must notice. A world gets each anew. */
import type { MailJob } from '../../../core/delivery/send.ts';
import type { CompiledPolicy } from '../../../core/policy/compiled-policy.ts';
import type { Right } from '../../../core/policy/rights.ts';
import type { IdempotencyRecord, LaneMessage, Performance, Policies, Sends } from '../../../core/ports.ts';
import type { Commit } from '../../../core/thread/commit.ts';
import type { Entry } from '../../../core/thread/entry.ts';
import { MINUTE } from '../../builders.ts';
import { instead } from '../../support/instead.ts';
import {
  answering,
  committing,
  effectsBeforeCommit,
  onThreads,
  performing,
  performingAgain,
  writing,
} from './broken-ports.ts';
import { LETTER_SABOTAGES } from './letter-sabotages.ts';
import { NOTICE_SABOTAGES } from './notice-sabotages.ts';
import { POOL_SABOTAGES } from './pool-sabotages.ts';
import type { Sabotage } from './sabotage.ts';
import { TIMER_SABOTAGES } from './timer-sabotages.ts';

/** And of crashes at the moment that counts. */
const FULL_OF_MERGES = { isKind: false, features: { 'merge spree': 0.5 }, rates: { 'crash after': 0.08 } };

/** Two functions have the same mail at once. */
const SLOW_DELIVERY = { isKind: false, mailVisibilityMs: 8_000, providerMsMax: 20_000 };

const TABLE = {
  ...NOTICE_SABOTAGES,
  ...POOL_SABOTAGES,
  ...TIMER_SABOTAGES,
  ...LETTER_SABOTAGES,
  'two writers on a lane': () => ({ queue: { isShared: true } }),
  'two writers on a lane, no version check': () => ({ queue: { isShared: true }, store: { ignoresVersion: true } }),
  'no version check': () => ({ store: { ignoresVersion: true } }),
  'no outcome check': () => ({ store: { ignoresOutcomes: true } }),
  'a conflict taken for a duplicate': () => ({
    lane: answering((answer, { outcomes }) =>
      answer.result === 'conflict' ? { result: 'duplicate', commands: outcomes.map(({ command }) => command) } : answer,
    ),
  }),
  'a duplicate taken for done': () => ({
    lane: answering((answer) => (answer.result === 'duplicate' ? { result: 'committed' } : answer)),
  }),
  'too large taken for done': () => ({
    lane: answering((answer) => (answer.result === 'too-large' ? { result: 'committed' } : answer)),
  }),
  'acknowledgement before effects': () => ({ queue: { isForgetful: true } }),
  'effects before commit': () => ({ lane: effectsBeforeCommit }),
  'stored effects not performed again': () => ({ lane: onThreads(() => ({ outcome: async () => undefined })) }),
  'effects of refusals and forwards not stored': () => ({
    lane: committing(withoutOutcomeEffects),
    worlds: FULL_OF_MERGES,
  }),
  'send ids not deterministic': () => {
    const unique = counter();
    return {
      lane: performing((whole) => withMails(whole, (job) => ({ ...job, sendId: `${job.sendId}-${unique()}` }))),
    };
  },
  'command ids not deterministic': () => {
    const unique = counter();
    return {
      lane: performing((whole) => ({ ...whole, commands: whole.commands.map((one) => renamed(one, unique())) })),
    };
  },
  'customers’ mails to a foreign address': () => ({ lane: performing((whole) => withMails(whole, misled)) }),
  'mails to somebody else when performed again': () => ({ lane: performingAgain(toTheTeam) }),
  'mails in reverse order': () => ({ lane: performing((whole) => ({ ...whole, mails: [...whole.mails].reverse() })) }),
  'no acknowledgements': () => ({ lane: performing((whole) => withoutMails(whole, 'acknowledgement')) }),
  'no notices': () => ({ lane: performing((whole) => withoutMails(whole, 'notice')) }),
  'no events': () => ({ lane: performing((whole) => ({ ...whole, events: [] })) }),
  'deciders a quarter of an hour ahead': () => ({
    lane: (deps) => ({ ...deps, clock: { now: () => deps.clock.now() + 15 * MINUTE } }),
  }),
  'set-asides without a payload': () => ({ lane: writing(withoutPayload) }),
  'set-asides without a clock': () => ({ lane: writing((entry) => withoutClock('set-aside', entry)) }),
  'merges without a clock': () => ({ lane: writing((entry) => withoutClock('merge', entry)) }),
  'the policy of the day': () => ({
    lane: (deps) => {
      const { policies } = deps;
      return { ...deps, policies: instead(policies, { version: async (business) => policies.current(business) }) };
    },
  }),
  'everybody may take over': () => ({
    lane: (deps) => {
      const { policies } = deps;
      const version: Policies['version'] = async (...args) => withTakeOver(await policies.version(...args));
      return { ...deps, policies: instead(policies, { version }) };
    },
  }),
  'the promise told at intake not carried': () => ({
    intake: (deps) => ({ ...deps, lanes: { send: (all) => deps.lanes.send(all.map(withoutPromise)) } }),
  }),
  'keys are not remembered': () => ({
    intake: (deps) => ({ ...deps, idempotency: { claim: async () => undefined } }),
  }),
  'keys are told apart by nothing': () => ({
    intake: (deps) => ({ ...deps, idempotency: replaying(deps, ofSameRequest) }),
  }),
  'a replay that promises anew': () => ({
    intake: (deps) => ({ ...deps, idempotency: replaying(deps, withMinuteMore) }),
  }),
  'blobs that forget': () => ({
    intake: (deps) => deps,
    lane: (deps) => ({ ...deps, blobs: instead(deps.blobs, { put: async () => {}, copy: async () => true }) }),
  }),
  'no claim before sending': () => ({
    delivery: (deps) => {
      const claim: Sends['claim'] = async (_id, now) => ({ attempt: 1, tries: 0, since: now });
      return { ...deps, sends: instead(deps.sends, { claim }) };
    },
  }),
  'a lease of a second': () => ({
    delivery: (deps) => {
      const { sends } = deps;
      const claim: Sends['claim'] = (id, now, _leaseMs, retake) => sends.claim(id, now, 1_000, retake);
      return { ...deps, sends: instead(sends, { claim }) };
    },
    worlds: SLOW_DELIVERY,
  }),
  'replies abandoned at once': () => ({
    delivery: (deps) => {
      const claim: Sends['claim'] = async (...args) => ({ ...(await deps.sends.claim(...args)), tries: 2 });
      return { ...deps, sends: instead(deps.sends, { claim }) };
    },
  }),
  'mails that nobody can deliver are not told': () => ({
    delivery: (deps) => ({ ...deps, lanes: { send: async () => {} } }),
  }),
} satisfies Record<string, () => Sabotage>;

export type SabotageName = keyof typeof TABLE;
export const SABOTAGES = Object.keys(TABLE) as SabotageName[];

export function sabotageOf(name: SabotageName): Sabotage {
  return TABLE[name]();
}

function counter(): () => number {
  let count = 0;
  return () => {
    count += 1;
    return count;
  };
}

function withoutOutcomeEffects(commit: Commit): Commit {
  const outcomes = commit.outcomes.map(({ command, outcome }) => {
    const { effects: _, ...rest } = outcome;
    return { command, outcome: rest };
  });
  return { ...commit, outcomes };
}

function renamed(message: LaneMessage, unique: number): LaneMessage {
  const id = `${message.id.slice(0, 100)}-${unique}`;
  return { ...message, id, body: { ...(message.body as object), id } };
}

function withMails(whole: Performance, change: (job: MailJob) => MailJob): Performance {
  return { ...whole, mails: whole.mails.map(change) };
}

function withoutMails(whole: Performance, kind: MailJob['kind']): Performance {
  return { ...whole, mails: whole.mails.filter((job) => job.kind !== kind) };
}

function misled(job: MailJob): MailJob {
  return job.recipient === 'customer' ? { ...job, to: { ...job.to, address: 'nobody@example.net' } } : job;
}

function toTheTeam(job: MailJob): MailJob {
  return { ...job, to: { name: 'Support', address: 'support@acme.example' } };
}

function withoutPayload(entry: Entry): Entry {
  return entry.type === 'set-aside' ? { ...entry, payload: null, payloadKey: null } : entry;
}

function withoutClock(type: 'set-aside' | 'merge', entry: Entry): Entry {
  return entry.type === type && 'waitingSince' in entry ? { ...entry, waitingSince: null } : entry;
}

function withTakeOver(policy: CompiledPolicy | undefined): CompiledPolicy | undefined {
  const agent: CompiledPolicy['agent'] = (id) => {
    const known = policy?.agent(id);
    return known && { ...known, rights: new Set<Right>([...known.rights, 'take-over']) };
  };
  return policy && instead(policy, { agent });
}

function withoutPromise(message: LaneMessage): LaneMessage {
  const { expectedReplyAt: _, ...body } = message.body as { expectedReplyAt?: number };
  return { ...message, body };
}

type Claimed = {
  idempotency: {
    claim: (key: string, record: IdempotencyRecord, now: number) => Promise<IdempotencyRecord | undefined>;
  };
};

/** Answers otherwise what was remembered. */
function replaying(
  { idempotency }: Claimed,
  change: (known: IdempotencyRecord, asked: IdempotencyRecord) => IdempotencyRecord,
): Claimed['idempotency'] {
  return {
    claim: async (key, record, now) => {
      const known = await idempotency.claim(key, record, now);
      return known && change(known, record);
    },
  };
}

function ofSameRequest(known: IdempotencyRecord, { request }: IdempotencyRecord): IdempotencyRecord {
  return { ...known, request };
}

function withMinuteMore({ request, minted }: IdempotencyRecord): IdempotencyRecord {
  return { request, minted: { ...minted, expectedReplyAt: Number(minted['expectedReplyAt'] ?? 0) + MINUTE } };
}
