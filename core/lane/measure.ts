/** What a decision tells those who watch the product: is anybody waiting because of us? Numbers only. */
import type { Metrics } from '../ports.ts';
import type { Command } from '../thread/command.ts';
import type { Decision } from '../thread/draft.ts';
import { HOLD_CODES } from '../thread/mail-facts.ts';
import type { Thread } from '../thread/thread.ts';

const HELD: readonly string[] = HOLD_CODES;

/** @param before the thread as the decision found it; undefined where there was none */
export function measure(
  command: Command,
  before: Thread | undefined,
  decision: Decision,
  now: number,
  metrics: Metrics,
): void {
  if (command.body.type !== 'fire-timers') metrics('CommandAgeMs', Math.max(0, now - command.acceptedAt));
  if (decision.outcome !== 'done') return;
  for (const entry of decision.entries) {
    if (entry.type === 'started') metrics('ThreadsStarted', 1);
    // A mail that is held is no failure, and its reason no one's to mend.
    if (entry.type === 'set-aside' && !HELD.includes(entry.reason.code)) metrics('SetAsides', 1);
    if (entry.type === 'sla' && entry.event === 'breached') metrics('DeadlinesBreached', 1);
    if (entry.type !== 'message') continue;
    if (entry.author.kind === 'customer') metrics('MessagesReceived', 1);
    else if (entry.author.kind === 'agent' && before?.waitingSince != null) {
      const seconds = Math.max(0, Math.round((entry.at - before.waitingSince) / 1000));
      metrics(before.answered ? 'NextReplySeconds' : 'FirstReplySeconds', seconds);
    }
  }
}
