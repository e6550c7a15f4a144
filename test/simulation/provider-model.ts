/**
 * A provider of mail. `await-events` is one like SES: it has no memory of what it was given, but tells by an event
 * what it has sent, mostly. `harmless` takes each mail once, by its id, like the built-in mailbox.
 */
import type { MailResult } from '../../core/delivery/send.ts';
import type { OutgoingMail } from '../../core/email/mail.ts';
import type { MailOut, Sends } from '../../core/ports.ts';
import type { Scheduler } from './scheduler.ts';

const REFUSED = 0.01;
const DEFERRED = 0.03;
const EVENT_LOST = 0.05;
const EVENT_MS_MAX = 240_000;

export class ProviderModel {
  readonly afterCrash: MailOut['afterCrash'];
  readonly sent: { sendId: string; mail: OutgoingMail; at: number }[] = [];
  readonly refused = new Set<string>();
  /** Sends whose event was lost: only these may go out more than once. */
  readonly untold = new Set<string>();
  readonly #scheduler: Scheduler;
  readonly #sends: Sends;

  constructor(scheduler: Scheduler, sends: Sends, afterCrash: MailOut['afterCrash']) {
    this.#scheduler = scheduler;
    this.#sends = sends;
    this.afterCrash = afterCrash;
  }

  async send(sendId: string, mail: OutgoingMail): Promise<MailResult> {
    const { random } = this.#scheduler;
    if (this.#scheduler.isLost(DEFERRED)) {
      return { result: 'deferred', detail: 'busy', isThrottled: random.chance(0.5) };
    }
    if (this.#scheduler.isLost(REFUSED)) {
      this.refused.add(sendId);
      return { result: 'refused', detail: 'no such mailbox' };
    }
    const isKnown = this.sent.some((other) => other.sendId === sendId);
    if (this.afterCrash === 'await-events' || !isKnown) this.sent.push({ sendId, mail, at: this.#scheduler.now });
    if (this.afterCrash === 'await-events') this.#tell(sendId);
    return { result: 'sent', providerId: `provider-${this.sent.length}` };
  }

  /** The event by which a claim that nobody marked is settled. */
  #tell(sendId: string): void {
    if (this.#scheduler.isLost(EVENT_LOST)) {
      this.untold.add(sendId);
      return;
    }
    this.#scheduler.plan(this.#scheduler.random.below(EVENT_MS_MAX), 'provider tells', () => {
      void this.#sends.settle(sendId, 0, { state: 'sent', providerId: 'by event' });
    });
  }
}
