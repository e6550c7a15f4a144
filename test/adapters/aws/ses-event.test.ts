import { describe, expect, it } from 'vitest';
import { providerEventOf } from '../../../adapters/aws/ses-event.ts';
import { sendIdOf } from '../../../core/ids.ts';
import { aThreadId } from '../../builders.ts';

const SEND = sendIdOf(aThreadId(), 12, 'reply');

/** A mail as SES describes it in its events (SES developer guide, "Contents of event data"). */
function aMail(tags: object = {}) {
  return {
    timestamp: '2026-11-23T11:00:00.012Z',
    source: 'Acme <support@acme.example>',
    sourceArn: 'arn:aws:ses:eu-central-1:123456789012:identity/acme.example',
    sendingAccountId: '123456789012',
    messageId: '0107019a-example-000000',
    destination: ['c1@example.com'],
    headersTruncated: false,
    headers: [{ name: 'From', value: 'Acme <support@acme.example>' }],
    commonHeaders: { from: ['Acme <support@acme.example>'], to: ['c1@example.com'], subject: 'Re: My order' },
    tags: {
      'ses:source-tls-version': ['TLSv1.3'],
      'ses:operation': ['SendEmail'],
      'ses:configuration-set': ['MailConfigurationSet'],
      'ses:source-ip': ['192.0.2.7'],
      'ses:from-domain': ['acme.example'],
      'ses:caller-identity': ['delivery'],
      'ses:outgoing-ip': ['198.51.100.7'],
      send: [SEND],
      attempt: ['2'],
      kind: ['reply'],
      ...tags,
    },
  };
}

/** An event as EventBridge hands it on. */
function anEvent(type: string, detail: object, mail: object = aMail()) {
  return {
    version: '0',
    id: '12a18625-7ec4-d825-0c30-33c7d5a2d2f7',
    'detail-type': type,
    source: 'aws.ses',
    account: '123456789012',
    time: '2026-11-23T11:00:01Z',
    region: 'eu-central-1',
    resources: ['arn:aws:ses:eu-central-1:123456789012:configuration-set/MailConfigurationSet'],
    detail: { ...detail, mail },
  };
}

const RECIPIENT = { emailAddress: 'c1@example.com', status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' };
const BOUNCE = {
  bounceType: 'Permanent',
  bounceSubType: 'General',
  bouncedRecipients: [{ ...RECIPIENT, action: 'failed' }],
  timestamp: '2026-11-23T11:00:00.669Z',
  feedbackId: '0107019a-feedback-000000',
  reportingMTA: 'dsn; mta.example.com',
};
const COMPLAINT = {
  complainedRecipients: [{ emailAddress: 'c1@example.com' }],
  timestamp: '2026-11-23T11:00:00.669Z',
  feedbackId: '0107019a-feedback-000000',
  userAgent: 'Amazon SES Mailbox Simulator',
};

describe('an event of SES', () => {
  it.each(['Suppressed', 'OnAccountSuppressionList'])('of a mail that it did not try (%s) ends mail there', (type) => {
    const bounce = { ...BOUNCE, bounceSubType: type };
    expect(providerEventOf(anEvent('Email Bounced', { bounce }))).toMatchObject({
      ...{ state: 'bounced', detail: `Permanent ${type}`, bouncedFrom: ['c1@example.com'] },
    });
  });

  it('of a mail that it did not try, because of an earlier complaint, is no complaint', () => {
    const complaint = { ...COMPLAINT, complaintSubType: 'OnAccountSuppressionList', complaintFeedbackType: 'abuse' };
    expect(providerEventOf(anEvent('Email Complaint Received', { complaint }))).toMatchObject({
      ...{ state: 'rejected', detail: 'OnAccountSuppressionList', bouncedFrom: [] },
    });
  });

  it.each([
    ['Email Sent', { eventType: 'Send', send: {} }, 'sent', ''],
    ['Email Bounced', { eventType: 'Bounce', bounce: BOUNCE }, 'bounced', 'Permanent General'],
    [
      'Email Complaint Received',
      { eventType: 'Complaint', complaint: { ...COMPLAINT, complaintFeedbackType: 'abuse' } },
      'complained',
      'abuse',
    ],
    ['Email Complaint Received', { eventType: 'Complaint', complaint: COMPLAINT }, 'complained', ''],
    [
      'Email Complaint Received',
      { eventType: 'Complaint', complaint: { ...COMPLAINT, complaintSubType: null, complaintFeedbackType: null } },
      'complained',
      '',
    ],
    ['Email Delivered', { eventType: 'Delivery', delivery: { recipients: ['c1@example.com'] } }, 'delivered', ''],
    [
      'Email Delivery Delayed',
      { eventType: 'DeliveryDelay', deliveryDelay: { delayType: 'MailboxFull', delayedRecipients: [RECIPIENT] } },
      'delayed',
      'MailboxFull',
    ],
    ['Email Rejected', { eventType: 'Reject', reject: { reason: 'Bad content' } }, 'rejected', 'Bad content'],
  ])('%s tells what became of which send, and names an address only where it is gone', (type, detail, state, told) => {
    const event = providerEventOf(anEvent(type, detail));
    expect(event).toEqual({
      ...{ state, detail: told, sendId: SEND, attempt: 2, providerId: '0107019a-example-000000' },
      bouncedFrom: state === 'bounced' ? ['c1@example.com'] : [],
      isOfCopy: false,
    });
    expect(event?.detail).not.toContain('@');
  });

  it.each([
    ['Email Delivered', { delivery: { recipients: ['Copied@example.com'] } }],
    ['Email Bounced', { bounce: { ...BOUNCE, bouncedRecipients: [{ emailAddress: 'copied@example.com' }] } }],
    ['Email Complaint Received', { complaint: { complainedRecipients: [{ emailAddress: 'copied@example.com' }] } }],
  ])('%s of a copy is told from one of the mail itself', (type, detail) => {
    const mail = { ...aMail(), destination: ['c1@example.com', 'copied@example.com'] };
    expect(providerEventOf(anEvent(type, detail, mail))).toMatchObject({ isOfCopy: true });
  });

  it('names no address where a bounce may pass', () => {
    const bounce = { ...BOUNCE, bounceType: 'Transient' };
    expect(providerEventOf(anEvent('Email Bounced', { bounce }))).toMatchObject({ bouncedFrom: [] });
  });

  it('goes by the first value of a tag that has several', () => {
    const mail = aMail({ send: [SEND, 'another'], attempt: ['3', '4'] });
    expect(providerEventOf(anEvent('Email Sent', {}, mail))).toMatchObject({ sendId: SEND, attempt: 3 });
  });

  it('is nothing to us where the mail is not ours', () => {
    const { send: _, ...tags } = aMail().tags;
    const without = { ...aMail(), tags };
    const mails = [without, { ...aMail(), tags: undefined }, aMail({ send: [] }), aMail({ send: ['newsletter_7'] })];
    for (const mail of mails)
      expect(providerEventOf(anEvent('Email Bounced', { bounce: BOUNCE }, mail))).toBeUndefined();
  });

  it.each([
    anEvent('Email Opened', {}),
    anEvent('Email Clicked', {}),
    { ...anEvent('Email Sent', {}), source: 'somebody.else' },
    'no event',
    null,
    {},
    [],
  ])('is nothing to us where it is of another kind: %#', (event) => {
    expect(providerEventOf(event)).toBeUndefined();
  });
});
