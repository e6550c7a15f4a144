/** A mail that SES put into the bucket, received. What cannot be comes again, and ends among the dead letters. */
import { arrivalOf, SES_AUTHORITY } from '../../adapters/aws/ses-arrival.ts';
import { receiveMail } from '../../core/inbound/receive-mail.ts';
import type { ReceiveDeps } from '../../core/inbound/receiving.ts';

/** The message is no notification of a mail. */
class NoArrival extends Error {
  override readonly name = 'NoArrival';
}

/** The mail is not where SES says that it put it. */
class MissingMail extends Error {
  override readonly name = 'MissingMail';
}

/** No business has the address, though SES took mail for it: policy and rules differ, as while one is deployed. */
class Unaddressed extends Error {
  override readonly name = 'Unaddressed';
}

/** @throws {NoArrival | MissingMail | Unaddressed} */
export async function receiveArrival(notification: unknown, deps: ReceiveDeps): Promise<void> {
  const arrival = arrivalOf(notification);
  if (arrival === undefined) throw new NoArrival('The message tells of no mail.');
  const bytes = await deps.blobs.get(arrival.rawKey);
  if (bytes === undefined) throw new MissingMail('The mail is not in the bucket.');
  const received = await receiveMail({ ...arrival, bytes, authority: SES_AUTHORITY }, deps);
  if (received === 'nobody') throw new Unaddressed('No business receives mail at these addresses.');
}
