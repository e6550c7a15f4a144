/** What SES tells a topic of a mail that its S3 action has put into a bucket (SES developer guide, "Notifications"). */
export function aReceipt(changes: object = {}, { source = 'c1@example.com', key = 'mail/0107019a-inbound' } = {}) {
  const passed = { status: 'PASS' };
  return {
    notificationType: 'Received',
    mail: {
      timestamp: '2026-11-23T11:00:00.000Z',
      source,
      messageId: '0107019a-inbound',
      destination: ['support@acme.example'],
      headersTruncated: false,
      commonHeaders: { from: [source], to: ['support@acme.example'], subject: 'My order' },
    },
    receipt: {
      timestamp: '2026-11-23T11:00:00.000Z',
      processingTimeMillis: 400,
      recipients: ['support@acme.example'],
      ...{ spamVerdict: passed, virusVerdict: passed, spfVerdict: passed, dkimVerdict: passed, dmarcVerdict: passed },
      ...changes,
      action: {
        type: 'S3',
        topicArn: 'arn:aws:sns:eu-central-1:123456789012:MailIn',
        bucketName: 'bucket',
        objectKeyPrefix: 'mail/',
        objectKey: key,
      },
    },
  };
}
