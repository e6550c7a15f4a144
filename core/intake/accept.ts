/**
 * Intake: makes a wish durable, and says so. A keyed wish first puts what was minted for it under its key, then goes
 * onto its lane: a replay finds the same ids and sends the same command again, in case the first try died in between.
 */
import type { Clock, IdempotencyStore, Lanes } from '../ports.ts';
import type { Command } from '../thread/command.ts';

/** What is made up once for a wish, and stays the same however often it is sent. */
export interface Minted {
  threadId: string;
  commandId: string;
  customerId: string;
  acceptedAt: number;
  expectedReplyAt: number | null;
}

export interface Wish {
  /** Undefined for a keyless wish: every one is new. `request` is a hash of what was asked, `key` of who and where. */
  idempotency: { key: string; request: string } | undefined;
  minted: Minted;
  /** Makes the command; puts what is too big for it elsewhere, under keys that follow from what was minted. */
  command: (minted: Minted) => Promise<Command>;
}

export interface IntakeDeps {
  lanes: Lanes;
  idempotency: IdempotencyStore;
  clock: Clock;
}

/** `mismatch`: the key was used before, for another request. */
export type Accepted = { minted: Minted; isReplay: boolean } | 'mismatch';

export async function accept(wish: Wish, deps: IntakeDeps): Promise<Accepted> {
  const stored =
    wish.idempotency === undefined
      ? undefined
      : await deps.idempotency.claim(
          wish.idempotency.key,
          { request: wish.idempotency.request, minted: { ...wish.minted } },
          deps.clock.now(),
        );
  if (stored !== undefined && stored.request !== wish.idempotency?.request) return 'mismatch';
  const minted = stored === undefined ? wish.minted : (stored.minted as unknown as Minted);
  const command = await wish.command(minted);
  await deps.lanes.send([{ lane: command.thread, id: command.id, body: command }]);
  return { minted, isReplay: stored !== undefined };
}
