/**
 * Clients of a simulated world, and the intake that they ask: with keys or without, again when they get no answer, and
 * now and then when they had one. Intake does what the API does: it promises, places what is long, and accepts.
 */
import { type Ids, messageIdOf } from '../../../core/ids.ts';
import { accept, type IntakeDeps, type Minted } from '../../../core/intake/accept.ts';
import { placeContent, type Written } from '../../../core/intake/content.ts';
import type { CompiledPolicy } from '../../../core/policy/compiled-policy.ts';
import type { Blobs, Policies, ThreadStore } from '../../../core/ports.ts';
import type { Command, CommandBody } from '../../../core/thread/command.ts';
import type { Attachment } from '../../../core/thread/content.ts';
import type { Author } from '../../../core/thread/entry.ts';
import { foresee } from '../../../core/thread/foresee.ts';
import { aNobody } from '../../../core/thread/thread.ts';
import type { Happenings } from './happenings.ts';
import type { Invocation, Scheduler } from './scheduler.ts';

/** What somebody wishes for. */
export interface Wish {
  thread: string;
  author: Author;
  /** A message's content and id are filled in when it is accepted. */
  body: CommandBody;
  written?: Written;
  attachments?: Attachment[];
  /** The words of a message or note: no two wishes have the same. */
  words?: string;
  ifMatch?: number;
  /** Of what had been set aside: the entry, and when it had been accepted. */
  redrives?: number;
  acceptedAt?: number;
  expectedReplyAt?: number | null;
  /** Whether the customer is told when the answer comes. */
  isPromised?: boolean;
  /** A key that was used before, for something else. */
  usedKey?: string;
}

export interface Wished extends Wish {
  number: number;
  key: string | null;
  answers: { minted: Minted; at: number; isReplay: boolean }[];
  /** Answered that the key had been used for something else. */
  mismatchedAt: number | null;
}

export interface ClientsWorld {
  scheduler: Scheduler;
  happenings: Happenings;
  ids: Ids;
  /** What intake is given in one invocation. */
  intake: (
    invocation: Invocation,
  ) => IntakeDeps & { threads: ThreadStore; blobs: Blobs; policies: Policies; schema: number };
}

const INTAKE_LIFE_MS = 30_000;
const RETRY_MS = 3_000;
const KEYED = 0.6;
const REPLAYED = 0.15;

export class Clients {
  readonly wished: Wished[] = [];
  /** All commands that clients sent, as they were to be sent, by their id. */
  readonly sent = new Map<string, Command>();
  readonly #world: ClientsWorld;

  constructor(world: ClientsWorld) {
    this.#world = world;
  }

  /** A key that somebody used before. */
  usedKey(): string | undefined {
    const keyed = this.wished.filter(({ key, usedKey }) => key !== null && usedKey === undefined);
    return keyed.length === 0 ? undefined : (this.#world.scheduler.random.pick(keyed).key ?? undefined);
  }

  submit(wish: Wish): void {
    const number = this.wished.length;
    const isKeyed = this.#world.scheduler.random.chance(KEYED);
    const key = wish.usedKey ?? (isKeyed ? `key-${number}` : null);
    const wished = { ...wish, number, key, answers: [], mismatchedAt: null };
    this.wished.push(wished);
    this.#try(wished);
  }

  /** Asks once; a client with a key asks again until it is answered. */
  #try(wished: Wished): void {
    const { scheduler } = this.#world;
    const invocation = scheduler.invocation('intake', INTAKE_LIFE_MS);
    void this.#ask(wished, invocation).catch(() => {});
    if (wished.key === null) return;
    scheduler.plan(RETRY_MS + INTAKE_LIFE_MS, 'a client tries again', () => {
      if (wished.answers.length === 0 && wished.mismatchedAt === null) this.#try(wished);
    });
  }

  async #ask(wished: Wished, invocation: Invocation): Promise<void> {
    const { scheduler, ids, intake } = this.#world;
    const deps = intake(invocation);
    const policy = deps.policies.current('acme');
    if (policy === undefined) return;
    const { author, thread, key } = wished;
    const now = deps.clock.now();
    const acceptedAt = wished.acceptedAt ?? now;
    const promised = await this.#promise(wished, policy, deps.threads, now);
    const owner = author.kind === 'assistant' ? 'system' : author.kind;
    const commandId = ids.command(thread, `${owner}:${author.id}`, acceptedAt, this.#entropy());
    const minted = {
      threadId: thread,
      commandId,
      customerId: author.id,
      acceptedAt,
      expectedReplyAt: promised ?? null,
    };
    await deps.policies.keep(policy);
    const command = (made: Minted) => this.#command(wished, made, { policy, deps, isPromised: promised !== undefined });
    const idempotency = key === null ? undefined : { key, request: `request-${wished.number}` };
    const accepted = await accept({ idempotency, minted, command }, deps);
    if (accepted === 'mismatch') {
      wished.mismatchedAt = scheduler.now;
      return;
    }
    this.#answered(wished, accepted);
  }

  #answered(wished: Wished, accepted: { minted: Minted; isReplay: boolean }): void {
    const { scheduler, happenings } = this.#world;
    wished.answers.push({ ...accepted, at: scheduler.now });
    if (accepted.isReplay) happenings.note('replays answered');
    if (wished.key === null || wished.answers.length > 3 || !scheduler.random.chance(REPLAYED)) return;
    // A second click, or a client that lost its memory.
    const delayMs = scheduler.random.below(scheduler.random.pick([5_000, 600_000]));
    scheduler.plan(delayMs, 'a client asks again', () => this.#try(wished));
  }

  /** @returns undefined where the customer is told nothing */
  async #promise(
    { body, thread, isPromised, ...wished }: Wished,
    policy: CompiledPolicy,
    threads: ThreadStore,
    now: number,
  ): Promise<number | null | undefined> {
    if (wished.redrives !== undefined) return wished.expectedReplyAt;
    if (!isPromised) return undefined;
    const nothingKnown = { customer: aNobody(wished.author.id), topic: null, urgency: null, attributes: {} };
    const about = body.type === 'start' ? body : ((await threads.load(thread)) ?? nothingKnown);
    return foresee(about, {}, { policy, ids: this.#world.ids, now }).expectedReplyAt;
  }

  async #command(
    wished: Wished,
    made: Minted,
    given: { policy: CompiledPolicy; deps: { blobs: Blobs; schema: number }; isPromised: boolean },
  ): Promise<Command> {
    const { author, thread, ifMatch, redrives } = wished;
    const { policy, deps, isPromised } = given;
    const command: Command = {
      schema: deps.schema as 1,
      id: made.commandId,
      business: 'acme',
      thread,
      acceptedAt: made.acceptedAt,
      policy: policy.hash,
      author,
      control: 'agent',
      ...(ifMatch === undefined ? {} : { ifMatch }),
      ...(redrives === undefined ? {} : { redrives }),
      ...(isPromised ? { expectedReplyAt: made.expectedReplyAt } : {}),
      body: await this.#bodyOf(wished, messageIdOf(made.commandId), deps.blobs),
    };
    this.sent.set(command.id, this.sent.get(command.id) ?? command);
    return command;
  }

  async #bodyOf({ body, thread, written, attachments = [], redrives }: Wished, messageId: string, blobs: Blobs) {
    // What is sent again keeps the id of its message.
    if (!('messageId' in body) || redrives !== undefined) return body;
    if (written === undefined) return { ...body, messageId };
    const content = await placeContent(written, attachments, { threadId: thread, messageId }, blobs);
    return { ...body, messageId, content };
  }

  #entropy(): Uint8Array {
    const { random } = this.#world.scheduler;
    return Uint8Array.from({ length: 10 }, () => random.below(256));
  }
}
