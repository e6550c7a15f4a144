/** How far the mails are that entries have caused, as agents see it: one look at the sends of a page. */
import * as z from 'zod';
import { FATES, type SendRecord } from '../core/delivery/send.ts';
import { sendIdOf } from '../core/ids.ts';
import type { Clock, Sends } from '../core/ports.ts';
import type { LogItem } from '../core/thread/entry.ts';
import { instantText, nullableInstantText } from './instants.ts';

const STATES = ['queued', 'sending', 'deferred', 'sent', 'unconfirmed', 'failed', 'unsure', ...FATES] as const;

export const sendingSchema = z.array(
  z.object({
    mail: z.string().describe('Which letter it is: `reply`, `acknowledgement`, `notice` and others.'),
    to: z.string().describe('`customer`, `agent:<id>` or `team:<id>`.'),
    state: z
      .enum(STATES)
      .describe(
        '`deferred`: put off, and tried again. `unconfirmed`: handed over, and nobody asks more unless it fails.' +
          ' `unsure`: nobody can say whether it was sent. What its provider tells later takes their place.',
      ),
    firstTriedAt: z.iso.datetime().nullable(),
    toldAt: z.iso.datetime().nullable().describe('When its provider told what became of it.'),
  }),
);
type Sending = z.infer<typeof sendingSchema>;

/** The mails of entries, by the entry's number. @param items where the entries lie */
export async function sendingOf(
  items: LogItem[],
  seqs: Set<number>,
  threadId: string,
  { sends, clock }: { sends: Pick<Sends, 'records'>; clock: Clock },
): Promise<Map<number, Sending>> {
  const effects = items.flatMap(({ decisions }) => decisions.flatMap((decision) => decision.effects));
  const mails = effects.flatMap((effect) =>
    effect.type === 'mail' && seqs.has(effect.seq)
      ? [{ ...effect, id: sendIdOf(threadId, effect.seq, effect.kind) }]
      : [],
  );
  const records = mails.length === 0 ? new Map<string, SendRecord>() : await sends.records(mails.map(({ id }) => id));
  const found = new Map<number, Sending>();
  for (const { seq, kind, to, id } of mails) {
    const record = records.get(id);
    const state = stateOf(record, clock.now());
    const firstTriedAt = nullableInstantText(record?.since ?? null);
    const toldAt = record?.fate == null ? null : instantText(record.fate.at);
    found.set(seq, [...(found.get(seq) ?? []), { mail: kind, to, state, firstTriedAt, toldAt }]);
  }
  return found;
}

function stateOf(record: SendRecord | undefined, now: number): Sending[number]['state'] {
  if (record === undefined) return 'queued';
  if (record.fate !== null) return record.fate.is;
  switch (record.state) {
    case 'claimed':
      return now < record.leaseUntil ? 'sending' : 'unconfirmed';
    case 'released':
      return 'deferred';
    case 'abandoned':
      return 'unsure';
    default:
      return record.state;
  }
}
