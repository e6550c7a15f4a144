/** A story under a policy of notices. */
import type { Effect } from '../../core/effect/effect.ts';
import type { PolicyInput } from '../../core/policy/policy.ts';
import type { Command, CommandBody } from '../../core/thread/command.ts';
import type { Decision } from '../../core/thread/draft.ts';
import type { Entry } from '../../core/thread/entry.ts';
import { aPolicy, MONDAY } from '../builders.ts';
import { TimedStory } from './timed-story.ts';

export const SECOND = 1_000;

/** A story, and the notices of it: when, to whom, of which messages, and about which entry. */
export class Noted extends TimedStory {
  readonly notices: { after: number; to: string; of: number[]; at: number }[] = [];

  constructor(notices: PolicyInput['notices'] = {}) {
    super(aPolicy({ notices }));
  }

  override tell(body: CommandBody, changes: Omit<Partial<Command>, 'policy'> & { now?: number } = {}): Decision {
    const decision = super.tell(body, changes);
    this.#note(decision);
    return decision;
  }

  override fire(now: number): Decision {
    const decision = super.fire(now);
    this.#note(decision);
    return decision;
  }

  at(seconds: number, body: CommandBody, changes: Partial<Command> = {}): Decision {
    return this.tell(body, { now: MONDAY + seconds * SECOND, ...changes });
  }

  #note(decision: Decision): void {
    const effects: Effect[] = decision.outcome === 'done' ? decision.effects : [];
    for (const effect of effects) {
      if (effect.type === 'mail' && effect.kind === 'notice') {
        const of = this.#messagesOf(this.entries.find(({ seq }) => seq === effect.seq));
        this.notices.push({ after: (this.now - MONDAY) / SECOND, to: effect.to, of, at: effect.seq });
      }
    }
  }

  #messagesOf(entry: Entry | undefined): number[] {
    if (entry?.type !== 'notice') return [entry?.seq ?? 0];
    return this.written.filter((seq) => seq >= entry.since && seq < entry.seq);
  }

  /** The numbers of what the customer wrote. */
  get written(): number[] {
    return this.entries.flatMap(({ type, author, seq }) =>
      type === 'message' && author.kind === 'customer' ? seq : [],
    );
  }
}
