/** What deliveries were seen doing at their ports: who claimed a mail, who handed it over, and how that ended. */
import type { Invocation } from './scheduler.ts';

interface Attempt {
  sendId: string;
  invocation: Invocation;
  /** Whether the function came to its end. */
  isOver: boolean;
}

interface Claimed extends Attempt {
  number: number;
  leaseUntil: number;
  /** Whether it was settled while its holder lived, otherwise than by giving the mail up. */
  isSettled: boolean;
  /** Whether it was settled at all. */
  isClosed: boolean;
}

export class DeliveryBook {
  readonly defects: string[] = [];
  readonly #claims: Claimed[] = [];
  /** Sends of which somebody told only after their lease how they ended. */
  readonly #late = new Set<string>();
  readonly #handovers: (Attempt & { isUnsure: boolean; isSettled: boolean; isLate: boolean })[] = [];

  /** A claim was granted, at an instant by its holder's clock: only where nobody else has one. */
  claimed(
    sendId: string,
    number: number,
    lease: { now: number; leaseMs: number; retake: number | undefined },
    invocation: Invocation,
  ): void {
    const { now, leaseMs, retake } = lease;
    const held = this.#claims.findLast((claim) => claim.sendId === sendId && !claim.isClosed);
    const isTakenOver = held !== undefined && retake === held.number && now >= held.leaseUntil;
    if (held !== undefined && !isTakenOver) this.defects.push(`mail ${sendId} was claimed while another had it`);
    const states = { isOver: false, isSettled: false, isClosed: false };
    if (held !== undefined) held.isClosed = true;
    this.#claims.push({ sendId, number, invocation, leaseUntil: now + leaseMs, ...states });
  }

  /** An attempt was settled, perhaps by giving the mail up. What arrives after its sender has died is late. */
  settled(sendId: string, number: number, how: { isGivenUp: boolean; at: number }, invocation: Invocation): void {
    const { isGivenUp, at } = how;
    for (const claim of this.#claims) {
      if (claim.sendId !== sendId || claim.number !== number) continue;
      claim.isClosed = true;
      // Others had gone on to the next mail; that this one was not sent after all, and may be, comes late.
      if (at > claim.leaseUntil) this.#late.add(sendId);
      if (!isGivenUp && !invocation.isDead) claim.isSettled = true;
    }
    if (isGivenUp || invocation.isDead) return;
    for (const handover of this.#handovers) {
      if (handover.sendId === sendId && handover.invocation === invocation) handover.isSettled = true;
    }
  }

  /** @returns what notes that nobody can say how it ended */
  handsOver(sendId: string, invocation: Invocation): { unsure: () => void; taken: (now: number) => void } {
    const handover = { sendId, invocation, isOver: false, isUnsure: false, isSettled: false, isLate: false };
    this.#handovers.push(handover);
    return {
      unsure: () => {
        handover.isUnsure = true;
      },
      taken: (now) => {
        const own = this.#claims.findLast((claim) => claim.sendId === sendId && claim.invocation === invocation);
        handover.isLate = own !== undefined && now > own.leaseUntil;
        this.#checkThatAlone(sendId, invocation);
      },
    };
  }

  /** The function has ended: nothing of it is under way any more. */
  ended(invocation: Invocation): void {
    for (const attempt of [...this.#claims, ...this.#handovers]) {
      if (attempt.invocation === invocation) attempt.isOver = true;
    }
  }

  /** How often a mail was handed over without anybody having written how that ended. */
  unsureTimes(sendId: string): number {
    const ofSend = this.#handovers.filter((handover) => handover.sendId === sendId);
    return ofSend.filter(({ isUnsure, isSettled }) => isUnsure || !isSettled).length;
  }

  /** Whether somebody died at handing it over, or slept until their lease was over: it may go out at any time. */
  isOrphaned(sendId: string): boolean {
    if (this.#late.has(sendId)) return true;
    return this.#handovers.some((handover) => handover.sendId === sendId && (handover.isLate || !handover.isOver));
  }

  /** How often a mail was claimed, and the claim never settled. */
  unsettledTimes(sendId: string): number {
    return this.#claims.filter((claim) => claim.sendId === sendId && !claim.isSettled).length;
  }

  /** A claim is there to keep two functions that are both alive from handing over the same mail. */
  #checkThatAlone(sendId: string, invocation: Invocation): void {
    if (invocation.isDead) return;
    const isShared = this.#handovers.some(
      (other) =>
        other.sendId === sendId && other.invocation !== invocation && !other.isOver && !other.invocation.isDead,
    );
    if (isShared) this.defects.push(`mail ${sendId} was handed over by two at once`);
  }
}
