/** Mails as bytes, for tests of what reads them. */
import { readMail } from '../../../../core/email/received/read-mail.ts';
import type { ReceivedMail } from '../../../../core/email/received/received-mail.ts';

/** Lines with the line breaks that mail has; characters are bytes, so that any byte can be written. */
export function raw(...lines: string[]): Uint8Array {
  return Buffer.from(lines.join('\r\n'), 'latin1');
}

export function read(mail: Uint8Array): ReceivedMail {
  const received = readMail(mail);
  if ('unreadable' in received) throw new Error(`unreadable: ${received.unreadable}`);
  return received;
}
