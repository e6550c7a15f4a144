/** Whether what was written is there: every answered write once, every other at most once, with its mails. */
import type { Outcome } from '../../core/thread/commit.ts';
import type { Entry } from '../../core/thread/entry.ts';
import type { StoredState } from './stored-state.ts';

export interface Write {
  kind: 'start' | 'message' | 'reply';
  customer: number;
  /** No two writes have the same words. */
  text: string;
  path: string;
  key: string | null;
  /** Null as long as nobody was told anything. */
  status: number | null;
  commandId: string | null;
  threadId: string | null;
}

/** @param sent the texts of all mails that arrived somewhere */
export function checkWrites(writes: Write[], state: StoredState, sent: string[], isMailAtLeastOnce: boolean): string[] {
  const messages = new Map<string, Entry[]>();
  for (const { entries } of state.threads.values()) {
    for (const entry of entries) {
      if (entry.type !== 'message') continue;
      const [part] = entry.content.parts;
      const text = part?.type === 'text' ? part.text : '';
      messages.set(text, [...(messages.get(text) ?? []), entry]);
    }
  }
  const mailed = new Map<string, number>();
  for (const mail of sent) {
    for (const [words] of mail.matchAll(/words no \d+\./g)) mailed.set(words, (mailed.get(words) ?? 0) + 1);
  }
  return writes.flatMap((write) => {
    const found = messages.get(write.text)?.length ?? 0;
    const outcome = write.commandId === null ? undefined : state.outcomes.get(write.commandId);
    const defects = defectsOfWrite(write, found, outcome);
    // A start is acknowledged and noticed, a message noticed, a reply sent: each mail quotes the words.
    const expected = found * (write.kind === 'start' ? 2 : 1);
    const mails = mailed.get(write.text) ?? 0;
    const isMailed = isMailAtLeastOnce ? mails >= expected : mails === expected;
    return isMailed
      ? defects
      : [...defects, `${write.text} (${write.kind}) was mailed ${mails} times, not ${expected}`];
  });
}

function defectsOfWrite({ text, kind, status, key }: Write, found: number, outcome: Outcome | undefined): string[] {
  if (status === 202 && found !== 1) return [`${text} (${kind}) was accepted and is there ${found} times`];
  if (status === 202 && outcome?.status !== 'done') return [`${text} (${kind}) was accepted and is ${outcome?.status}`];
  if (status === null && key !== null) return [`${text} (${kind}) was never answered, also not when sent again`];
  if (status === null && found > 1) return [`${text} (${kind}) was not answered and is there ${found} times`];
  if (status !== null && status !== 202 && status !== 429) return [`${text} (${kind}) was answered ${status}`];
  return [];
}
