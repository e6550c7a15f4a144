/** Mails handed to the whole product, as a server hands them over: each must become something, and none a defect. */
import { aPolicy } from '../../../builders.ts';
import { INBOUND } from '../../../support/mails.ts';
import { TestProduct } from '../../../support/product.ts';

/** So many mails a product: what it keeps of them would only make it slower. */
const MAILS_MAX = 500;
/** So many are handed over before it is waited for what comes of them. */
const BATCH = 50;
const ENVELOPE = {
  sender: 'robin@customer.example',
  recipients: ['support@acme.example'],
  verdicts: null,
  authority: null,
};
const unhurried = { perHour: 60 * 60_000, burst: 1_000_000 };
const policy = aPolicy({ mail: { repliesAt: INBOUND }, rates: { mail: unhurried } });

/** What is logged of a mail that came to something. */
const COMES_TO = ['mail.received', 'mail.recorded', 'mail.own'];
const DEFECTS =
  /^(?:command\.(?:undecidable|unreadable|set-aside)|queue\.|mail\.(?:unwritten|unsure)|api\.defect|pool\.)/;

export class ThroughProduct {
  #product: TestProduct | undefined;
  #taken = 0;
  #looked = 0;

  /** What a mail came to, as the product's log has it; and what is wrong of it and of those before it. */
  async take(mail: Uint8Array): Promise<{ event: string; defects: string[] }> {
    if (this.#taken % MAILS_MAX === 0) await this.stop();
    this.#product ??= new TestProduct({ policies: [policy.source] });
    this.#taken += 1;
    const { log, product } = this.#product;
    const before = log.length;
    const answer = await product.receiveMail(mail, ENVELOPE);
    const event = log.slice(before).find((one) => COMES_TO.includes(one.event))?.event;
    const defects = event === undefined ? [`came to nothing: ${JSON.stringify(answer)}`] : [];
    if (this.#taken % BATCH === 0) defects.push(...(await this.settle()));
    return { event: event ?? 'nothing', defects };
  }

  /** Waits for what comes of the mails. @returns what went wrong since the last time */
  async settle(): Promise<string[]> {
    if (this.#product === undefined) return [];
    await this.#product.idle();
    const fresh = this.#product.log.slice(this.#looked);
    this.#looked += fresh.length;
    return fresh
      .filter(({ event }) => DEFECTS.test(event))
      .map(({ event, fields }) => `${event} ${JSON.stringify(fields)}`);
  }

  async stop(): Promise<void> {
    await this.#product?.stop();
    this.#product = undefined;
    this.#looked = 0;
  }
}
