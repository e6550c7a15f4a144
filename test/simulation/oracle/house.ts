/** What a version of the business's policy says, read from its source and not by the product's own questions to it. */
import type { CompiledPolicy } from '../../../core/policy/compiled-policy.ts';
import type { Policy } from '../../../core/policy/policy.ts';

export class House {
  readonly hash: string;
  readonly source: Policy;
  readonly #policy: CompiledPolicy;

  constructor(policy: CompiledPolicy) {
    this.hash = policy.hash;
    this.source = policy.source;
    this.#policy = policy;
  }

  get name(): string {
    return this.source.name;
  }

  hasTeam(id: string): boolean {
    return Object.hasOwn(this.source.teams, id);
  }

  /** The team of an id; the default team where there is none, or none any more. */
  teamId(id: string | null): string {
    return id !== null && this.hasTeam(id) ? id : this.source.defaultTeam;
  }

  team(id: string | null): Policy['teams'][string] {
    return present(this.source.teams[this.teamId(id)]);
  }

  teamForTopic(topic: string | null): string {
    const found = Object.entries(this.source.teams).find(([, { topics }]) => topic !== null && topics.includes(topic));
    return found?.[0] ?? this.source.defaultTeam;
  }

  agent(id: string): Policy['agents'][string] | undefined {
    return this.source.agents[id];
  }

  /** Only a lead may take a thread from its owner. */
  mayTakeOver(id: string): boolean {
    return this.agent(id)?.role === 'lead';
  }

  closesAt(team: string | null, at: number): number | null {
    return this.#add(team, at, this.source.closeAfter);
  }

  repliesBy(team: string | null, waiting: 'first' | 'next', at: number): number | null {
    return this.#add(team, at, this.source.replyTarget[waiting]);
  }

  /** When a letter is written that is planned now; null where none is. */
  writesAt(letter: 'reminder' | 'rating', team: string | null, at: number): number | null {
    const after = this.source.letters[letter]?.after;
    return after === undefined ? null : this.#add(team, at, after);
  }

  ratingPage(thread: string): string | undefined {
    return this.source.letters.rating?.url?.replace('{thread}', thread);
  }

  timeZone(team: string | null): string {
    return present(this.source.calendars[this.team(team).calendar]).timeZone;
  }

  /** Calendar arithmetic has tests of its own: what is checked here is which calendar and which duration apply. */
  #add(team: string | null, at: number, duration: string): number | null {
    return present(this.#policy.team(this.teamId(team))).hours.add(at, duration);
  }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('The policies of simulated worlds are complete.');
  return value;
}
