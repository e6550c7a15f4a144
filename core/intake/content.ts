/** What a writer sent, made into a message's content: words too long for an entry and files put where they belong. */
import { attachmentKey, bodyKey, pendingKey } from '../blob-keys.ts';
import type { Ids, Owner } from '../ids.ts';
import type { Blobs } from '../ports.ts';
import {
  type Attachment,
  type Content,
  contentOf,
  encodeBody,
  excerptOf,
  INLINE_BYTES_MAX,
} from '../thread/content.ts';

export interface Written {
  text?: string | undefined;
  html?: string | undefined;
}

/**
 * Looks the attachments up that a writer refers to: among the uploads or, where the same was sent before, already
 * beside their thread.
 * @param owners whose uploads they may be
 * @returns them, or the index of the first that was not uploaded, is not the writer's or is gone
 */
export async function findAttachments(
  attachmentIds: string[],
  threadId: string,
  owners: Owner[],
  ids: Ids,
  blobs: Blobs,
): Promise<Attachment[] | { missing: number }> {
  const found: Attachment[] = [];
  for (const [index, attachmentId] of attachmentIds.entries()) {
    const id = ids.verify(attachmentId);
    const isOwn = id?.kind === 'att' && owners.some((owner) => ids.isOwnedBy(id, owner));
    const info = isOwn
      ? ((await blobs.describe(pendingKey(attachmentId))) ??
        (await blobs.describe(attachmentKey(threadId, attachmentId))))
      : undefined;
    if (info === undefined) return { missing: index };
    const { name, mediaType, bytes } = info;
    found.push({ type: mediaType.startsWith('image/') ? 'image' : 'file', attachmentId, name, mediaType, bytes });
  }
  return found;
}

/**
 * Makes the content of a message, and puts beside its thread what does not go into an entry. All keys follow from the
 * ids, so that a second try puts the same things to the same places.
 */
export async function placeContent(
  written: Written,
  attachments: Attachment[],
  place: { threadId: string; messageId: string },
  blobs: Blobs,
): Promise<Content> {
  const { threadId, messageId } = place;
  for (const { attachmentId } of attachments) {
    await blobs.copy(pendingKey(attachmentId), attachmentKey(threadId, attachmentId));
  }
  const html = written.html?.toWellFormed() ?? null;
  const text = written.text?.toWellFormed() ?? null;
  const content = contentOf({ text, html }, attachments);
  const bytes = Buffer.byteLength(text ?? '') + Buffer.byteLength(html ?? '');
  if (bytes <= INLINE_BYTES_MAX) return content;
  const key = bodyKey(threadId, messageId);
  await blobs.put(key, encodeBody({ text, html }), 'application/json');
  return excerptOf(content, key, bytes);
}
