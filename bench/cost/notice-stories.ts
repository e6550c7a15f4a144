/** What notices cost under different policies: a customer who writes ten times in a minute, and an exchange. */
import type { PolicyInput } from '../../core/policy/policy.ts';
import type { Row } from '../table.ts';
import type { Functions } from './functions.ts';
import { type Cast, Stories } from './stories.ts';

/** By what they are called in the table; the first is what the others save something of. */
export const NOTICE_POLICIES: Record<string, NonNullable<PolicyInput['notices']>> = {
  'each at once': { digestMinutes: 0, onThreadMinutes: 0 },
  'the usual': {},
  'the first waits too': { firstWaits: true },
  'none (`off`)': { off: ['team:support', 'agent:ana'] },
};

const BURST = 10;
/** Beside the time that the story takes to tell: together less than a minute. */
const BURST_PAUSE_MS = 2_000;
const ROUNDS = 5;
const MINUTE_MS = 60_000;
/** Longer than any notice waits. */
const QUIET_MINUTES = 10;
/** What SES asks for a mail, in dollars. */
const SES = 0.1 / 1_000;

export class NoticeStories {
  readonly #functions: Functions;
  readonly #stories: Stories;

  constructor(functions: Functions, cast: Cast, batch: number) {
    this.#functions = functions;
    this.#stories = new Stories(functions, cast, batch);
  }

  /** Threads that nothing has happened in for long. */
  async begin(): Promise<void> {
    await this.#stories.create();
    await this.#pass(QUIET_MINUTES);
  }

  /** Ten messages in a minute. @returns in how many threads */
  async burst(): Promise<number> {
    let threads = 0;
    for (let n = 0; n < BURST; n += 1) {
      if (n > 0) await this.#functions.pass(BURST_PAUSE_MS);
      threads = await this.#stories.write();
    }
    await this.#pass(QUIET_MINUTES);
    return threads;
  }

  /** Those threads are Ana's, and she has answered, at the inbox. */
  async take(): Promise<void> {
    await this.#stories.assign('ana');
    await this.#stories.reply('open');
  }

  /** A minute after each answer the customer writes, and a minute later she answers. */
  async exchange(): Promise<number> {
    let threads = 0;
    for (let n = 0; n < ROUNDS; n += 1) {
      await this.#pass(1);
      await this.#stories.write();
      await this.#pass(1);
      threads = await this.#stories.reply('open');
    }
    await this.#pass(QUIET_MINUTES);
    return threads;
  }

  async #pass(minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes; minute += 1) {
      await this.#functions.pass(MINUTE_MS);
      await this.#stories.settle();
      await this.#functions.sweep();
    }
  }
}

/** What one thread of a story takes: notices, and dollars without SES. */
export interface Taken {
  policy: string;
  notices: number;
  dollars: number;
}

/** For a thousand threads. @param taken by every policy, the one first that saves nothing */
export function noticeRows(story: string, taken: Taken[]): Row[] {
  const [first] = taken;
  const whole = ({ notices, dollars }: Taken) => 1_000 * (dollars + notices * SES);
  return taken.map((one) => {
    const saved = first === undefined ? 0 : whole(first) - whole(one);
    return {
      'a thousand threads': story,
      notices: one.policy,
      mails: (one.notices * 1_000).toFixed(0),
      'AWS, $': (one.dollars * 1_000).toFixed(3),
      'SES, $': (one.notices * 1_000 * SES).toFixed(3),
      'saved mails': (((first?.notices ?? 0) - one.notices) * 1_000).toFixed(0),
      'saved, $': saved.toFixed(3),
    };
  });
}
