/** A policy ready for use: hashed, its calendars compiled, its questions answered. */
import { OpenHours } from '../calendar/open-hours.ts';
import { sha256Hex } from '../digest.ts';
import { addressInAscii } from '../email/address.ts';
import { asksForWords } from '../rule/condition.ts';
import { type TextJudge, TextQuestions } from '../rule/text-judge.ts';
import { type AssignmentMode, type Capacity, DEFAULT_CAPACITY } from '../team/assignment.ts';
import { DEFAULT_BRAND } from './brand.ts';
import type { Language } from './languages.ts';
import { DEFAULT_LETTERS } from './letters.ts';
import { mailPolicySchema } from './mail-policy.ts';
import { DEFAULT_NOTICES } from './notices.ts';
import type { Policy } from './policy.ts';
import { DEFAULT_ROLES, type Right } from './rights.ts';

const HASH_CHARS = 16;

export interface Agent {
  id: string;
  name: string;
  email: string;
  rights: ReadonlySet<Right>;
  skills: readonly string[];
}

export interface Team {
  id: string;
  name: string;
  address: string;
  /** Where it is told what happens. */
  notices: string;
  hours: OpenHours;
  agents: readonly string[];
  assign: AssignmentMode;
}

/** One version of one business's policy. Immutable: a changed policy is another version under another hash. */
export class CompiledPolicy {
  readonly source: Policy;
  /** Content hash: the version that decisions name. */
  readonly hash: string;
  readonly texts: TextQuestions;
  readonly #agents = new Map<string, Agent>();
  readonly #teams = new Map<string, Team>();
  readonly #teamOfTopic = new Map<string, Team>();
  readonly #givesThreads: boolean;
  /** Whether some rule asks for what was written: else nobody needs to read it. */
  readonly asksForWords: boolean;
  readonly #hours: Map<string, OpenHours>;

  /** @param obtainJudge is called when a condition first asks of a text what takes a library */
  constructor(source: Policy, obtainJudge: () => TextJudge) {
    this.texts = new TextQuestions(obtainJudge);
    this.source = withLaterParts(source);
    this.hash = sha256Hex(JSON.stringify(source)).slice(0, HASH_CHARS);
    const hours = new Map(Object.entries(this.source.calendars).map(([id, calendar]) => [id, new OpenHours(calendar)]));
    this.#hours = hours;
    const roles = { ...DEFAULT_ROLES, ...source.roles };
    for (const [id, { name, email, role, skills }] of Object.entries(this.source.agents)) {
      this.#agents.set(id, { id, name, email, rights: new Set(roles[role]), skills });
    }
    for (const [id, { calendar, topics, ...told }] of Object.entries(this.source.teams)) {
      const { name, address, notices = address, agents, assign } = told;
      const open = present(hours.get(calendar), `calendar ${calendar}`);
      const team: Team = { id, name, address, notices, hours: open, agents, assign };
      this.#teams.set(id, team);
      for (const topic of topics) this.#teamOfTopic.set(topic, team);
    }
    this.asksForWords = this.source.routing.some(({ rules }) => rules.some(({ when }) => asksForWords(when)));
    this.#givesThreads = [...this.#teams.values()].some(({ assign }) => assign !== 'manual');
  }

  /** Whether some team's threads are given to its agents: else nothing is said to a pool. */
  get givesThreads(): boolean {
    return this.#givesThreads;
  }

  /** How many threads an agent may have in work while a team gives them another. */
  capacityOf(agentId: string, teamId: string): Capacity {
    return this.source.agents[agentId]?.capacity ?? this.source.teams[teamId]?.capacity ?? DEFAULT_CAPACITY;
  }

  get teams(): Iterable<Team> {
    return this.#teams.values();
  }

  get business(): string {
    return this.source.id;
  }

  agent(id: string): Agent | undefined {
    return this.#agents.get(id);
  }

  /** The agent of a verified token: by verified email first, then by subject. */
  agentOf(identity: { email?: string | undefined; subject?: string | undefined }): Agent | undefined {
    const email = identity.email && addressInAscii(identity.email.toLowerCase());
    for (const agent of this.#agents.values()) if (agent.email.toLowerCase() === email) return agent;
    for (const [id, { subject }] of Object.entries(this.source.agents)) {
      if (subject !== undefined && subject === identity.subject) return this.#agents.get(id);
    }
    return undefined;
  }

  team(id: string): Team | undefined {
    return this.#teams.get(id);
  }

  get defaultTeam(): Team {
    return present(this.#teams.get(this.source.defaultTeam), `team ${this.source.defaultTeam}`);
  }

  /** The team of an id; the default team where there is none, or no such one any more. */
  teamOrDefault(id: string | null): Team {
    return (id === null ? undefined : this.#teams.get(id)) ?? this.defaultTeam;
  }

  calendar(id: string | undefined): OpenHours | undefined {
    return id === undefined ? undefined : this.#hours.get(id);
  }

  /** The team that answers a stated topic. */
  teamForTopic(topic: string | null): Team {
    return (topic === null ? undefined : this.#teamOfTopic.get(topic)) ?? this.defaultTeam;
  }

  /** The teams an agent belongs to, in the policy's order. */
  teamsOf(agentId: string): string[] {
    return [...this.#teams.values()].filter((team) => team.agents.includes(agentId)).map((team) => team.id);
  }

  /** The language to write to somebody in: theirs if the business speaks it, else the business's own. */
  languageFor(locale: string | null): Language {
    const wanted = locale?.toLowerCase().split(/[-_]/, 1)[0];
    return (
      this.source.languages.find((language) => language === wanted) ?? present(this.source.languages[0], 'language')
    );
  }
}

/** A version may have been kept by an earlier version of the product, before these parts were. */
function withLaterParts(source: Policy): Policy {
  const { routing = [], sla = [], guidelines = [], texts = {}, refusedFiles = [] } = source as Partial<Policy>;
  const {
    brand = DEFAULT_BRAND,
    letters = DEFAULT_LETTERS,
    notices = DEFAULT_NOTICES,
    mail = {},
  } = source as Partial<Policy>;
  const calendars = mapped(source.calendars, (calendar) => {
    const { holidays = [], dateHours = {}, breaks = {} } = calendar as Partial<typeof calendar>;
    return { ...calendar, holidays, dateHours, breaks };
  });
  const agents = mapped(source.agents, (agent) => ({ ...agent, skills: agent.skills ?? [] }));
  const teams = mapped(source.teams, (team) => ({ ...team, assign: team.assign ?? 'manual' }));
  // In the order in which they were: what is kept of a version must come to the same hash.
  const wholeMail = { ...mail, ...mailPolicySchema.parse({}), ...mail };
  const later = { mail: wholeMail, refusedFiles, texts, brand, letters, notices };
  return { ...source, calendars, agents, teams, routing, sla, guidelines, ...later };
}

function mapped<T>(record: Record<string, T>, each: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, each(value)]));
}

/** For what the policy's schema guarantees. */
function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new TypeError(`The policy has no ${what}; its schema should have refused it.`);
  return value;
}
