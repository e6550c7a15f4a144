import { describe, expect, it } from 'vitest';
import { arrivalOf } from '../../../adapters/aws/ses-arrival.ts';
import { aReceipt } from '../../support/ses-receipt.ts';

describe('mail that SES has received', () => {
  it('tells its envelope, what SES found out, and where it lies', () => {
    expect(arrivalOf(aReceipt({ dmarcVerdict: { status: 'GRAY' }, spamVerdict: { status: 'FAIL' } }))).toEqual({
      rawKey: 'mail/0107019a-inbound',
      sender: 'c1@example.com',
      recipients: ['support@acme.example'],
      verdicts: { spam: 'fail', virus: 'pass', spf: 'pass', dkim: 'pass', dmarc: 'gray' },
    });
  });

  it('passes in nothing that SES did not look at', () => {
    const nothing = { dmarcVerdict: { status: 'PROCESSING_FAILED' }, spfVerdict: undefined };
    expect(arrivalOf(aReceipt(nothing))?.verdicts).toMatchObject({ dmarc: 'none', spf: 'none' });
  });

  it.each([null, 'text', {}, { notificationType: 'AmazonSnsSubscriptionSucceeded' }, { notificationType: 'Received' }])(
    'is not told by %j',
    (notification) => expect(arrivalOf(notification)).toBeUndefined(),
  );
});
