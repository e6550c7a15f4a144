/** What a customer can be told before their message is decided: the same decider tells it, and nothing is kept. */
import type { Ids } from '../ids.ts';
import type { Written } from '../intake/content.ts';
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import type { Command, CommandBody } from './command.ts';
import { bodyOfContent, type Content, contentOf } from './content.ts';
import { decide } from './decide.ts';
import type { Thread } from './thread.ts';
import { wordsWritten } from './words-written.ts';

/** What is known of a thread that is about to begin. */
export type Beginning = Pick<Thread, 'customer' | 'topic' | 'urgency' | 'attributes'> &
  Partial<Pick<Thread, 'team'>> & { subject?: string | null };

interface Seen {
  policy: CompiledPolicy;
  ids: Ids;
  now: number;
}

interface Foreseen {
  /** When an answer can be expected: epoch ms; null where nobody can say. */
  expectedReplyAt: number | null;
  /** A faster way than waiting for it, where a rule knows one. */
  advice: string | null;
}

/**
 * What would come of a message that is accepted now.
 * @param about its thread; one that is closed goes on in another that begins
 */
export function foresee(about: Thread | Beginning, written: Written, { policy, ids, now }: Seen): Foreseen {
  const isNew = !('id' in about) || about.status === 'closed';
  const content = contentOf({ text: written.text ?? null, html: written.html ?? null }, []);
  const message = { messageId: 'msg', channel: 'api' as const, content };
  const { customer, subject = null, topic, urgency, attributes, team = null } = about;
  const followUpOf = 'id' in about ? about.id : null;
  const body: CommandBody = isNew
    ? { type: 'start', ...message, customer, subject, topic, urgency, attributes, team, followUpOf }
    : { type: 'customer-message', ...message, customer };
  const command: Command = {
    ...{ schema: 1, id: 'cmd', business: policy.business, thread: 'thr', acceptedAt: now, policy: policy.hash },
    author: { kind: 'customer', id: customer.id, name: customer.name },
    control: 'agent',
    body,
  };
  const textOf = (written: Content) => wordsWritten(bodyOfContent(written));
  const decision = decide(isNew ? undefined : (about as Thread), command, { policy, ids, now, textOf });
  if (decision.outcome !== 'done') return { expectedReplyAt: null, advice: null };
  const { expectedReplyAt } = decision.thread;
  const told = decision.entries.findLast((entry) => entry.type === 'advice');
  return { expectedReplyAt, advice: told?.type === 'advice' ? told.text : null };
}
