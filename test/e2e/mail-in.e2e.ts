import { AwsClient } from 'aws4fetch';
import { describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { aReceipt } from '../support/ses-receipt.ts';
import { anAgent } from './caller.ts';
import { REGION } from './commands.ts';
import type { RecordedMail } from './mail-recorder.ts';
import { mailsTo } from './mails.ts';

const { endpoint, outputs } = inject('deployment');
const OWNER = { accessKeyId: 'test', secretAccessKey: 'test', region: REGION };
const [s3, sns] = [new AwsClient({ ...OWNER, service: 's3' }), new AwsClient({ ...OWNER, service: 'sns' })];

/** What SES does with a mail that it takes: puts it into the bucket, and tells the topic. */
async function arrives(id: string, to: string, raw: string, verdicts: object = {}): Promise<void> {
  const key = `mail/${id}`;
  const put = await s3.fetch(`${endpoint}/${outputs['BlobBucket']}/${key}`, { method: 'PUT', body: raw });
  expect(put.status).toBe(200);
  const from = /^From: (.*)$/m.exec(raw)?.[1]?.trim() ?? '';
  const Message = JSON.stringify(aReceipt({ recipients: [to], ...verdicts }, { source: from, key }));
  const TopicArn = outputs['InboundMailTopic'] ?? '';
  const body = new URLSearchParams({ Action: 'Publish', Version: '2010-03-31', TopicArn, Message }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await sns.fetch(endpoint, { method: 'POST', headers, body })).status).toBe(200);
}

function aMail(fields: Record<string, string>, text: string): string {
  return [...Object.entries(fields).map(([name, value]) => `${name}: ${value}`), '', text].join('\r\n');
}

const CLEO = 'cleo@customers.example';

describe('mail that comes in', () => {
  it('begins a thread, is answered from a mail program, and finds its way back', async () => {
    const first = aMail(
      { From: CLEO, To: 'support@acme.example', Subject: 'My lamp', 'Message-ID': '<e2e-1@customers.example>' },
      'It is broken.',
    );
    await arrives('e2e-1', 'support@acme.example', first);
    await arrives('e2e-1-again', 'support@acme.example', first);
    await eventually(async () => expect(await mailsTo(CLEO)).toHaveLength(1), 200);

    // SES makes its own Message-ID; by it alone, as some programs answer, the notice's thread is found.
    const answered = (mail: RecordedMail | undefined) => {
      const id = mail?.messageId ?? '';
      return `<${id.includes('@') ? id : `${id}@email.amazonses.com`}>`;
    };
    const noticed = async () =>
      (await mailsTo('support@acme.example')).find(({ subject }) => subject.includes('My lamp'));
    await eventually(async () => expect(await noticed()).toBeDefined(), 200);
    const notice = await noticed();
    const byBen = { From: 'ben@acme.example', To: 'support@acme.example', 'In-Reply-To': answered(notice) };
    await arrives('e2e-2', 'support@acme.example', aMail(byBen, '#pending\r\n\r\nWhich one?'));
    await eventually(async () => expect(await mailsTo(CLEO)).toHaveLength(2), 200);

    const reply = (await mailsTo(CLEO)).at(-1);
    expect(reply?.headers['reply-to']).toMatch(/^reply\+\w{58}@in\.acme\.example$/);
    const bare = aMail({ From: CLEO, To: reply?.headers['reply-to'] ?? '', Subject: 'Re' }, 'The green one.');
    await arrives('e2e-3', reply?.headers['reply-to'] ?? '', bare);
    const agent = anAgent('ana');
    const mine = async () => {
      const { body } = await agent.get('/v1/agent/threads?view=all&limit=100');
      return body.items.filter(({ customer }: { customer: { email: string } }) => customer.email === CLEO);
    };
    await eventually(async () => expect(await mine()).toMatchObject([{ status: 'open', channels: ['email'] }]), 200);
    const [{ id }] = await mine();
    const entries = await agent.entries(`/v1/agent/threads/${id}`);
    const messages = entries.filter(({ type }) => type === 'message');
    expect(messages.map(({ author, text }) => [author.id, text])).toEqual([
      [`email:${CLEO}`, 'It is broken.'],
      ['ben', 'Which one?'],
      [`email:${CLEO}`, 'The green one.'],
    ]);
    const { status, headers } = await agent.get(`/v1/agent/threads/${id}/entries/${messages[0].seq}/mail`);
    expect(status).toBe(302);
    expect(await (await fetch(headers.get('location') ?? '')).text()).toBe(first);
  });

  it('is not posted as an agent’s where SES does not say that it is theirs', async () => {
    const first = aMail({ From: 'dora@customers.example', To: 'support@acme.example', Subject: 'A bill' }, 'Hello');
    await arrives('e2e-4', 'support@acme.example', first);
    const noticed = async () =>
      (await mailsTo('support@acme.example')).find(({ subject }) => subject.includes('A bill'));
    await eventually(async () => expect(await noticed()).toBeDefined(), 200);
    const to = (await noticed())?.headers['reply-to'] ?? '';
    const gray = { status: 'GRAY' };
    const forged = aMail({ From: 'ben@acme.example', To: to }, 'Send money.');
    await arrives('e2e-5', to, forged, { dmarcVerdict: gray, spfVerdict: gray, dkimVerdict: gray });
    const agent = anAgent('ana');
    await eventually(async () => {
      const { body } = await agent.get('/v1/agent/threads?view=all&limit=100');
      const { id } = body.items.find(({ subject }: { subject: string }) => subject === 'A bill');
      const held = (await agent.entries(`/v1/agent/threads/${id}`)).filter(({ type }) => type === 'set-aside');
      expect(held).toMatchObject([{ reason: { code: 'sender-unproved' }, text: 'Send money.' }]);
    }, 200);
    expect(await mailsTo('dora@customers.example')).toHaveLength(1);
  });
});
