/**
 * A provider of mail. `await-events` is one like SES: it has no memory of what it was given, but mostly tells by
 * events what it has sent, and what became of it. `send-again` is one like SMTP: no memory, no events. `harmless` takes
 * each mail once, by its id, like the built-in mailbox. With each, the connection may break before or after it took a
 * mail.
 */
import type { ProviderEvent } from '../../../core/delivery/provider-event.ts';
import type { MailResult } from '../../../core/delivery/send.ts';
import type { OutgoingMail } from '../../../core/email/mail.ts';
import type { MailOut } from '../../../core/ports.ts';
import type { Regime } from './regime.ts';
import type { Scheduler } from './scheduler.ts';

const REFUSED = 0.01;
const DEFERRED = 0.04;
const BROKEN = 0.02;
const EVENT_LOST = 0.05;
const EVENT_TWICE = 0.05;
const BOUNCED = 0.04;
const EVENT_MS_MAX = 240_000;

/** The far end closed the connection. */
class ConnectionBroke extends Error {
  override readonly name = 'ConnectionBroke';
}

interface Send {
  id: string;
  attempt: number;
}

export class ProviderModel {
  readonly afterCrash: MailOut['afterCrash'];
  readonly sent: { sendId: string; mail: OutgoingMail; at: number }[] = [];
  readonly refused = new Set<string>();
  /** Sends whose event was lost: only these may go out more than once. */
  readonly untold = new Set<string>();
  /** Sends of which it said later that they did not arrive. */
  readonly bounced = new Set<string>();
  /** Attempts that were put off, by send, throttled ones not counted. */
  readonly deferred = new Map<string, number>();
  readonly #scheduler: Scheduler;
  readonly #tells: (event: ProviderEvent) => void;
  readonly #faults: number;

  constructor(scheduler: Scheduler, { provider, providerFaults }: Regime, tells: (event: ProviderEvent) => void) {
    this.#scheduler = scheduler;
    this.#tells = tells;
    this.afterCrash = provider;
    this.#faults = providerFaults;
  }

  async send(send: Send, mail: OutgoingMail): Promise<MailResult> {
    const { id } = send;
    if (this.#isLost(DEFERRED)) {
      const isThrottled = this.#scheduler.random.chance(0.5);
      if (!isThrottled) this.deferred.set(id, (this.deferred.get(id) ?? 0) + 1);
      return { result: 'deferred', detail: 'busy', isThrottled };
    }
    if (this.#isLost(REFUSED)) {
      this.refused.add(id);
      return { result: 'refused', detail: 'no such mailbox' };
    }
    if (this.#isLost(BROKEN)) throw new ConnectionBroke('Before anything was taken.');
    this.#take(send, mail);
    if (this.#isLost(BROKEN)) throw new ConnectionBroke('After the mail was taken.');
    return { result: 'sent', providerId: `provider-${this.sent.length}` };
  }

  #take(send: Send, mail: OutgoingMail): void {
    const isKnown = this.afterCrash === 'harmless' && this.sent.some(({ sendId }) => sendId === send.id);
    if (!isKnown) this.sent.push({ sendId: send.id, mail, at: this.#scheduler.now });
    if (this.afterCrash !== 'await-events') return;
    if (this.#isLost(EVENT_LOST)) this.untold.add(send.id);
    else this.#tell(send, 'sent');
    if (!this.#scheduler.random.chance(BOUNCED)) return;
    this.bounced.add(send.id);
    this.#tell(send, 'bounced');
  }

  /** The event by which a claim that nobody marked is settled, or by which the thread learns what became of a mail. */
  #tell({ id: sendId, attempt }: Send, state: ProviderEvent['state']): void {
    const event = { state, sendId, attempt, providerId: 'by event', detail: '', bouncedFrom: [], isOfCopy: false };
    for (let times = this.#isLost(EVENT_TWICE) ? 2 : 1; times > 0; times -= 1) {
      const delayMs = this.#scheduler.random.below(EVENT_MS_MAX);
      this.#scheduler.plan(delayMs, `the provider tells: ${state}`, () => this.#tells(event));
    }
  }

  #isLost(probability: number): boolean {
    return this.#scheduler.isLost(probability * this.#faults);
  }
}
