/** Builders for tests: each gives a working default, so that a test states only what it is about. */
import { Ids, messageIdOf } from '../core/ids.ts';
import { CompiledPolicy } from '../core/policy/compiled-policy.ts';
import { defineBusiness } from '../core/policy/define-business.ts';
import type { PolicyInput } from '../core/policy/policy.ts';
import { textJudge } from '../core/rule/judge-text.ts';
import type { BodyOf, Command, CommandBody } from '../core/thread/command.ts';
import { bodyOfContent, type Content, contentOf } from '../core/thread/content.ts';
import { decide } from '../core/thread/decide.ts';
import type { Decision, World } from '../core/thread/draft.ts';
import { type Author, type Entry, LOG_SCHEMA, type LogItem, storeDecision } from '../core/thread/entry.ts';
import type { Customer, Thread } from '../core/thread/thread.ts';
import { wordsWritten } from '../core/thread/words-written.ts';

/** A Monday noon in Berlin: the example office is at lunch until one. */
export const MONDAY = Date.parse('2026-11-23T11:00:00Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const ID_KEY = 'a key of the tests';

export function aPolicy(changes: Partial<PolicyInput> = {}): CompiledPolicy {
  return new CompiledPolicy(
    defineBusiness({
      id: 'acme',
      name: 'Acme',
      languages: ['en', 'de'],
      calendars: {
        office: { timeZone: 'Europe/Berlin', hours: { mon_fri: ['08:00-12:00', '13:00-17:00'] } },
        always: { timeZone: 'UTC', hours: { mon_sun: ['00:00-24:00'] } },
      },
      agents: {
        ana: { name: 'Ana', email: 'ana@acme.example', role: 'lead' },
        ben: { name: 'Ben', email: 'ben@acme.example' },
        eve: { name: 'Eve', email: 'eve@acme.example', role: 'observer' },
      },
      teams: {
        support: { name: 'Support', address: 'support@acme.example', calendar: 'office', agents: ['ana', 'ben'] },
        billing: {
          name: 'Billing',
          address: 'billing@acme.example',
          calendar: 'always',
          agents: ['ana'],
          topics: ['billing'],
        },
      },
      defaultTeam: 'support',
      replyTarget: { first: '4h', next: '2h' },
      closeAfter: '4d',
      agentIssuers: [{ issuer: 'https://login.acme.example', audience: 'meanwhile', algorithms: ['RS256'] }],
      publishableKeys: ['pk_acme_testtest'],
      ...(changes as object),
    }),
    () => textJudge,
  );
}

export const testIds = new Ids('acme', ID_KEY);

export function aWorld(changes: Partial<World> = {}): World {
  const textOf = (content: Content) => wordsWritten(bodyOfContent(content));
  return { policy: defaultPolicy, ids: testIds, now: MONDAY, textOf, ...changes };
}
export const defaultPolicy: CompiledPolicy = aPolicy();

let minted = 0;
/** Entropy that no two calls share. */
function entropy(): Uint8Array {
  minted += 1;
  return Buffer.from(minted.toString(16).padStart(20, '0'), 'hex');
}

export function aThreadId(customerId = 'c1', at = MONDAY): string {
  return testIds.thread(customerId, at, entropy());
}

export function aCustomer(changes: Partial<Customer> = {}): Customer {
  return { id: 'c1', name: 'Cleo', email: 'c1@example.com', locale: null, zoneinfo: null, attributes: {}, ...changes };
}

export function aText(text = 'Hello'): Content {
  return contentOf({ text, html: null }, []);
}

export const CUSTOMER: Author = { kind: 'customer', id: 'c1', name: 'Cleo' };
export const ANA: Author = { kind: 'agent', id: 'ana', name: 'Ana' };
export const BEN: Author = { kind: 'agent', id: 'ben', name: 'Ben' };
const SYSTEM_AUTHOR: Author = { kind: 'system', id: 'meanwhile', name: null };

export function aStart(changes: Partial<BodyOf<'start'>> = {}): BodyOf<'start'> {
  return {
    type: 'start',
    messageId: 'set below',
    customer: aCustomer(),
    subject: 'My order',
    topic: null,
    urgency: null,
    attributes: {},
    team: null,
    channel: 'api',
    content: aText(),
    followUpOf: null,
    ...changes,
  };
}

export function aCustomerMessage(changes: Partial<BodyOf<'customer-message'>> = {}): BodyOf<'customer-message'> {
  return {
    type: 'customer-message',
    messageId: 'set below',
    channel: 'api',
    content: aText(),
    customer: aCustomer(),
    ...changes,
  };
}

/** What could not be decided: the customer's message, unless told otherwise. */
export function aSetAside(changes: Partial<BodyOf<'set-aside'>> = {}): BodyOf<'set-aside'> {
  return {
    type: 'set-aside',
    reason: { code: 'defect', detail: 'TypeError' },
    payload: aCustomerMessage(),
    payloadKey: null,
    waitingSince: MONDAY,
    customer: null,
    ...changes,
  };
}

export function aReply(changes: Partial<BodyOf<'reply'>> = {}): BodyOf<'reply'> {
  return { type: 'reply', messageId: 'set below', channel: 'api', content: aText('An answer'), ...changes };
}

/** A command by whoever usually sends such a one. */
export function aCommand(thread: string, body: CommandBody, changes: Partial<Command> = {}): Command {
  const author = changes.author ?? usualAuthor(body);
  const acceptedAt = changes.acceptedAt ?? MONDAY;
  const kind = author.kind === 'assistant' ? 'system' : author.kind;
  const id = changes.id ?? testIds.command(thread, `${kind}:${author.id}`, acceptedAt, entropy());
  const named = 'messageId' in body && body.messageId === 'set below' ? { ...body, messageId: messageIdOf(id) } : body;
  return {
    schema: 1,
    id,
    business: 'acme',
    thread,
    acceptedAt,
    policy: defaultPolicy.hash,
    author,
    control: 'agent',
    body: named,
    ...changes,
  };
}

function usualAuthor({ type }: CommandBody): Author {
  if (['start', 'customer-message', 'customer-solve', 'seen', 'rate'].includes(type)) return CUSTOMER;
  return ['fire-timers', 'record-delivery', 'set-aside'].includes(type) ? SYSTEM_AUTHOR : ANA;
}

/** A thread with its history, one command at a time; every decision is kept. */
export class Story {
  readonly id: string;
  thread: Thread | undefined;
  readonly entries: Entry[] = [];
  /** What each command did, as a store keeps it. */
  readonly log: LogItem[] = [];
  now: number;

  constructor(id = aThreadId(), now = MONDAY) {
    this.id = id;
    this.now = now;
  }

  /** Decides a command of this thread and takes its entries on. */
  tell(
    body: CommandBody,
    changes: Omit<Partial<Command>, 'policy'> & { now?: number; policy?: CompiledPolicy } = {},
  ): Decision {
    const { now = this.now, policy = defaultPolicy, ...rest } = changes;
    const command = aCommand(this.id, body, { acceptedAt: now, policy: policy.hash, ...rest });
    const decision = decide(this.thread, command, aWorld({ now, policy }));
    this.now = now;
    if (decision.outcome === 'done' && decision.entries.length > 0) {
      this.thread = decision.thread;
      this.entries.push(...decision.entries);
      const { id, author, acceptedAt: at } = command;
      const { entries, effects } = decision;
      const decided = { command: id, policy: policy.hash, at, author, entries, effects };
      this.log.push({ schema: LOG_SCHEMA, lastSeq: this.head.seq, decisions: [storeDecision(decided)] });
    }
    return decision;
  }

  /** The thread, which must exist. */
  get head(): Thread {
    if (this.thread === undefined) throw new Error('The story has not begun.');
    return this.thread;
  }
}

/** Several threads whose commands to each other are carried at once. */
export class Stories {
  readonly #stories = new Map<string, Story>();

  constructor(...stories: Story[]) {
    for (const story of stories) this.#stories.set(story.id, story);
  }

  of(thread: string): Story {
    const story = this.#stories.get(thread) ?? new Story(thread);
    this.#stories.set(thread, story);
    return story;
  }

  /** Runs the commands that a decision sends to other lanes, and those that follow from them. @returns how many */
  carry(decision: Decision): number {
    if (decision.outcome !== 'done' && decision.outcome !== 'rejected') return 0;
    const commands = decision.effects.flatMap((effect) => (effect.type === 'command' ? [effect.command] : []));
    return commands.reduce((sum, command) => {
      const { thread, acceptedAt: now, policy: _, body, ...rest } = command;
      return sum + 1 + this.carry(this.of(thread).tell(body, { ...rest, now }));
    }, 0);
  }
}

/** A story that has begun with a customer's message. */
export function aStory(changes: Partial<BodyOf<'start'>> = {}, id?: string): Story {
  const story = new Story(id);
  story.tell(aStart(changes));
  return story;
}

export function reasonOf(decision: Decision): string | undefined {
  return decision.outcome === 'rejected' ? decision.reason.code : undefined;
}

export function entriesIn(decision: Decision): Entry[] {
  return decision.outcome === 'done' ? decision.entries : [];
}
