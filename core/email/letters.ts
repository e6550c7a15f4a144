/** The letters that nobody writes: a reminder, the question how content somebody was, a transcript. */
import type { Entry } from '../thread/entry.ts';
import {
  type About,
  colleagueReader,
  colleagueVoice,
  customerReader,
  customerVoice,
  envelope,
  GENERATED,
  greeting,
  replySubject,
  saying,
} from './frame.ts';
import { instantInWords } from './instants.ts';
import type { Block } from './layout.ts';
import type { OutgoingMail } from './mail.ts';
import { type Said, transcriptBlocks } from './said.ts';
import type { Voice } from './voice.ts';

export interface PlannedMail extends About {
  entry: Entry & { type: 'letter' };
  /** Where the thread is rated, with a question for it. */
  ratingUrl: string | undefined;
}

export function composeLetter(about: PlannedMail): OutgoingMail {
  const { facts, entry } = about;
  const voice = customerVoice(about);
  const { words, blocks } = entry.letter === 'reminder' ? reminder(about, voice) : rating(about, voice);
  const title = voice.say(`${entry.letter}Title`);
  return {
    ...envelope(entry.letter, about, voice.name, GENERATED),
    ...saying(voice, { subject: replySubject(facts.subject), preview: words }, [
      { is: 'title', text: title },
      { is: 'words', text: greeting(about, voice) },
      { is: 'words', text: words },
      ...blocks,
      { is: 'words', text: voice.name },
    ]),
  };
}

type Words = { words: string; blocks: Block[] };

function reminder(about: PlannedMail, { say }: Voice): Words {
  const { since, at } = about.entry;
  return { words: say('reminder', { when: instantInWords(since ?? at, customerReader(about)) }), blocks: [] };
}

function rating({ facts, ratingUrl: url }: PlannedMail, { say }: Voice): Words {
  const words = say('rating', { subject: facts.subject });
  return { words, blocks: url === undefined ? [] : [{ is: 'link', label: say('ratingLink'), url }] };
}

export interface Transcript extends About {
  entry: Entry & { type: 'transcript' };
  /** The oldest first. */
  said: Said[];
  /** Whether that is all there was. */
  isWhole: boolean;
}

/** The conversation, to whom it was asked for: never a note. */
export function composeTranscript(transcript: Transcript): OutgoingMail {
  const { facts, entry, said, isWhole, to } = transcript;
  const isToCustomer = entry.to === 'customer';
  const voice = isToCustomer ? customerVoice(transcript) : colleagueVoice(transcript);
  const reader = isToCustomer ? customerReader(transcript) : colleagueReader(transcript, voice);
  const { say, name } = voice;
  const words = say('transcript');
  const head = { subject: replySubject(facts.subject), preview: words };
  const blocks: Block[] = [
    { is: 'title', text: say('transcriptTitle', { business: name }) },
    { is: 'words', text: isToCustomer ? greeting(transcript, voice) : say('greeting', { name: to.name }) },
    { is: 'words', text: words },
    ...(isWhole ? [] : [{ is: 'words', text: say('transcriptCut', { count: String(said.length) }) } as const]),
    ...transcriptBlocks(said, voice, reader),
  ];
  return {
    ...envelope('transcript', transcript, name, GENERATED),
    ...saying(voice, head, blocks, isToCustomer ? voice.signature : null),
  };
}
