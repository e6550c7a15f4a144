import { describe, expect, it } from 'vitest';
import { composePromise } from '../../../core/email/compose.ts';
import type { Entry } from '../../../core/thread/entry.ts';
import { aCustomer, aPolicy, aStory, DAY, HOUR, MONDAY } from '../../builders.ts';
import { MARKS } from '../../support/secrets.ts';

describe('the mail that moves a promise', () => {
  const entry: Entry & { type: 'promise' } = {
    ...{ type: 'promise', expectedReplyAt: MONDAY + DAY, instead: MONDAY + 4 * HOUR, seq: 9, at: MONDAY },
    ...{ author: { kind: 'system', id: 'meanwhile', name: null }, cause: { command: 'c' } },
  };
  const mailTo = (locale: string | null) => {
    const customer = aCustomer({ locale, zoneinfo: 'Europe/Berlin' });
    const facts = { ...aStory().head, customer };
    const to = { name: 'Cleo', address: 'c1@example.com' };
    return composePromise({ threadId: 'thr_acme_x', facts, entry, to, policy: aPolicy(), marks: MARKS });
  };

  it('says what cannot be kept, and what can, in the customer’s language', () => {
    expect(mailTo(null).text).toContain('we cannot answer today by 16:00, as we said.');
    expect(mailTo(null).text).toContain('You can expect our answer tomorrow, Tuesday, by 12:00.');
    expect(mailTo('de').text).toContain('Wir können nicht, wie angekündigt, heute bis 16:00 Uhr antworten.');
    expect(mailTo('de').text).toContain('Sie erhalten unsere Antwort morgen, Dienstag, bis 12:00 Uhr.');
  });

  it('is marked as made by a machine, and belongs to the conversation', () => {
    expect(mailTo(null).headers).toMatchObject({ 'Auto-Submitted': 'auto-generated' });
    expect(mailTo(null).subject).toBe('Re: My order');
  });
});
