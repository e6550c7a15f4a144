/**
 * Deliveries that die at every step around a send, before and after each call: how often the mail goes out in the end.
 * The table here is the one of docs/email-out.md.
 */
import { describe, expect, it } from 'vitest';
import { SqliteSends } from '../../../adapters/embedded/sends.ts';
import { type DeliverDeps, deliver } from '../../../core/delivery/deliver.ts';
import { recordProviderEvent } from '../../../core/delivery/provider-event.ts';
import type { MailJob } from '../../../core/delivery/send.ts';
import type { LaneMessage, MailOut } from '../../../core/ports.ts';
import { aCommand, aReply, aStart, aThreadId } from '../../builders.ts';
import { aDatabase } from '../../support/database.ts';
import { TestLane } from '../../support/lane.ts';
import { MapMailIndex } from '../../support/map-mail-index.ts';
import { baseUrl, knownSecrets } from '../../support/secrets.ts';

/** Redeliveries, each after the pause that the one before wanted: more than any of them needs. */
const REDELIVERIES_MAX = 100;
const KINDS = ['reply', 'acknowledgement', 'notice'] as const;

interface Fate {
  kind: (typeof KINDS)[number];
  afterCrash: MailOut['afterCrash'];
  /** Whether the provider’s event that it has sent a mail arrives. */
  isTold: boolean;
  /** The call at which deliveries die, as `port.method n` for the nth of a delivery, and whether it was carried out. */
  step: string;
  isDone: boolean;
  /** How many deliveries die there. */
  crashes: number;
}

/** What dies at a call of any port: nothing that it calls afterwards happens. */
class Life {
  readonly died: Promise<'died'>;
  readonly steps: string[] = [];
  #die: () => void = () => {};
  readonly #fate: Pick<Fate, 'step' | 'isDone'>;

  constructor(fate: Pick<Fate, 'step' | 'isDone'>) {
    this.#fate = fate;
    this.died = new Promise((resolve) => {
      this.#die = () => resolve('died');
    });
  }

  /** The same port, of which every method is a step. */
  of<Port extends object>(port: Port, called: string): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const value = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => this.#step(`${called}.${String(name)}`, () => value.apply(target, args));
      },
    });
  }

  async #step(name: string, call: () => unknown): Promise<unknown> {
    const { step, isDone } = this.#fate;
    const isDead = this.steps.at(-1) === step;
    const times = this.steps.filter((one) => one.startsWith(`${name} `)).length + 1;
    if (!isDead) this.steps.push(`${name} ${times}`);
    const diesHere = !isDead && this.steps.at(-1) === step;
    if (!isDead && !diesHere) return call();
    if (diesHere && isDone) await call();
    this.#die();
    return new Promise(() => {});
  }
}

async function jobOf(lane: TestLane, kind: string): Promise<MailJob> {
  const thread = aThreadId();
  await lane.run(aCommand(thread, aStart()), aCommand(thread, aReply()));
  const job = lane.performed.flatMap(({ mails }) => mails).find((mail) => mail.kind === kind);
  return job ?? expect.fail();
}

/** @returns how often the mail went out, whether its thread was told that it did not, and how many steps there were */
async function live(fate: Fate): Promise<{ mails: number; isTold: boolean; steps: Set<string> }> {
  const lane = new TestLane();
  const job = await jobOf(lane, fate.kind);
  const { clock } = lane;
  const { threads, policies, blobs } = lane.deps;
  const [sends, mailIndex] = [new SqliteSends(aDatabase()), new MapMailIndex()];
  const taken: number[] = [];
  const told: LaneMessage[] = [];
  const lanes = { send: async (messages: LaneMessage[]) => void told.push(...messages) };
  const mailOut: MailOut = {
    afterCrash: fate.afterCrash,
    renames: fate.afterCrash === 'await-events',
    send: async ({ attempt }) => {
      if (fate.afterCrash !== 'harmless' || taken.length === 0) taken.push(attempt);
      return { result: 'sent', providerId: `p${attempt}` };
    },
  };
  const depsOf = (life: Life): DeliverDeps => ({
    ...{ threads: life.of(threads, 'threads'), blobs: life.of(blobs, 'blobs'), sends: life.of(sends, 'sends') },
    ...{ mailOut: life.of(mailOut, 'mailOut'), mailIndex: life.of(mailIndex, 'mailIndex') },
    ...{ lanes: life.of(lanes, 'lanes'), policies, clock, secrets: knownSecrets, baseUrl },
    ...{ log: () => {}, metrics: () => {} },
  });
  const steps = new Set<string>();
  let crashes = 0;
  for (let deliveries = 0; deliveries < REDELIVERIES_MAX; deliveries += 1) {
    const life = new Life(crashes < fate.crashes ? fate : { step: 'none', isDone: true });
    const delivered = await Promise.race([deliver(job, depsOf(life)), life.died]);
    for (const step of life.steps) steps.add(step);
    if (delivered === 'done') break;
    if (delivered === 'died') crashes += 1;
    // The message was not acknowledged: it comes again. What the provider tells comes in between.
    const waitMs = delivered === 'died' ? 1_000 : delivered.retryInMs;
    await clock.advanceTo(clock.now() + waitMs, async () => {});
    if (fate.afterCrash !== 'await-events' || !fate.isTold) continue;
    for (const attempt of taken.splice(0, taken.length)) {
      const event = { state: 'sent', sendId: job.sendId, attempt, detail: '', providerId: `p${attempt}` } as const;
      await recordProviderEvent(
        { ...event, bouncedFrom: [], isOfCopy: false },
        { sends, mailIndex, lanes, policies, clock },
      );
      taken.push(attempt);
    }
  }
  return { mails: taken.length, isTold: told.length > 0, steps };
}

/** The fewest and the most mails that any step makes of a kind. */
async function countsOf(fate: Omit<Fate, 'step' | 'isDone'>): Promise<string> {
  const counts = new Set<number>();
  const { steps } = await live({ ...fate, step: 'none', isDone: true });
  for (const step of steps) {
    for (const isDone of [false, true]) {
      const lived = await live({ ...fate, step, isDone });
      counts.add(lived.mails);
      // What only a redelivery does is a step, too.
      for (const one of lived.steps) steps.add(one);
      const mayVanish = fate.kind !== 'reply' && fate.afterCrash === 'await-events';
      if (lived.mails === 0 && !mayVanish) expect(lived.isTold, `nobody learns of step ${step}`).toBe(true);
    }
  }
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? `${least}` : `${least} to ${most}`;
}

describe('a delivery that dies at any step around a send', () => {
  it.each([
    ['the mailbox', 'harmless', true, '1', '1', '1'],
    ['SMTP', 'send-again', true, '1 to 2', '1 to 4', '1 to 2'],
    ['SES, and its event comes', 'await-events', true, '1', '0 to 1', '0 to 1'],
    ['SES, and its event is lost', 'await-events', false, '1 to 2', '0 to 3', '0 to 1'],
  ] as const)('by %s sends as often as is documented', async (_, afterCrash, isTold, once, thrice, automatic) => {
    const about = { afterCrash, isTold };
    expect(await countsOf({ ...about, kind: 'reply', crashes: 1 }), 'a reply, one crash').toBe(once);
    expect(await countsOf({ ...about, kind: 'reply', crashes: 3 }), 'a reply, three crashes').toBe(thrice);
    expect(await countsOf({ ...about, kind: 'acknowledgement', crashes: 1 }), 'an acknowledgement').toBe(automatic);
    expect(await countsOf({ ...about, kind: 'notice', crashes: 1 }), 'a notice').toBe(automatic);
  });

  it('has steps to die at: the claim, what the mail is written of, the sending, its mark', async () => {
    const fate = { kind: 'reply', afterCrash: 'await-events', isTold: true, isDone: true, crashes: 0 } as const;
    expect([...(await live({ ...fate, step: 'none' })).steps]).toEqual([
      'sends.claim 1',
      'mailIndex.find 1',
      'threads.logItem 1',
      'mailOut.send 1',
      'mailIndex.claim 1',
      'sends.settle 1',
    ]);
  });
});
