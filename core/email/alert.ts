/** The mail that tells a colleague of a deadline, or what a rule wants them to know: no word of what was written. */
import { type Entry, MAIL_TROUBLES } from '../thread/entry.ts';
import { type About, colleagueReader, colleagueVoice, customerLine, envelope, GENERATED, saying } from './frame.ts';
import { instantInWords } from './instants.ts';
import type { OutgoingMail } from './mail.ts';
import type { Voice } from './voice.ts';

export interface Alert extends About {
  entry: Entry & { type: 'notified' };
}

export function composeAlert(alert: Alert): OutgoingMail {
  const { threadId, facts, entry, policy } = alert;
  const { team, topic, assignee } = facts;
  const voice = colleagueVoice(alert);
  const { say, name } = voice;
  const said = sayingOf(alert, voice);
  const rows: [string, string][] = [
    [say('customer'), customerLine(alert)],
    [say('team'), policy.team(team ?? '')?.name ?? '–'],
    [say('owner'), policy.agent(assignee ?? '')?.name ?? say('nobody')],
    ...(topic === null ? [] : [[say('topic'), topic] as [string, string]]),
    [say('why'), entry.cause.rule ?? ''],
    [say('thread'), threadId],
  ];
  const head = { subject: `[${name}] ${said.short}: ${facts.subject}`, preview: said.long };
  return {
    ...envelope('alert', alert, name, GENERATED),
    ...saying(
      voice,
      head,
      [
        { is: 'title', text: facts.subject },
        { is: 'words', text: said.long },
        { is: 'facts', rows },
      ],
      null,
    ),
  };
}

function sayingOf(alert: Alert, voice: Voice): { short: string; long: string } {
  const { of, cause } = alert.entry;
  const { say } = voice;
  const trouble = MAIL_TROUBLES.find((one) => one === cause.rule);
  if (trouble !== undefined) return { short: say(trouble), long: say(`${trouble}-long`) };
  if (of === null) return { short: say('toKnow'), long: say('toKnowLong') };
  const metric = say(`metric:${of.metric}`);
  const when = instantInWords(of.dueAt, colleagueReader(alert, voice));
  return { short: say(of.event, { metric }), long: say(`${of.event}Long`, { metric, when }) };
}
