/** A story in which time passes: whatever is due fires at its instant. */
import type { CompiledPolicy } from '../../core/policy/compiled-policy.ts';
import { dueAtOf } from '../../core/thread/armed-timers.ts';
import type { Command, CommandBody } from '../../core/thread/command.ts';
import type { Decision } from '../../core/thread/draft.ts';
import type { Entry } from '../../core/thread/entry.ts';
import { aPolicy, aStart, MONDAY, Story } from '../builders.ts';

/** More firings than any story here has. */
const FIRINGS_MAX = 1_000;

export class TimedStory extends Story {
  policy: CompiledPolicy;

  constructor(policy: CompiledPolicy, now = MONDAY, id?: string) {
    super(id, now);
    this.policy = policy;
  }

  /** At `now`, if it is told: then everything due until then fires first. */
  override tell(body: CommandBody, changes: Omit<Partial<Command>, 'policy'> & { now?: number } = {}): Decision {
    if (changes.now !== undefined) this.passTo(changes.now);
    return super.tell(body, { policy: this.policy, ...changes });
  }

  /** Lets time pass to an instant, as the sweep and the wait queue would. @returns how often something fired */
  passTo(now: number): number {
    for (let fired = 0; fired < FIRINGS_MAX; fired += 1) {
      const dueAt = this.thread === undefined ? null : dueAtOf(this.thread);
      if (dueAt === null || dueAt > now) {
        this.now = now;
        return fired;
      }
      this.fire(Math.max(dueAt, this.now));
    }
    throw new Error('The story fires without end.');
  }

  /** One firing, as late as it may be. */
  fire(now: number): Decision {
    const { generation, id } = this.head;
    const changes = { now, policy: this.policy, id: `fire_${id.slice(4)}_${generation}` };
    return super.tell({ type: 'fire-timers', generation }, changes);
  }

  /** What clocks did, as `metric event`. */
  get clocks(): string[] {
    return this.slaEntries.map(({ metric, event }) => `${metric} ${event}`);
  }

  get slaEntries(): (Entry & { type: 'sla' })[] {
    return this.entries.filter((entry) => entry.type === 'sla');
  }

  dueAt(metric: string): number | null | undefined {
    return this.head.clocks.find((clock) => clock.metric === metric)?.dueAt;
  }
}

export type Sla = NonNullable<Parameters<typeof aPolicy>[0]>['sla'];

/** A target with all that can happen before and after its deadline. */
export const WATCHED = {
  within: '4h',
  calendar: 'always',
  warnings: [
    { before: '30m', do: { notify: ['owner' as const] } },
    { before: '2h', do: { priority: 'raise' as const } },
  ],
  breach: { notify: ['team:billing', 'agent:ana'], addTags: ['late'] },
  repeats: { every: '1h', times: 2, do: { team: 'billing', notify: ['team' as const] } },
};

/** A story that has begun, under these service levels. */
export function watched(sla: Sla = [{ id: 'all', metrics: { 'first-reply': WATCHED } }]): TimedStory {
  const story = new TimedStory(aPolicy({ sla }));
  story.tell(aStart());
  return story;
}
