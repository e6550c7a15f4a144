/**
 * The product's own functions in the shapes that a scorer of public corpora asks for, one export each. The corpora
 * are not part of this repository; `bench/corpora.md` has the scores.
 */
import { type CalendarInput, calendarSchema } from '../core/calendar/calendar.ts';
import { OpenHours, type Pause } from '../core/calendar/open-hours.ts';
import { classify as classified } from '../core/email/machine/classify.ts';
import { readMail } from '../core/email/received/read-mail.ts';
import { type Forward, parseForward as forwardIn } from '../core/email/written/forward.ts';
import { parseReplyHtml as writtenInHtml } from '../core/email/written/html-reply.ts';
import { type ReplyOptions, parseReply as writtenIn } from '../core/email/written/reply.ts';

type Times = [from: string, to: string][];

/** A calendar as the corpus writes it. */
interface CorpusCalendar {
  timezone: string;
  alwaysOpen?: boolean;
  hours?: Record<string, Times>;
  holidays?: string[];
  dateHours?: Record<string, Times>;
  breaks?: Record<string, Times>;
}

const compiled = new Map<string, OpenHours>();

function openHours(calendar: CorpusCalendar): OpenHours {
  const key = JSON.stringify(calendar);
  const known = compiled.get(key) ?? new OpenHours(calendarSchema.parse(ours(calendar)));
  compiled.set(key, known);
  return known;
}

function ours({
  timezone,
  alwaysOpen = false,
  hours,
  holidays = [],
  dateHours,
  breaks,
}: CorpusCalendar): CalendarInput {
  return {
    timeZone: timezone,
    ...(alwaysOpen ? { alwaysOpen } : {}),
    ...{ hours: intervals(hours, 1), holidays, dateHours: intervals(dateHours), breaks: intervals(breaks, 1) },
  };
}

function intervals(times: Record<string, Times> = {}, min = 0): Record<string, string[]> {
  const named = Object.entries(times).filter(([, list]) => list.length >= min);
  return Object.fromEntries(named.map(([name, list]) => [name, list.map(([from, to]) => `${from}-${to}`)]));
}

/** @throws where the calendar does not open for so long */
function instant(at: number | null): string {
  if (at === null) throw new RangeError('The calendar does not open for so long.');
  return new Date(at).toISOString();
}

export const sla = {
  full: true,
  addTime: (calendar: CorpusCalendar, start: string, seconds: number | string) =>
    instant(openHours(calendar).addMs(Date.parse(start), Math.round(Number(seconds) * 1000))),
  elapsed: (calendar: CorpusCalendar, from: string, to: string, pauses: { from: string; to: string }[] = []) => {
    const paused = pauses.map((one): Pause => ({ from: Date.parse(one.from), to: Date.parse(one.to) }));
    return openHours(calendar).elapsed(Date.parse(from), Date.parse(to), paused) / 1000;
  },
  isOpen: (calendar: CorpusCalendar, at: string) => openHours(calendar).isOpen(Date.parse(at)),
  advanceToOpen: (calendar: CorpusCalendar, at: string) => instant(openHours(calendar).nextOpen(Date.parse(at))),
  /** The beginning of the next interval, also where one is open now. */
  nextOpen: (calendar: CorpusCalendar, at: string) => {
    const hours = openHours(calendar);
    const now = Date.parse(at);
    const from = hours.isOpen(now) ? hours.nextClose(now) : now;
    return instant(from === null ? null : hours.nextOpen(from));
  },
  nextClose: (calendar: CorpusCalendar, at: string) => instant(openHours(calendar).nextClose(Date.parse(at))),
  returnToOpen: (calendar: CorpusCalendar, at: string) => instant(openHours(calendar).lastOpen(Date.parse(at))),
  validateCalendar: (calendar: CorpusCalendar) => openHours(calendar) instanceof OpenHours,
};

/** The new part of a reply. */
export const parseReply = (text: string, options: ReplyOptions = { signature: 'keep' }): string =>
  writtenIn(text, options).visible;

/** Whether a mail is a forward, and of what. */
export const parseForward = (text: string, subject: string | null): Forward => forwardIn(text, subject);

/** The new part of a reply in HTML. */
export const parseReplyHtml = (html: string): string => writtenInHtml(html).html;

export function parseMime(bytes: Uint8Array): object {
  const mail = readMail(bytes);
  if ('unreadable' in mail) throw new Error(mail.unreadable);
  const addresses = (list: { address: string }[]) => list.map(({ address }) => address);
  return {
    ...{ subject: mail.subject, text: mail.text, messageId: mail.messageId },
    ...{ references: mail.references, inReplyTo: mail.inReplyTo },
    ...{ from: addresses(mail.from), to: addresses(mail.to), cc: addresses(mail.cc) },
    attachments: mail.attachments.filter(({ isNamed }) => isNamed).map(({ name }) => ({ filename: name })),
  };
}

export function classify(bytes: Uint8Array): object {
  const mail = readMail(bytes);
  if ('unreadable' in mail) throw new Error(mail.unreadable);
  const found = classified(mail);
  return { ...found, failedRecipients: found.failed.map(({ address }) => address) };
}
