import { expect, it } from 'vitest';
import { failureOf } from '../../../../core/email/machine/failure.ts';

it.each([
  ['5.1.1', '', '5.1.1', 'hard'],
  ['5.1.10', 'recipient not found', '5.1.10', 'hard'],
  ['5.2.1', 'disabled', '5.2.1', 'hard'],
  ['5.2.2', '', '5.2.2', 'soft'],
  ['5.3.4', '', '5.3.4', 'soft'],
  ['5.7.1', 'blocked by policy', '5.7.1', 'soft'],
  ['5.7.1', 'user unknown', '5.7.1', 'hard'],
  ['5.7.26', 'Unauthenticated mail', '5.7.26', 'soft'],
  ['4.2.2', 'user unknown', '4.2.2', 'soft'],
  ['4.4.7', 'expired', '4.4.7', 'soft'],
  ['5.0.0', '', '5.0.0', 'hard'],
  ['5.0.0', 'smtp; 552 5.2.2 over quota', '5.2.2', 'soft'],
  ['5.5.0', 'smtp; 550 No such user here', '5.5.0', 'hard'],
  ['5.4.1', '550 5.4.1 Recipient address rejected: Access denied', '5.4.1', 'hard'],
  [null, '550 <a@x.example>: Recipient address rejected: User unknown in local recipient table', '5.1.1', 'hard'],
  [null, "554 delivery error: This user doesn't have a mail.example account", '5.1.1', 'hard'],
  [null, 'at 12:45:50 host 10.4.5.50 said: 452 try again', '4.4.7', 'soft'],
  [null, 'Host or domain name not found. Name service error', '5.1.2', 'hard'],
  [null, 'it did not work', '5.0.0', 'soft'],
] as const)('status %s with “%s” is %s, %s', (status, words, told, kind) => {
  expect(failureOf('A@X.example', status, words)).toEqual({ address: 'a@x.example', status: told, kind });
});
