/** What must hold of every thread once the world rests: its clocks, what is kept beside it, what its customer sees. */
import { customerThreadView, entryViews } from '../../../api/views.ts';
import { attachmentKey } from '../../../core/blob-keys.ts';
import { attachmentsOf } from '../../../core/thread/content.ts';
import type { Entry } from '../../../core/thread/entry.ts';
import { isVisibleToCustomer } from '../../../core/thread/visibility.ts';
import type { World } from '../world/world.ts';
import { defectsOfClocks } from './clocks.ts';
import type { Observer } from './observer.ts';
import { defectsOfPayload } from './set-asides.ts';
import type { Watched } from './watched.ts';

/** Nothing is left under way: no merge, no timer that is overdue; and nobody who waits is forgotten. */
export function defectsOfThreads({ scheduler }: World, observer: Observer): string[] {
  return [...observer.threads.values()].flatMap((thread) => {
    const { id, spec, armed } = thread;
    return [
      ...(spec.mergingInto === null ? [] : [`${id} is still being merged`]),
      ...(armed === null || armed > scheduler.now - scheduler.skewMsMax ? [] : [`a timer of ${id} is overdue`]),
      ...(spec.mergedInto !== null && spec.mergedInto >= id ? [`${id} was merged into a newer one`] : []),
      ...defectsOfClocks(thread, scheduler.now - scheduler.skewMsMax),
      ...defectsOfWaiting(thread, observer),
      ...defectsOfSleep(thread),
      ...(thread.telling.untold.length > 0 ? [`nobody was told of what the customer of ${id} wrote`] : []),
      ...defectsOfOblivion(thread),
    ];
  });
}

/** A customer whose word nobody has answered or solved has a running clock where that word lives now. */
function defectsOfWaiting(thread: Watched, observer: Observer): string[] {
  return thread.entries
    .filter((entry) => isWaitedFor(entry) && !isKnown(thread, entry, entry.at, observer))
    .map(({ seq }) => `nobody knows that the customer of ${thread.id} waits since entry ${seq}`);
}

/** Whether what began with an entry has ended, or is known of: here or, where this was merged, there. */
function isKnown({ id, entries, spec, folded }: Watched, began: Entry, at: number, observer: Observer): boolean {
  if (entries.some((later) => ends(later, began))) return true;
  const home = spec.mergedInto === null ? undefined : observer.threads.get(spec.mergedInto);
  const absorbed = home?.entries.find(
    (entry) => entry.type === 'merge' && entry.phase === 'absorbed' && entry.from === id,
  );
  if (home === undefined) return (folded?.waitingSince ?? Number.POSITIVE_INFINITY) <= at;
  return absorbed !== undefined && isKnown(home, absorbed, at, observer);
}

function isWaitedFor(entry: Entry): boolean {
  return entry.type === 'message' && entry.author.kind === 'customer';
}

/** Whether an entry ends the waiting that an earlier one began. */
function ends(later: Entry, { seq }: Entry): boolean {
  if (later.seq <= seq) return false;
  if (later.type === 'message') return later.author.kind !== 'customer';
  return later.type === 'change' && later.field === 'status' && later.to === 'solved';
}

/** Whoever is new or open a week after anybody wrote, the rule on time has told the team of. */
function defectsOfOblivion({ id, spec, entries }: Watched): string[] {
  const isIdle = entries.some(({ type }) => type === 'message') && (spec.status === 'new' || spec.status === 'open');
  const isTold = entries.some((entry) => entry.type === 'rule' && entry.name === 'forgotten');
  return isIdle && !isTold ? [`nobody was told that ${id} is forgotten`] : [];
}

/** Only an agent who knows that a customer waits puts the thread away. */
function defectsOfSleep({ id, entries }: Watched): string[] {
  const last = entries.findLast((entry) => entry.type === 'change' && entry.field === 'snooze');
  const isAsleep = last?.type === 'change' && last.field === 'snooze' && last.to !== null;
  if (!isAsleep) return [];
  const isWoken = entries.some((entry) => entry.seq > last.seq && isWaitedFor(entry));
  return [
    ...(isWoken ? [`${id} sleeps while its customer waits`] : []),
    ...(last.author.kind === 'agent' ? [] : [`${id} was put away by nobody who works here`]),
  ];
}

/** What was set aside is kept, once; what is referred to is there; the customer sees what is theirs, and no more. */
export async function defectsOfContents(world: World, observer: Observer): Promise<string[]> {
  const defects: string[] = [];
  for (const { entry, sent } of observer.setAsides) {
    for (const defect of await defectsOfPayload(entry, sent, world))
      defects.push(`set-aside of ${entry.cause.command}: ${defect}`);
  }
  for (const thread of observer.threads.values()) {
    defects.push(...missingFiles(thread, world), ...(await defectsOfSight(thread, world)));
  }
  return defects;
}

function missingFiles({ id, entries }: Watched, { blobs, happenings }: World): string[] {
  return entries.flatMap((entry) => {
    if (entry.type !== 'message') return [];
    const files = attachmentsOf(entry.content);
    if (files.length > 0 && !entry.messageId.includes(id.slice(id.lastIndexOf('_') + 1))) {
      happenings.note('attachments moved on');
    }
    return files
      .filter(({ attachmentId }) => !blobs.all.has(attachmentKey(id, attachmentId)))
      .map(() => `a file of entry ${entry.seq} of ${id} is not there`);
  });
}

async function defectsOfSight({ id, entries, folded }: Watched, { blobs }: World): Promise<string[]> {
  if (folded === undefined) return [];
  const seen = entries.filter(isVisibleToCustomer);
  const reader = { threadId: id, audience: 'customer', linkOf: (file: string) => file, remoteImages: false } as const;
  const views = await entryViews(seen, reader, { blobs, bytesMax: Number.POSITIVE_INFINITY });
  const shown = JSON.stringify([customerThreadView(folded), views]);
  const messages = entries.filter(({ type }) => type === 'message' || type === 'moved').length;
  const shownMessages = views.filter(({ type }) => type === 'message' || type === 'moved').length;
  return [
    ...(shown.includes('on-hold') ? [`the customer of ${id} sees that others are waited for`] : []),
    ...(shown.includes('SECRET') ? [`the customer of ${id} sees a secret`] : []),
    ...(shownMessages === messages ? [] : [`the customer of ${id} does not see every message`]),
    ...(views.some(({ type }) => !VISIBLE.includes(type)) ? [`the customer of ${id} sees what is not theirs`] : []),
  ];
}

/** Customers see messages, promises, and the changes that concern them. */
const VISIBLE = ['rating', 'message', 'promise', 'moved', 'change', 'merge'];
