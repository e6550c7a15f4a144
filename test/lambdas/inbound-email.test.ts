import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Deployed } from '../support/deployed.ts';
import type { FunctionProcess } from '../support/functions.ts';
import { anSqsEvent, aRecord } from '../support/lambda-events.ts';
import { aReceipt } from '../support/ses-receipt.ts';

const SECRET_WORDS = 'words that nobody but the two may read';

let deployed: Deployed;
beforeAll(async () => {
  deployed = await Deployed.open();
});
beforeEach(() => deployed.reset());
afterAll(() => deployed.close());

/** Every line is JSON, and none says what somebody wrote or how to reach them. */
function checkLog(running: FunctionProcess): void {
  for (const line of running.lines) expect(() => JSON.parse(line), line).not.toThrow();
  expect(running.lines.join()).not.toMatch(/nobody but the two|c1@example\.com|Cleo/);
}

describe('inbound-email', () => {
  const WHERE = 'GET /bucket/mail/0107019a-inbound';
  const raw = `From: c1@example.com\r\nTo: support@acme.example\r\nMessage-ID: <m1@example.com>\r\n\r\n${SECRET_WORDS}`;

  it('reads a mail from the bucket, claims it, and puts its command onto its lane', async () => {
    deployed.aws.on(WHERE, { raw });
    const inbound = await deployed.start('inbound-email');
    expect(await inbound.invoke(anSqsEvent(aRecord(aReceipt())))).toEqual({ batchItemFailures: [] });
    const [message] = deployed.sentTo('lanes.fifo');
    const command = JSON.parse(message.MessageBody);
    expect(command.body).toMatchObject({
      type: 'start',
      mail: { rawKey: 'mail/0107019a-inbound', isAuthenticated: true },
    });
    expect(JSON.stringify(command.body.content)).toContain(SECRET_WORDS);
    checkLog(inbound);
  });

  it('leaves to the queue what is nobody’s, is not there, or is no mail', async () => {
    const inbound = await deployed.start('inbound-email');
    const records = [aRecord(aReceipt({ recipients: ['x@elsewhere.example'] })), aRecord('no notification')];
    const left = { batchItemFailures: records.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    deployed.aws.on(WHERE, { raw });
    expect(await inbound.invoke(anSqsEvent(...records))).toEqual(left);
    expect(deployed.sentTo('lanes.fifo')).toEqual([]);
  });
});
