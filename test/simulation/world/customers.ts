/** The customers of a simulated world, as their business's tokens tell of them, and what they write. */
import { pendingKey } from '../../../core/blob-keys.ts';
import type { Ids } from '../../../core/ids.ts';
import type { Written } from '../../../core/intake/content.ts';
import type { Blobs } from '../../../core/ports.ts';
import { type Attachment, type Content, contentOf } from '../../../core/thread/content.ts';
import type { Author } from '../../../core/thread/entry.ts';
import type { Customer } from '../../../core/thread/thread.ts';
import { aCustomer } from '../../builders.ts';
import type { Random } from '../../support/random.ts';
import type { Happenings } from './happenings.ts';
import type { Regime } from './regime.ts';
import type { Scheduler } from './scheduler.ts';

export const CUSTOMERS = ['c1', 'c2', 'c3'] as const;
export type CustomerId = (typeof CUSTOMERS)[number];

const MOVES_HOUSE = 0.06;
const READ_BEFORE = 0.15;
const LONG_CHARS = 17_000;
/** More than the store of a simulated world holds in one item. */
const TOO_LARGE_CHARS = 45_000;

export function customerAuthor(id: string): Author {
  return { kind: 'customer', id, name: aCustomer({ id }).name };
}

/** The content of a message, or what intake is to make one of. */
export type Wording = { content: Content } | { written: Written; attachments: Attachment[] };

interface CustomersWorld {
  scheduler: Scheduler;
  regime: Regime;
  happenings: Happenings;
  ids: Ids;
  blobs: Blobs;
}

export class Customers {
  readonly #told = new Map<CustomerId, Customer>([
    ['c1', aCustomer()],
    ['c2', aCustomer({ id: 'c2', email: 'c2@example.com', locale: 'de', zoneinfo: 'America/New_York' })],
    ['c3', aCustomer({ id: 'c3', email: null })],
  ]);
  /** What their record said, version by version. */
  readonly #records = new Map<CustomerId, Customer[]>();
  readonly #world: CustomersWorld;

  constructor(world: CustomersWorld) {
    this.#world = world;
  }

  /** What is told of a customer now: sometimes another address than the last time. */
  tell(id: CustomerId): Customer {
    const { random } = this.#world.scheduler;
    const known = this.#told.get(id) ?? aCustomer({ id });
    const told = random.chance(MOVES_HOUSE) ? { ...known, email: `${id}.${random.below(1000)}@example.org` } : known;
    this.#told.set(id, told);
    if (this.#records.has(id)) return this.record(id);
    // A token need not tell everything that an earlier one told.
    return random.chance(0.1) ? { ...told, email: null, locale: null } : told;
  }

  /** Somebody changes what is known of a customer. */
  change(id: CustomerId): void {
    const { random } = this.#world.scheduler;
    const known = this.#records.get(id) ?? [];
    const segments = random.pick([[], ['vip'], ['vip', 'SECRET-segment']]);
    const attributes = { plan: random.pick(['gold', 'free']) };
    const customer = { ...(this.#told.get(id) ?? aCustomer({ id })), segments, attributes, record: known.length + 1 };
    this.#records.set(id, [...known, random.chance(0.2) ? { ...customer, organisation: 'o1' } : customer]);
  }

  /** What is known of a customer: mostly by now and, where somebody had read it a moment before, by then. */
  record(id: CustomerId): Customer {
    const { random } = this.#world.scheduler;
    const known = this.#records.get(id) ?? [];
    return (random.chance(READ_BEFORE) ? known.at(-2) : undefined) ?? known.at(-1) ?? aCustomer({ id });
  }

  /** A message of these words: mostly a line, sometimes long, in HTML, with a file, or too large for the store. */
  word(words: string, author: Author): Wording {
    const { scheduler, regime, happenings } = this.#world;
    const { random } = scheduler;
    if (random.chance(regime.features['message too large'])) {
      return { content: contentOf({ text: filled(words, TOO_LARGE_CHARS), html: null }, []) };
    }
    const isLong = random.chance(regime.features['long body']);
    if (isLong) happenings.note('long bodies');
    const text = isLong ? filled(words, LONG_CHARS) : words;
    const written = random.chance(0.1) ? { html: `<p>${text}</p>` } : { text };
    const attachments = random.chance(regime.features.attachment) ? [this.#upload(author)] : [];
    return { written, attachments };
  }

  #upload(author: Author): Attachment {
    const { scheduler, ids, blobs } = this.#world;
    const entropy = entropyOf(scheduler.random);
    const owner = author.kind === 'agent' ? (`agent:${author.id}` as const) : (`customer:${author.id}` as const);
    const attachmentId = ids.attachment(owner, scheduler.now, entropy);
    const bytes = Buffer.from(attachmentId);
    void blobs.put(pendingKey(attachmentId), bytes, 'text/plain');
    return { type: 'file', attachmentId, name: 'a.txt', mediaType: 'text/plain', bytes: bytes.length };
  }
}

export function entropyOf(random: Random): Uint8Array {
  return Uint8Array.from({ length: 10 }, () => random.below(256));
}

/** The words at the beginning and at the end of a text of so many characters. */
function filled(words: string, chars: number): string {
  return `${words} ${'and so on '.repeat(chars / 10)}${words}`;
}
