/** The mail that tells an agent why what they sent was not posted, with what they wrote, so that nothing is lost. */
import type { Entry } from '../thread/entry.ts';
import type { ReadableBody } from '../thread/whole-body.ts';
import { type About, colleagueVoice, envelope, GENERATED, saying } from './frame.ts';
import type { OutgoingMail } from './mail.ts';
import { problemInWords } from './problem-in-words.ts';

export interface Refusal extends About {
  entry: Entry & { type: 'mail-refused' };
  body: ReadableBody;
}

export function composeRefusal(refusal: Refusal): OutgoingMail {
  const { facts, entry, body } = refusal;
  const voice = colleagueVoice(refusal);
  const { say, name } = voice;
  const head = { subject: `[${name}] ${say('refused')}: ${facts.subject}`, preview: say('refusedLong') };
  return {
    ...envelope('refusal', refusal, name, GENERATED),
    ...saying(
      voice,
      head,
      [
        { is: 'title', text: say('refused') },
        { is: 'words', text: say('refusedLong') },
        { is: 'words', text: entry.problems.map((problem) => `- ${problemInWords(problem, say)}`).join('\n') },
        { is: 'words', text: say('refusedAgain') },
        { is: 'written', body: { text: body.text, html: null } },
      ],
      null,
    ),
  };
}
