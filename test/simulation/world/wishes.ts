/** Who wishes for what, and when: of a customer's threads one, or several things at once where that is awkward. */
import type { Ids } from '../../../core/ids.ts';
import { SCORES } from '../../../core/thread/rating.ts';
import type { Thread } from '../../../core/thread/thread.ts';
import { ANA, aCustomerMessage, aStart, aText, BEN } from '../../builders.ts';
import type { Random } from '../../support/random.ts';
import { type AgentsWorld, agentsWish, mergeOf, seeingTo } from './agents.ts';
import type { Clients, Wish } from './clients.ts';
import { CUSTOMERS, type CustomerId, customerAuthor, entropyOf } from './customers.ts';
import type { Regime } from './regime.ts';

export interface WishesWorld extends AgentsWorld {
  regime: Regime;
  ids: Ids;
  clients: Clients;
}

const NEW_THREAD = 0.08;
const CLOSED_THREAD = 0.3;
const SEEN_TO = 0.25;
const WRITTEN_WHEN_DUE = 0.3;
const BY_EMAIL = 0.2;
const USED_KEY = 0.03;

export class Wishes {
  /** Whether nobody wishes for anything any more. */
  isOver = false;
  readonly #world: WishesWorld;
  readonly #random: Random;
  /** Threads that customers know of, by customer. */
  #said = 0;
  readonly #begun = new Map<CustomerId, string[]>();

  constructor(world: WishesWorld) {
    this.#world = world;
    this.#random = world.scheduler.random;
  }

  /** One client wishes for something, now. */
  async wish(): Promise<void> {
    const customer = this.#random.pick(CUSTOMERS);
    const threads = this.threadsOf(customer);
    if (threads.length === 0 || this.#random.chance(NEW_THREAD)) {
      this.#start(customer);
      return;
    }
    if (this.#random.chance(SEEN_TO)) await this.#seeToSomething();
    if (threads.length > 2 && this.#random.chance(this.#world.regime.features['merge spree'])) {
      this.#mergeMany(threads);
    }
    if (this.#random.chance(this.#world.regime.features['record change'])) this.#changeRecord(customer);
    if (this.#random.chance(this.#world.regime.features['transcript wanted'])) this.#wantTranscript(customer);
    if (this.#random.chance(this.#world.regime.features['rating given'])) this.#rate(customer);
    // Sometimes many at once on one thread, so that its lane has a queue.
    this.#write(this.#pick(threads), customer, this.#random.chance(0.2) ? 4 : 1);
  }

  /** Several merges at once, so that they meet each other; now and then with a thread of somebody else. */
  #mergeMany(threads: string[]): void {
    const strangers = this.#random.chance(0.1) ? this.threadsOf(this.#random.pick(CUSTOMERS)) : [];
    for (let left = 3; left > 0; left -= 1) {
      this.#submit(mergeOf(this.#random.pick(threads), [...threads, ...strangers], ANA, this.#world));
    }
  }

  /** What is known of a customer changes, and all of their threads are told; now and then one of somebody else. */
  #changeRecord(customer: CustomerId): void {
    const { customers } = this.#world;
    customers.change(customer);
    const strangers = this.#random.chance(0.1) ? this.threadsOf(this.#random.pick(CUSTOMERS)) : [];
    for (const thread of new Set([...this.threadsOf(customer), ...strangers])) {
      this.#submit({ thread, author: ANA, body: { type: 'customer-told', customer: customers.record(customer) } });
    }
  }

  /** Of one thread, sometimes twice: by the customer, or by an agent for them or for themselves. */
  #wantTranscript(customer: CustomerId): void {
    const thread = this.#pick(this.threadsOf(customer));
    for (let left = 1 + this.#random.below(2); left > 0; left -= 1) {
      const author = this.#random.pick([customerAuthor(customer), ANA, BEN]);
      const to = author.kind === 'agent' && this.#random.chance(0.5) ? 'author' : 'customer';
      this.#submit({ thread, author, body: { type: 'send-transcript', to } });
    }
  }

  /** One thread, sometimes twice, and sometimes the same again. */
  #rate(customer: CustomerId): void {
    const thread = this.#pick(this.threadsOf(customer));
    for (let left = 1 + this.#random.below(2); left > 0; left -= 1) {
      const score = this.#random.pick([...SCORES]);
      const comment = this.#random.pick([null, 'It took long.']);
      this.#submit({ thread, author: customerAuthor(customer), body: { type: 'rate', score, comment } });
    }
  }

  /** Several write in a thread at once. */
  writeIn({ id, customer }: Thread): void {
    const customerId = CUSTOMERS.find((known) => known === customer.id);
    if (customerId !== undefined) this.#write(id, customerId, 3);
  }

  /** A thread that somebody begins, under an id of its own; nothing is sent yet. */
  begin(customer: CustomerId): string {
    const { ids, scheduler } = this.#world;
    const thread = ids.thread(customer, scheduler.now, entropyOf(this.#random));
    this.#begun.set(customer, [...(this.#begun.get(customer) ?? []), thread]);
    return thread;
  }

  /** Threads that a customer began, and those that followed from them. */
  threadsOf(customer: CustomerId): string[] {
    const founded = this.#world.store.threads().filter((thread) => thread.customer.id === customer);
    return [...new Set([...(this.#begun.get(customer) ?? []), ...founded.map(({ id }) => id)])];
  }

  /** Whose thread it is, as far as somebody began it. */
  ownerOf(thread: string): CustomerId | undefined {
    return CUSTOMERS.find((customer) => this.#begun.get(customer)?.includes(thread));
  }

  /** A closed one more often than by chance: it is where messages have the longest way to go. */
  #pick(threads: string[]): string {
    const closed = threads.filter((id) => this.#world.store.head(id)?.status === 'closed');
    return this.#random.pick(closed.length > 0 && this.#random.chance(CLOSED_THREAD) ? closed : threads);
  }

  #start(customer: CustomerId): void {
    const { customers } = this.#world;
    const words = this.#words();
    const isByAgent = this.#random.chance(0.15);
    const author = isByAgent ? this.#random.pick([ANA, BEN]) : customerAuthor(customer);
    const wording = customers.word(words, author);
    const body = aStart({
      customer: customers.tell(customer),
      content: 'content' in wording ? wording.content : aText(),
      subject: this.#random.chance(0.8) ? `Subject of ${words}` : null,
      topic: this.#random.pick([null, null, 'billing', 'offer', 'else']),
      team: isByAgent ? 'support' : null,
    });
    const isPromised = !isByAgent && !this.#random.chance(BY_EMAIL);
    this.#submit({ thread: this.begin(customer), author, body, words, isPromised, ...writtenOf(wording) });
  }

  #write(thread: string, customer: CustomerId, times: number): void {
    for (let left = times; left > 0; left -= 1) {
      if (this.#random.chance(0.4)) this.#submit(this.#customersWish(thread, customer));
      else {
        const wish = agentsWish(thread, this.threadsOf(customer), this.#words(), this.#world);
        if (wish.body.type === 'snooze' && wish.body.until !== null) {
          this.#writeWhenDue(thread, customer, wish.body.until);
        }
        this.#submit(wish);
      }
    }
  }

  #customersWish(thread: string, id: CustomerId): Wish {
    const { customers } = this.#world;
    const author = customerAuthor(id);
    const kind = this.#random.below(10);
    if (kind === 0) return { thread, author, body: { type: 'customer-solve' } };
    if (kind === 1) return { thread, author, body: { type: 'seen', upTo: this.#random.below(9) } };
    const words = this.#words();
    const wording = customers.word(words, author);
    const isByEmail = this.#random.chance(BY_EMAIL);
    const body = aCustomerMessage({
      channel: isByEmail ? 'email' : 'api',
      customer: customers.tell(id),
      content: 'content' in wording ? wording.content : aText(),
    });
    return { thread, author, body, words, isPromised: !isByEmail, ...writtenOf(wording) };
  }

  /** Just when a timer fires is when a lane is most easily confused: so that is when everybody writes. */
  #writeWhenDue(thread: string, customer: CustomerId, dueAt: number): void {
    if (!this.#random.chance(WRITTEN_WHEN_DUE)) return;
    const { scheduler } = this.#world;
    const delayMs = dueAt - scheduler.now - this.#random.below(2 * scheduler.skewMsMax + 1);
    scheduler.plan(delayMs, 'everybody writes', () => {
      if (!this.isOver) this.#write(thread, customer, 3);
    });
  }

  async #seeToSomething(): Promise<void> {
    const waiting = this.#world.store.threads().filter(({ setAsides }) => setAsides.length > 0);
    const wish = waiting.length === 0 ? undefined : await seeingTo(this.#random.pick(waiting), this.#world);
    if (wish !== undefined) this.#submit(wish);
  }

  #submit(wish: Wish): void {
    const { clients } = this.#world;
    const usedKey = this.#random.chance(USED_KEY) ? clients.usedKey() : undefined;
    clients.submit(usedKey === undefined ? wish : { ...wish, usedKey });
  }

  #words(): string {
    this.#said += 1;
    return `words-${this.#said}.`;
  }
}

function writtenOf(wording: object): Pick<Wish, 'written' | 'attachments'> {
  return 'written' in wording ? (wording as Pick<Wish, 'written' | 'attachments'>) : {};
}
