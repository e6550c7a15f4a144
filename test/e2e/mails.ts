/** The mails that SES was given, and what the next ones meet there. */
import { inject } from 'vitest';
import type { RecordedMail, Trouble } from './mail-recorder.ts';

const { mails } = inject('deployment');

/** Oldest first. */
export async function mailsTo(address: string): Promise<RecordedMail[]> {
  return (await fetch(`${mails}/mails?to=${encodeURIComponent(address)}`)).json() as Promise<RecordedMail[]>;
}

export async function allMails(): Promise<RecordedMail[]> {
  return (await fetch(`${mails}/mails`)).json() as Promise<RecordedMail[]>;
}

/** The next mail to an address meets trouble. */
export async function troubleFor(to: string, trouble: Trouble): Promise<void> {
  await fetch(`${mails}/troubles`, { method: 'POST', body: JSON.stringify({ to, trouble }) });
}
