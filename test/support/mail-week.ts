/**
 * A week of mail in virtual time between whole products and machines that answer whatever they get. Everything that a
 * product sends goes over a wire as MIME, takes a while, and arrives where its recipient is; every timer fires.
 */
import { ManualClock } from '../../adapters/embedded/clocks.ts';
import { rawMail } from '../../adapters/embedded/mime.ts';
import { domainOf } from '../../core/email/address.ts';
import type { OutgoingMail } from '../../core/email/mail.ts';
import { DAY, MONDAY } from '../builders.ts';
import { PROVED } from './mails.ts';
import type { TestProduct } from './product.ts';

/** A mail on its way to one of those whom it is for. */
export interface Travelling {
  from: string;
  to: string;
  raw: Uint8Array;
}

/** Who gets the mail of an address, and may send some for it. */
export type Reader = (mail: Travelling) => Promise<OutgoingMail[]>;

export interface Carried extends Travelling {
  /** Of the week, counted from 0. */
  day: number;
}

/** More in a week is no mail any more but a loop. */
const CARRIED_MAX = 5_000;

/** Our Message-IDs end in what a mail is. */
const KIND = /^message-id:\s+<snd_\w+_([a-z]+)@/im;

export class MailWeek {
  readonly clock = new ManualClock(MONDAY);
  readonly carried: Carried[] = [];
  readonly #products: { product: TestProduct; domain: string; seen: string | undefined }[] = [];
  readonly #readers: { address: RegExp; reader: Reader }[] = [];
  readonly #travelMs: number;
  readonly #change: (raw: Uint8Array) => Uint8Array;
  #arriving: Promise<void>[] = [];
  #answered = 0;

  /** @param change what happens to a mail on its way */
  constructor(travelMs: number, change: (raw: Uint8Array) => Uint8Array = (raw) => raw) {
    this.#travelMs = travelMs;
    this.#change = change;
  }

  /** All mail of a domain and those below it comes to the product, but for addresses that somebody reads. */
  serve(product: TestProduct, domain: string): void {
    this.#products.push({ product, domain, seen: undefined });
  }

  read(address: RegExp, reader: Reader): void {
    this.#readers.push({ address, reader });
  }

  /** Puts a mail onto the wire. */
  async send(mail: OutgoingMail): Promise<void> {
    const headers = { ...mail.headers };
    this.#answered += 1;
    headers['Message-ID'] ??= `<answer-${this.#answered}@${domainOf(mail.from.address)}>`;
    const raw = await rawMail({ ...mail, headers }, this.clock.now(), () => '/dev/null');
    for (const { address: to } of [mail.to, ...(mail.cc ?? [])]) {
      const travelling = { from: mail.from.address, to, raw: this.#change(raw) };
      this.clock.wakeAt(this.clock.now() + this.#travelMs, () => this.#arriving.push(this.#arrive(travelling)));
    }
  }

  async live(ms = 7 * DAY): Promise<void> {
    await this.clock.advanceTo(this.clock.now() + ms, () => this.#settle());
  }

  /** How many of each kind went from addresses like these to others, day by day; `other` is what no product wrote. */
  daily(from: RegExp, to: RegExp): Record<string, number[]> {
    const days = Math.ceil((this.clock.now() - MONDAY) / DAY);
    const counts: Record<string, number[]> = {};
    for (const mail of this.carried.filter((one) => from.test(one.from) && to.test(one.to))) {
      const kind = KIND.exec(Buffer.from(mail.raw).toString('latin1'))?.[1] ?? 'other';
      counts[kind] ??= Array.from({ length: days }, () => 0);
      const ofKind = counts[kind];
      ofKind[mail.day] = (ofKind[mail.day] ?? 0) + 1;
    }
    return counts;
  }

  async #arrive(mail: Travelling): Promise<void> {
    if (this.carried.length >= CARRIED_MAX) return;
    this.carried.push({ ...mail, day: Math.floor((this.clock.now() - MONDAY) / DAY) });
    const found = this.#readers.find(({ address }) => address.test(mail.to));
    if (found !== undefined) {
      for (const answer of await found.reader(mail)) await this.send(answer);
      return;
    }
    const owner = this.#products.find(({ domain }) => mail.to.endsWith(domain));
    await owner?.product.receive(mail.raw, { sender: mail.from, recipients: [mail.to], verdicts: PROVED });
  }

  async #settle(): Promise<void> {
    for (;;) {
      await Promise.all(this.#arriving.splice(0));
      for (const { product } of this.#products) await product.idle();
      let isMoving = this.#arriving.length > 0;
      for (const place of this.#products) {
        const { mailbox } = place.product.product.stores;
        const kept = mailbox.list({ after: place.seen, limit: 1_000 });
        for (const { id, mail } of kept) {
          place.seen = id;
          isMoving = true;
          await this.send(mail);
        }
      }
      if (!isMoving) return;
    }
  }
}
