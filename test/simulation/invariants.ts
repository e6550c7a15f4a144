/** What must hold in a simulated world: at every step, and once it has come to rest. */
import { type Entry, entriesOf, type LogItem } from '../../core/thread/entry.ts';
import { evolve } from '../../core/thread/evolve.ts';
import { blankThread, dueAtOf, type Thread } from '../../core/thread/thread.ts';
import type { World } from './world.ts';

/** Looks at what was committed since it last looked, so that a step costs no more than it changed. */
export class Watch {
  readonly defects: string[] = [];
  readonly #world: World;
  readonly #folded = new Map<string, { items: number; thread: Thread; entries: Entry[] }>();
  readonly #decided = new Map<string, string>();

  constructor(world: World) {
    this.#world = world;
    world.scheduler.afterStep = () => this.#look();
  }

  /** Every entry of every log. */
  entries(): [thread: string, entries: Entry[]][] {
    return [...this.#folded].map(([thread, { entries }]) => [thread, entries]);
  }

  /** Every command decided once, every log gapless, every head the fold of its log. */
  #look(): void {
    for (const [id, log] of this.#world.store.logs) {
      const known = this.#folded.get(id);
      if (known?.items === log.length) continue;
      const state = known ?? { items: 0, thread: undefined as unknown as Thread, entries: [] };
      for (const text of log.slice(state.items)) this.#take(id, state, JSON.parse(text) as LogItem);
      state.items = log.length;
      this.#folded.set(id, state);
      if (JSON.stringify(state.thread) !== this.#world.store.heads.get(id))
        this.#defect(`the head of ${id} is not its fold`);
    }
  }

  #take(id: string, state: { thread: Thread; entries: Entry[] }, item: LogItem): void {
    for (const { command } of item.decisions) {
      if (this.#decided.has(command)) this.#defect(`command ${command} was decided twice`);
      this.#decided.set(command, id);
    }
    for (const entry of entriesOf(item)) {
      const before = state.thread ?? blankThread(id, entry.at);
      if (entry.seq !== before.seq + 1) this.#defect(`entry ${entry.seq} of ${id} follows entry ${before.seq}`);
      this.#checkTimer(before, entry);
      state.thread = evolve(before, entry);
      state.entries.push(entry);
    }
  }

  /** A timer fires when it is due, and only while it is armed. */
  #checkTimer(before: Thread, entry: Entry): void {
    const { rule } = entry.cause;
    if (rule !== 'auto-close' && rule !== 'snooze-over') return;
    const dueAt = rule === 'auto-close' ? before.closeAt : (before.snooze?.until ?? null);
    if (dueAt === null) this.#defect(`a timer of ${before.id} fired that was not armed`);
    else if (this.#world.scheduler.now < dueAt - this.#world.scheduler.skewMsMax)
      this.#defect(`a timer of ${before.id} fired early`);
  }

  #defect(what: string): void {
    this.defects.push(`step ${this.#world.scheduler.steps}: ${what}`);
  }
}

/** What is wrong with a world that has come to rest. */
export function defectsAtRest(world: World, watch: Watch): string[] {
  return [
    ...watch.defects,
    ...defectsOfWishes(world, watch),
    ...defectsOfMails(world, watch),
    ...defectsOfThreads(world),
    ...defectsOfSnoozes(watch),
    ...defectsOfOrder(world, watch),
    ...defectsOfEvents(world, watch),
    ...world.commands.dead.map((id) => `command message ${id} was given up`),
    ...world.mails.dead.map((id) => `mail message ${id} was given up`),
    ...(world.commands.isEmpty ? [] : ['commands are left on their lanes']),
    ...(world.mails.isEmpty ? [] : ['mails are left on their lanes']),
  ];
}

/** Every answered wish was decided; its words are in one thread, once. Every other, at most once. */
function defectsOfWishes({ clients, store }: World, watch: Watch): string[] {
  const said = new Map<string, number>();
  for (const [, entries] of watch.entries()) {
    for (const entry of entries) {
      if (entry.type !== 'message' && entry.type !== 'note') continue;
      const [part] = entry.content.parts;
      const words = part?.type === 'text' ? part.text.replace('SECRET ', '') : '';
      said.set(words, (said.get(words) ?? 0) + 1);
    }
  }
  return clients.wished.flatMap(({ thread, words, commandId, isAnswered, key, body }) => {
    const times = words === null ? 0 : (said.get(words) ?? 0);
    if (key !== null && !isAnswered) return [`${body} ${words} with a key was never answered`];
    if (times > 1) return [`${body} ${words} is there ${times} times`];
    if (!isAnswered || commandId === null) return [];
    const outcome = finalOutcome(store.outcomes, `${thread} ${commandId}`);
    if (outcome === undefined) return [`${body} ${words} was accepted, and never decided`];
    if (words !== null && outcome === 'done' && times !== 1) return [`${body} ${words} is done, and is not there`];
    return words !== null && outcome === 'rejected' && times !== 0
      ? [`${body} ${words} was rejected, and is there`]
      : [];
  });
}

/** A forwarded command's outcome is that of the command it became. */
function finalOutcome(outcomes: Map<string, string>, key: string): string | undefined {
  const text = outcomes.get(key);
  if (text === undefined) return undefined;
  const { status, forwardedTo } = JSON.parse(text) as {
    status: string;
    forwardedTo?: { thread: string; command: string };
  };
  return forwardedTo === undefined ? status : finalOutcome(outcomes, `${forwardedTo.thread} ${forwardedTo.command}`);
}

/**
 * Every mail that a decision caused went out once. Beside that, only what is documented: one that the provider
 * refused is told to the thread; one that nobody can vouch for goes out again, or (an acknowledgement) not at all.
 */
function defectsOfMails(world: World, watch: Watch): string[] {
  const { provider, store } = world;
  const sent = new Map<string, number>();
  for (const { sendId, mail } of provider.sent) {
    sent.set(sendId, (sent.get(sendId) ?? 0) + 1);
    if (mail.text.includes('SECRET') || mail.subject.includes('SECRET')) return ['a note was mailed'];
  }
  const expected = new Map<string, string>();
  for (const [thread, items] of store.logs) {
    for (const { decisions } of items.map((text) => JSON.parse(text) as LogItem)) {
      for (const effect of decisions.flatMap(({ effects }) => effects)) {
        if (effect.type === 'mail') expected.set(`snd${thread.slice(3)}_${effect.seq}_${effect.kind}`, effect.kind);
      }
    }
  }
  const told = new Set(
    watch
      .entries()
      .flatMap(([, entries]) => entries.flatMap((entry) => (entry.type === 'delivery' ? [entry.send] : []))),
  );
  const defects = [...sent.keys()].filter((id) => !expected.has(id)).map((id) => `mail ${id} went out for no reason`);
  for (const [id, kind] of expected) {
    const times = sent.get(id) ?? 0;
    const timesMax = kind === 'reply' && provider.untold.has(id) ? 3 : 1;
    if (times > timesMax) defects.push(`mail ${id} went out ${times} times`);
    if (times > 0 || world.isAbandoned(id)) continue;
    // An automatic mail is sent at most once where its provider keeps nobody from sending it twice.
    if (kind !== 'reply' && provider.afterCrash === 'await-events') continue;
    if (!provider.refused.has(id)) defects.push(`mail ${id} never went out`);
    else if (!told.has(id)) defects.push(`nobody was told that ${id} was refused`);
  }
  return defects;
}

/** Nothing is left under way: no merge, no timer that is overdue. */
function defectsOfThreads({ store, scheduler }: World): string[] {
  return store.threads().flatMap((thread) => {
    const dueAt = dueAtOf(thread);
    return [
      ...(thread.mergingInto === null ? [] : [`${thread.id} is still being merged`]),
      ...(dueAt === null || dueAt > scheduler.now - scheduler.skewMsMax ? [] : [`a timer of ${thread.id} is overdue`]),
      ...(thread.mergedInto !== null && thread.mergedInto >= thread.id
        ? [`${thread.id} was merged into a newer one`]
        : []),
    ];
  });
}

/** A customer who begins to wait is never left asleep: only an agent who knows that they wait puts the thread away. */
function defectsOfSnoozes(watch: Watch): string[] {
  return watch.entries().flatMap(([thread, entries]) => {
    const wakes = (entry: Entry) =>
      (entry.type === 'message' && entry.author.kind === 'customer') ||
      ((entry.type === 'set-aside' || (entry.type === 'merge' && entry.phase === 'absorbed')) &&
        entry.waitingSince !== null);
    const snoozes = entries.filter((entry) => entry.type === 'change' && entry.field === 'snooze');
    const last = snoozes.at(-1);
    const isAsleep = last?.type === 'change' && last.to !== null;
    return isAsleep && entries.some((entry) => entry.seq > last.seq && wakes(entry))
      ? [`${thread} sleeps while its customer waits`]
      : [];
  });
}

/** Commands are decided in the order in which their lane took them. */
function defectsOfOrder({ commands, store, poison }: World, watch: Watch): string[] {
  const defects: string[] = [];
  for (const [thread, entries] of watch.entries()) {
    const order = commands.order.get(thread) ?? [];
    // Not those of timers, which come again on purpose, and of which any may be the one that fires.
    const places = [...new Set(entries.map(({ cause }) => cause.command))]
      .map((command) => order.indexOf(command))
      .filter((place) => place >= 0);
    if (places.some((place, index) => place < (places[index - 1] ?? -1)))
      defects.push(`${thread} was decided out of order`);
  }
  for (const [id, lane] of poison) {
    const setAsides = watch
      .entries()
      .flatMap(([, entries]) => entries.filter((entry) => entry.type === 'set-aside' && entry.cause.command === id));
    if (setAsides.length !== 1) defects.push(`poison ${id} was set aside ${setAsides.length} times`);
    if (!store.outcomes.has(`${lane} ${id}`)) defects.push(`poison ${id} has no outcome`);
  }
  return defects;
}

/** Every event that a decision caused was published, the same each time. */
function defectsOfEvents({ events, store }: World, watch: Watch): string[] {
  const published = new Map<string, string>();
  for (const event of events) {
    const text = JSON.stringify(event);
    if (text.includes('words-')) return ['an event told what somebody wrote'];
    if ((published.get(event.id) ?? text) !== text) return [`event ${event.id} was published in two versions`];
    published.set(event.id, text);
  }
  const defects: string[] = [];
  for (const [thread] of watch.entries()) {
    for (const { decisions } of (store.logs.get(thread) ?? []).map((text) => JSON.parse(text) as LogItem)) {
      for (const effect of decisions.flatMap(({ effects }) => effects)) {
        const id = effect.type === 'event' ? `evt${thread.slice(3)}_${effect.seq}` : null;
        if (id !== null && !published.has(id)) defects.push(`event ${id} was never published`);
      }
    }
  }
  return defects;
}
