/** What failed for good, as an operator sees it: kept until somebody brings it back, or takes it away. */

export const QUEUE_NAMES = ['commands', 'mails', 'waits', 'mail-events', 'inbound-mails'] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

export interface DeadLetter {
  id: string;
  /** The lane or mail lane; null where the queue has no order. */
  lane: string | null;
  /** When it was sent, or given up: what the queue knows. */
  at: number;
  reason: string;
  body: string;
}

/** What to do with a letter, once it has been looked at. */
export type Verdict = 'leave' | 'redrive' | 'discard';

export interface DeadLetters {
  /** How many lie in each queue, about. */
  counts(): Promise<Partial<Record<QueueName, number>>>;
  /**
   * Shows a queue's letters one after the other, each lane's in order, and does with each what `judge` says. A letter
   * that is redriven is on its queue again before it is taken away here, so a crash in between brings it twice.
   */
  walk(queue: QueueName, judge: (letter: DeadLetter) => Promise<Verdict>): Promise<void>;
}
