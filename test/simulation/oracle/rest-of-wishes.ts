/** What became of everything that was wished for and put onto lanes, once the world rests. */
import { DAY, MINUTE } from '../../builders.ts';
import type { Wished } from '../world/clients.ts';
import type { World } from '../world/world.ts';
import type { Observer } from './observer.ts';
import { canonical, wordsIn } from './words.ts';

/** Clocks of intake differ, and a first try takes a while. */
const KEY_SLACK_MS = 15 * MINUTE;

/** Every answered wish was decided; its words are in one thread of its customer, once. Every other, at most once. */
export function defectsOfWishes(world: World, observer: Observer): string[] {
  const said = new Map<string, string[]>();
  for (const { id, entries } of observer.threads.values()) {
    for (const entry of entries) {
      if (entry.type !== 'message' && entry.type !== 'note') continue;
      const words = wordsIn(entry.content);
      said.set(words, [...(said.get(words) ?? []), id]);
    }
  }
  return world.clients.wished.flatMap((wished) => {
    const about = `wish ${wished.number} (${wished.body.type} ${wished.words ?? ''})`;
    const places = wished.words === undefined ? [] : (said.get(wished.words) ?? []);
    return [
      ...defectsOfAnswers(wished, world),
      ...defectsOfWords(wished, places, observer),
      ...defectsOfPlace(wished, places, world, observer),
    ].map((defect) => `${about} ${defect}`);
  });
}

function defectsOfWords(wished: Wished, places: string[], observer: Observer): string[] {
  const { thread, words, key, answers, mismatchedAt } = wished;
  const times = places.length;
  if (times > 1) return [`is there ${times} times`];
  if (key !== null && answers.length === 0 && mismatchedAt === null) return ['was never answered'];
  if (answers.length === 0) return mismatchedAt !== null && times > 0 ? ['was refused, and is there'] : [];
  return answers.flatMap(({ minted }) => {
    const way = wayOf(thread, minted.commandId, observer);
    const isCustomers = wished.body.type === 'start' || wished.body.type === 'customer-message';
    if (way.end === undefined) return ['was accepted, and never decided'];
    if (way.end === 'rejected' && way.steps > 0 && isCustomers) return ['was lost on its way'];
    if (words === undefined || wished.redrives !== undefined) return [];
    if (way.end === 'done' && times === 0) return ['is done, and is not there'];
    return way.end !== 'done' && times > 0 ? [`is ${way.end}, and is there`] : [];
  });
}

/** Follows a command from lane to lane, and through what was set aside and sent again. */
function wayOf(thread: string, command: string, observer: Observer): { end: string | undefined; steps: number } {
  const outcome = observer.outcomes.get(command);
  if (outcome?.status === 'set-aside') {
    const entries = observer.threads.get(thread)?.entries ?? [];
    const setAside = entries.find((entry) => entry.type === 'set-aside' && entry.cause.command === command);
    const redriven = entries.find((entry) => entry.type === 'redriven' && entry.setAside === setAside?.seq);
    return redriven === undefined ? { end: 'set-aside', steps: 0 } : wayOf(thread, redriven.cause.command, observer);
  }
  if (outcome?.forwardedTo === undefined) return { end: outcome?.status, steps: 0 };
  const { end, steps } = wayOf(outcome.forwardedTo.thread, outcome.forwardedTo.command, observer);
  const moved = observer.threads
    .get(thread)
    ?.entries.find(({ cause, type }) => type === 'moved' && cause.command === command);
  return { end, steps: steps + (moved?.type === 'moved' && moved.because === 'closed' ? 1 : 0) };
}

/** What belongs to one customer is never in another's thread. */
function defectsOfPlace({ thread }: Wished, places: string[], { wishes }: World, observer: Observer): string[] {
  const customerOf = (id: string) => wishes.ownerOf(id) ?? observer.threads.get(id)?.spec.customer.id;
  const isElsewhere = places.some((place) => customerOf(place) !== customerOf(thread));
  return isElsewhere ? ['is in a thread of somebody else'] : [];
}

/** A replay is answered what the first try was; a key that is used for something else is refused, for a day. */
function defectsOfAnswers(wished: Wished, { clients, happenings }: World): string[] {
  const { answers, usedKey, key, mismatchedAt, number } = wished;
  const minted = new Set(answers.map((answer) => canonical(answer.minted)));
  const others = clients.wished.filter((other) => key !== null && other.key === key && other.number !== number);
  const defects = minted.size > 1 && others.length === 0 ? ['was answered differently the second time'] : [];
  if (usedKey === undefined) return defects;
  if (mismatchedAt !== null) happenings.note('keys reused for another request');
  const [own] = firstAcceptances([wished]);
  const [first] = firstAcceptances(others);
  if (own !== undefined && first !== undefined) {
    if (Math.abs(own - first) < DAY - KEY_SLACK_MS) defects.push('was accepted under the key of another');
    else happenings.note('keys reused after a day');
  }
  const usedAt = others.flatMap((other) => [other.mismatchedAt ?? 0, ...other.answers.map(({ at }) => at)]);
  const isRefusedForNothing = usedAt.every((at) => at < (mismatchedAt ?? 0) - DAY - KEY_SLACK_MS);
  if (mismatchedAt !== null && isRefusedForNothing) defects.push('was refused, and nobody had its key within a day');
  return defects;
}

/** When wishes were accepted, in order; what is sent again was accepted long before, and tells nothing. */
function firstAcceptances(wishes: Wished[]): number[] {
  const made = wishes.filter(({ redrives }) => redrives === undefined);
  return made.flatMap(({ answers }) => answers.map(({ minted }) => minted.acceptedAt)).sort((a, b) => a - b);
}

/** Everything that a lane took was decided, and nothing came to a lane that did not have to. */
export function defectsOfLanes(world: World, observer: Observer): string[] {
  const { clients, director, commands, mails, happenings } = world;
  happenings.note('messages taken twice', commands.takenTwice + mails.takenTwice);
  const expected = new Map<string, number>();
  const defects: string[] = [];
  for (const send of observer.sends) count(expected, keyOf(send), 1);
  for (const [id, { command, lane }] of observer.sent.all()) {
    if (id.startsWith('fire_')) continue;
    if (!observer.outcomes.has(id)) defects.push(`${id} came to ${lane}, and was never decided`);
    const isFromOutside = clients.sent.has(id) || director.poison.has(id) || world.interferers.has(id);
    const isThePools = command?.body.type === 'offer' || command?.body.type === 'release';
    if (command === undefined || isFromOutside || isThePools || id.startsWith('dlv')) continue;
    const { id: _, ...send } = command;
    count(expected, keyOf(send), -1);
  }
  for (const [key, left] of expected) {
    if (left !== 0) defects.push(`${left > 0 ? 'was never sent' : 'was sent for no reason'}: ${key.slice(0, 300)}`);
  }
  return [
    ...defects,
    ...[...commands.dead, ...mails.dead].map((id) => `message ${id} was given up`),
    ...(commands.isEmpty ? [] : ['commands are left on their lanes']),
    ...(mails.isEmpty ? [] : ['mails are left on their lanes']),
    ...defectsOfOrder(world, observer),
  ];
}

function count(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

/** Of a reason the code counts, not the words. */
function keyOf(send: object): string {
  const body = 'body' in send ? (send.body as { reason?: { code: string } }) : {};
  return canonical(body.reason === undefined ? send : { ...send, body: { ...body, reason: body.reason.code } });
}

/** Commands are decided in the order in which their lane took them. */
function defectsOfOrder({ commands, interferers }: World, observer: Observer): string[] {
  return [...observer.order].flatMap(([thread, decided]) => {
    const order = new Map((commands.taken.get(thread) ?? []).map(({ id }, place) => [id, place]));
    const places = decided
      .filter((id) => !interferers.has(id))
      .flatMap((id) => (order.has(id) ? [order.get(id) ?? 0] : []));
    const isWrong = places.some((place, index) => place < (places[index - 1] ?? -1));
    return isWrong ? [`${thread} was decided out of order`] : [];
  });
}
