/** Whether it was a mail server that sent a mail, by how it names itself and where it takes answers. */
import { fieldOf } from '../received/header.ts';
import type { ReceivedMail } from '../received/received-mail.ts';
import { oneOf } from './one-of.ts';

const DAEMON = oneOf(
  `
    mailer-?daemon|mail-?daemon|daemon|post_?master|sysadmin|mdaemon|mmdf|mailer
    mail-?system|mail-?delivery(?:-subsystem)?|mail-?administrator|microsoftexchange[0-9a-f]{32}
  `,
  (names) => `^(?:${names})$`,
);
const DAEMON_NAME = oneOf(`
  mail(?:er)?[- ]?daemon|mail (?:delivery|administrator|system|server|router)|delivery (?:sub)?system
  system administrator|postmaster|interscan
`);
/** Managers of lists, which return what they do not pass on. */
const MANAGER_FIELDS = ['x-mlserver', 'x-ms-exchange-message-is-ndr'];

export function isFromMailSystem({ from, headers }: ReceivedMail): boolean {
  const author = fieldOf(headers, 'from') ?? '';
  // Some have no domain: a mail server writes to itself.
  const local = (from[0]?.address ?? author.replace(/[<>"\s]+/g, '')).split('@')[0] ?? '';
  const isManager = MANAGER_FIELDS.some((name) => fieldOf(headers, name) !== null);
  return DAEMON.test(local) || DAEMON_NAME.test(author) || isManager;
}

/** A null return path is a machine's promise that it takes no answer (RFC 5321 §4.5.5, RFC 3834 §3.3). */
export function hasNullReturnPath({ headers }: ReceivedMail): boolean {
  const path = fieldOf(headers, 'return-path');
  return path !== null && /^(?:<\s*>|<?mailer-daemon(?:@[^>]*)?>?)?$/i.test(path);
}
