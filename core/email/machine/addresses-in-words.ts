/** Whom a mail did not reach, by the words of whoever could not deliver it. */
import { oneOf } from './one-of.ts';
import type { Original } from './original.ts';

export interface AddressInWords {
  /** In lower case. */
  address: string;
  /** What is said of it: up to the next one. */
  words: string;
}

const FOUND_MAX = 100;
const ADDRESS = /(?<![\w.+/=@-])[\w.!#$%&'*+/=?^{|}~-]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?/gi;
/** Whoever is named so is to be asked, and not the one who was not reached. */
const HELPER = /^(?:postmaster|mailer-daemon|abuse|support|help|helpdesk|hostmaster|webmaster|noreply|no-reply)$/i;
const ASKS = oneOf(String.raw`
  contact|assist|question|please (?:send|write|mail|forward)|help ?desk|original sender|mail from:|from:? ?<
  ^\s*(?:from|sender|reply-to|message-id|subject|date|in-reply-to|references|messagename|id)\s*:
`);
/** A line that is about its recipient: it begins with the address, or says so. */
const ABOUT = oneOf(String.raw`
  ^[\s>*"'<(\[\-]*$|rcpt to:?\s*<?$
  (?:recipient|address|user(?:id)?|deliver\w*|mailbox|to|following)(?:\(s\)|e?s)?(?: address)?[\s:"'<(=]*$
`);

/** The addresses that are most likely meant, in their order; `own` are those of the mail itself. */
export function addressesInWords(
  notice: string,
  { own, original }: { own: Set<string>; original: Original },
): AddressInWords[] {
  const found = new Map<string, { at: number; rank: number }>();
  let lineStart = 0;
  for (const line of notice.split('\n')) {
    for (const match of line.matchAll(ADDRESS)) {
      const address = match[0].toLowerCase();
      const rank = rankOf(address, line.slice(0, match.index), own, original);
      const known = found.get(address);
      if (known === undefined && found.size >= FOUND_MAX) break;
      if (known === undefined || known.rank < rank) found.set(address, { at: lineStart + match.index, rank });
    }
    lineStart += line.length + 1;
  }
  const best = Math.max(...[...found.values()].map(({ rank }) => rank), 0);
  const meant = [...found].filter(([, { rank }]) => rank > 0 && rank >= Math.min(best, 3));
  meant.sort(([, a], [, b]) => a.at - b.at);
  return meant.map(([address, { at }], index) => ({
    address,
    // Of one, whatever is said is said of it; of several, it follows them.
    words: meant.length === 1 ? notice : notice.slice(at + address.length, meant[index + 1]?.[1].at),
  }));
}

/** 0: somebody else for certain. 4: the mail was for them. */
function rankOf(address: string, before: string, own: Set<string>, original: Original): number {
  if (HELPER.test(address.split('@')[0] ?? '') || ASKS.test(before)) return 0;
  if (own.has(address) || original.senders.has(address))
    return original.recipients.has(address) || ABOUT.test(before) ? 1 : 0;
  if (original.recipients.has(address)) return 4;
  return ABOUT.test(before) ? 3 : 2;
}
