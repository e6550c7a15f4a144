/** Puts what a mail brought beside its thread: long words, and files as far as the policy takes them. */
import { attachmentKey } from '../blob-keys.ts';
import type { ReceivedFile } from '../email/received/received-mail.ts';
import { ENTROPY_BYTES, Ids, type Owner } from '../ids.ts';
import { placeContent, type Written } from '../intake/content.ts';
import type { Policy } from '../policy/policy.ts';
import { isRefused } from '../policy/refused-files.ts';
import type { Blobs } from '../ports.ts';
import type { Attachment, Content } from '../thread/content.ts';
import type { MailFacts } from '../thread/mail-facts.ts';

type Omitted = MailFacts['omitted'];

/** Where it is put: keys follow from these, so that a second try puts the same things to the same places. */
export interface Place {
  threadId: string;
  commandId: string;
  messageId: string;
  owner: Owner;
  at: number;
}

const FILE_NAME_CHARS_MAX = 200;
/** RFC 6838 §4.2; what is none would have to travel in headers all the same. */
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$/;
const ANY_MEDIA_TYPE = 'application/octet-stream';

/** @param leaveOut why none of the files is put there; undefined where those within the limits are */
export async function placeMail(
  written: Written,
  files: ReceivedFile[],
  place: Place,
  { mail: policy, refusedFiles }: Pick<Policy, 'mail' | 'refusedFiles'>,
  leaveOut: 'virus' | 'machine' | undefined,
  { blobs, ids }: { blobs: Blobs; ids: Ids },
): Promise<{ content: Content; omitted: Omitted }> {
  const { bytesMax, countMax } = policy.files;
  const [attachments, omitted]: [Attachment[], Omitted] = [[], []];
  for (const [index, { name: whole, mediaType: told, bytes, contentId }] of files.entries()) {
    const name = whole.slice(0, FILE_NAME_CHARS_MAX).toWellFormed();
    const mediaType = MEDIA_TYPE.test(told) ? told : ANY_MEDIA_TYPE;
    const reason =
      leaveOut ??
      (isRefused({ name, mediaType: told }, refusedFiles) ? 'type' : undefined) ??
      (bytes.length > bytesMax ? 'size' : attachments.length >= countMax ? 'count' : undefined);
    if (reason !== undefined) {
      omitted.push({ name, bytes: bytes.length, reason });
      continue;
    }
    const entropy = Ids.derivedEntropy(place.commandId, `file ${index}`).subarray(0, ENTROPY_BYTES);
    const attachmentId = ids.attachment(place.owner, place.at, entropy);
    await blobs.put(attachmentKey(place.threadId, attachmentId), bytes, mediaType, name);
    const type = mediaType.startsWith('image/') ? 'image' : 'file';
    const known = contentId === null ? {} : { contentId };
    attachments.push({ type, attachmentId, name, mediaType, bytes: bytes.length, ...known });
  }
  return { content: await placeContent(written, attachments, place, blobs), omitted };
}
