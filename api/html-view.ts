/** HTML that strangers wrote, as it may be shown; and how the mail's own images get into their places. */
import { beginningOf } from '../core/beginning.ts';
import { type Display, displayHtml } from '../core/email/display.ts';
import type { Attachment } from '../core/thread/content.ts';
import { linkTo } from './auth/link.ts';
import type { Call } from './route.ts';

/** Fits into an answer, whatever it is: a function's has six megabytes, in which a character may count 14 times. */
const CUT_CHARS = 300_000;

/** The beginning of a text that is too long for an answer. */
export function cutText(text: string): string {
  return beginningOf(text, CUT_CHARS);
}

/** How what was written in a thread is shown to whoever reads it. */
export interface Shown {
  threadId: string;
  /** The path of an attachment, as it opens to who reads the entry. */
  linkOf: (attachmentId: string) => string;
  /** Whether images of other servers are loaded. */
  remoteImages: boolean;
}

/** To who calls, and may read the thread. */
export async function shownTo(
  { deps, policy }: Call<unknown, unknown, unknown>,
  threadId: string,
  remoteImages: boolean,
): Promise<Shown> {
  const keys = (await deps.secrets.of(policy.business))?.capabilityKeys ?? [];
  const now = deps.clock.now();
  const linkOf = (attachmentId: string) => linkTo(`/v1/threads/${threadId}/attachments/${attachmentId}`, keys, now);
  return { threadId, linkOf, remoteImages };
}

/** HTML as it may be shown, and of how many images of other servers it is without. */
export function htmlView(html: string | null, attachments: Attachment[], { linkOf, remoteImages }: Shown) {
  if (html === null) return { html };
  const shown = displayHtml(html, { ownImages: ownImagesOf(attachments, linkOf), remoteImages });
  return { html: shown.html, blockedImages: shown.remoteImagesLeft };
}

/** Of files under one content id the first is the one. */
function ownImagesOf(attachments: Attachment[], linkOf: (attachmentId: string) => string): Display['ownImages'] {
  const inOrder = attachments.flatMap(({ contentId, attachmentId }): [string, string][] => {
    return contentId === undefined ? [] : [[contentId, linkOf(attachmentId)]];
  });
  return new Map(inOrder.reverse());
}
