/** What every step of receiving a mail is given, and how what comes of it is put. */
import type { Ids } from '../ids.ts';
import type {
  Blobs,
  Clock,
  Customers,
  Lanes,
  Log,
  MailIndex,
  Policies,
  Randomness,
  RateLimiter,
  Secrets,
  Sends,
  ThreadStore,
} from '../ports.ts';
import type { Command } from '../thread/command.ts';
import type { Author } from '../thread/entry.ts';
import type { Customer } from '../thread/thread.ts';
import type { Recipient } from './addressing.ts';
import type { IncomingMail, ReadMail } from './incoming-mail.ts';
import type { At } from './look-up.ts';

export interface ReceiveDeps {
  threads: ThreadStore;
  lanes: Lanes;
  mailIndex: MailIndex;
  sends: Pick<Sends, 'tell'>;
  blobs: Blobs;
  policies: Policies;
  secrets: Secrets;
  rates: RateLimiter;
  random: Randomness;
  clock: Clock;
  log: Log;
  idsOf: (business: string) => Promise<Ids>;
  customers: Customers;
}

/** Everything about one mail at one business. */
export interface Receiving extends At {
  business: string;
  incoming: IncomingMail;
  read: ReadMail;
  recipients: Recipient[];
  deps: ReceiveDeps;
}

/** Who writes, as the thread is told. */
export interface Writer {
  author: Author;
  customer: Customer;
}

/** What was minted for a mail, and who wrote it. */
export interface Meant extends Writer {
  threadId: string;
  commandId: string;
  messageId: string;
  at: number;
}

/** A command of a mail, as far as it is like any other. */
export function commandOf(receiving: Receiving, place: Meant, body: Command['body']): Command {
  const { business, policy } = receiving;
  return {
    ...{ schema: 1, id: place.commandId, business, thread: place.threadId, acceptedAt: place.at },
    ...{ policy: policy.hash, author: place.author, control: 'agent', body },
  };
}
