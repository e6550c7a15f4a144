/** Where things lie among the blobs. What belongs to a thread begins with it, so that a key tells who may have it. */

export interface BlobInfo {
  name: string;
  mediaType: string;
  bytes: number;
}

/** An upload that no message refers to yet. */
export function pendingKey(attachmentId: string): string {
  return `pending/${attachmentId}`;
}

export function attachmentKey(threadId: string, attachmentId: string): string {
  return `threads/${threadId}/${attachmentId}`;
}

/** The whole text and HTML of a message too long for its entry. */
export function bodyKey(threadId: string, messageId: string): string {
  return `threads/${threadId}/${messageId}`;
}

/** A raw mail that was handed over on this machine. What AWS receives lies below `mail/` too. */
export function rawMailKey(hash: string): string {
  return `mail/${hash}`;
}

/** The payload of a set-aside command too long for its entry. */
export function setAsideKey(threadId: string, commandId: string): string {
  return `threads/${threadId}/set-aside-${commandId}`;
}
