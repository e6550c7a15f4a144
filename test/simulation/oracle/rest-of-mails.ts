/** What became of every mail and event that messages had to cause, once the world rests. */

import type { OutgoingMail } from '../../../core/email/mail.ts';
import type { Entry } from '../../../core/thread/entry.ts';
import type { World } from '../world/world.ts';
import type { Observer } from './observer.ts';
import type { SpecMail } from './spec-mail.ts';
import { canonical, timesIn } from './words.ts';

/** So many tries without anybody knowing are enough to give a mail up. */
const UNSURE_TRIES_MAX = 3;
const REPLIES_MAX = 3;

export function defectsOfMails(world: World, observer: Observer): string[] {
  const { provider } = world;
  const expected = new Map(observer.mails.map((mail) => [mail.id, mail]));
  const sent = new Map<string, OutgoingMail[]>();
  for (const { sendId, mail } of provider.sent) sent.set(sendId, [...(sent.get(sendId) ?? []), mail]);
  const told = toldDeliveries(observer);
  const missing = [...sent.keys(), ...told.keys()].filter((id) => !expected.has(id));
  return [
    ...missing.map((id) => `mail ${id} went out, or did not, for no reason`),
    ...observer.mails.flatMap((mail) => {
      const copies = sent.get(mail.id) ?? [];
      const found = [
        ...copies.slice(0, 1).flatMap((copy) => defectsOfMail(mail, copy, world)),
        ...defectsOfTimes(mail, copies, told.get(mail.id), world),
      ];
      return found.map((defect) => `mail ${mail.id} ${defect}`);
    }),
    ...defectsOfOrder(world, observer),
    ...defectsOfBounces(world, observer),
  ];
}

type Delivery = Entry & { type: 'delivery' };

function deliveriesOf(observer: Observer): Delivery[] {
  return [...observer.threads.values()].flatMap(({ entries }) => entries.filter((entry) => entry.type === 'delivery'));
}

/** What the threads were told of mails that nobody could send. */
function toldDeliveries(observer: Observer): Map<string, string> {
  const told = deliveriesOf(observer).filter(({ state }) => state !== 'bounced');
  return new Map(told.map(({ send, state }) => [send, state]));
}

/** Of a mail that did not arrive its thread is told, once. */
function defectsOfBounces({ provider }: World, observer: Observer): string[] {
  const told = deliveriesOf(observer).filter(({ state }) => state === 'bounced');
  const sends = new Set(told.map(({ send }) => send));
  const isWrong = sends.size !== told.length || sends.size !== provider.bounced.size;
  return isWrong ? [`${provider.bounced.size} mails bounced, and ${told.length} were told of`] : [];
}

/** To whom, from whom, about what, and in which words. */
function defectsOfMail(expected: SpecMail, mail: OutgoingMail, { blobs }: World): string[] {
  const { to, from, subject, says } = expected;
  const envelope = canonical([mail.to, mail.from, mail.subject]);
  const text = `${mail.text}\n${mail.html}`;
  return [
    ...(envelope === canonical([to, from, subject])
      ? []
      : [`is ${envelope}, and should be ${canonical([to, from, subject])}`]),
    ...says
      .filter((one) => one.text !== '' && timesIn(mail.text, one.text) < one.times)
      .map((one) => `does not say ${one.text}`),
    ...(`${text}${mail.subject}`.includes('SECRET') ? ['tells a secret'] : []),
    ...mail.attachments.filter(({ key }) => !blobs.all.has(key)).map(() => 'has a file that is not there'),
  ];
}

/** Once, as far as its provider lets anybody know; else as is documented for such a provider. */
function defectsOfTimes(expected: SpecMail, copies: OutgoingMail[], told: string | undefined, world: World): string[] {
  const { provider, deliveries, happenings } = world;
  const { id, kind } = expected;
  const unsure = deliveries.unsureTimes(id);
  const isAtMostOnce = kind !== 'reply' && provider.afterCrash === 'await-events';
  const timesMax = isAtMostOnce ? 1 : Math.min(1 + unsure, provider.afterCrash === 'await-events' ? REPLIES_MAX : 99);
  if (copies.length > 1) happenings.note('mails sent twice');
  if (told === 'rejected') happenings.note('mails refused');
  if (told === 'unsure') happenings.note('mails abandoned');
  if (provider.bounced.has(id)) happenings.note('mails bounced');
  const failures = unsure + (provider.deferred.get(id) ?? 0) + deliveries.unsettledTimes(id);
  const isExplained = told !== undefined || (isAtMostOnce && deliveries.unsettledTimes(id) > 0);
  return [
    ...(copies.length > timesMax ? [`went out ${copies.length} times`] : []),
    ...(new Set(copies.map(canonical)).size > 1 ? ['went out in two versions'] : []),
    ...(copies.length === 0 && !isExplained ? ['never went out'] : []),
    ...(told === 'unsure' && failures < UNSURE_TRIES_MAX ? [`was abandoned after ${failures} tries`] : []),
    ...(told === 'rejected' && !provider.refused.has(id) ? ['was given up, and nobody had refused it'] : []),
    // What a dead function had begun may go out after the event of whoever took over.
    ...(provider.afterCrash === 'await-events' &&
    copies.length > 1 &&
    !provider.untold.has(id) &&
    !deliveries.isOrphaned(id)
      ? ['went out again, though its event came']
      : []),
  ];
}

/** Mails of a thread to one recipient keep their order. */
function defectsOfOrder({ provider, deliveries }: World, observer: Observer): string[] {
  const first = new Map<string, number>();
  provider.sent.forEach(({ sendId }, place) => {
    if (!first.has(sendId)) first.set(sendId, place);
  });
  const last = new Map<string, number>();
  return [...observer.mails]
    .sort((a, b) => a.seq - b.seq)
    .flatMap(({ id, thread, recipient, isOutOfTurn = false }) => {
      const place = first.get(id);
      // What a dead function had begun to send may go out at any time.
      if (place === undefined || isOutOfTurn || deliveries.isOrphaned(id)) return [];
      const lane = `${thread}~${recipient}`;
      const before = last.get(lane) ?? -1;
      last.set(lane, Math.max(place, before));
      return place < before ? [`mail ${id} went out after a later one`] : [];
    });
}

/** Every event that had to be was published, the same each time, and no other. */
export function defectsOfEvents({ events }: World, observer: Observer): string[] {
  const expected = new Map(observer.events.map((event) => [event.id, canonical(event)]));
  const published = new Set<string>();
  const defects: string[] = [];
  for (const event of events) {
    const should = expected.get(event.id);
    published.add(event.id);
    if (should === undefined) defects.push(`event ${event.id} was published for no reason`);
    else if (should !== canonical(event))
      defects.push(`event ${event.id} is ${canonical(event)}, and should be ${should}`);
  }
  const missing = [...expected.keys()].filter((id) => !published.has(id));
  return [...defects, ...missing.map((id) => `event ${id} was never published`)];
}
