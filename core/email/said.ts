/** What was said in a conversation, as it stands in a mail. */
import type { ReadableBody } from '../thread/whole-body.ts';
import { instantInWords, type Reader } from './instants.ts';
import type { Block } from './layout.ts';
import type { Voice } from './voice.ts';

/** One message: who wrote it, when and what. */
export interface Said {
  name: string;
  at: number;
  body: ReadableBody;
  files: string[];
}

/** Below an answer: the latest first, as text alone. */
export function historyBlocks(history: Said[], voice: Voice, reader: Reader): Block[] {
  if (history.length === 0) return [];
  const each = history.toReversed().flatMap((said): Block[] => [
    { is: 'words', text: leadOf(said, voice, reader) },
    { is: 'quote', text: said.body.text },
  ]);
  return [{ is: 'section', text: voice.say('earlier') }, ...each];
}

/** A conversation from its beginning, each message under who wrote it. */
export function transcriptBlocks(history: Said[], voice: Voice, reader: Reader): Block[] {
  return history.flatMap((said): Block[] => [
    { is: 'section', text: leadOf(said, voice, reader) },
    { is: 'written', body: said.body },
    ...(said.files.length === 0
      ? []
      : [{ is: 'words', text: voice.say('attached', { files: said.files.join(', ') }) } as const]),
  ]);
}

function leadOf({ name, at }: Said, { say }: Voice, reader: Reader): string {
  return say('wrote', { name, when: instantInWords(at, reader) });
}
