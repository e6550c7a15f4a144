import { describe, expect, it } from 'vitest';
import { HOUR } from '../builders.ts';
import { eventually } from '../support/eventually.ts';
import { aCustomer, addressOf, anAgent } from './caller.ts';
import { allMails, mailsTo } from './mails.ts';

describe('the main job, both ways', () => {
  const address = addressOf('main');
  let id: string;

  it('a customer writes, is promised an answer, and gets an acknowledgement that says when', async () => {
    const customer = await aCustomer('main');
    const body = { subject: 'My marmalade', text: 'Where is it?', topic: 'billing', urgency: 'high' };
    const heard = await customer.post('/v1/threads', body);
    expect(heard.status, JSON.stringify(heard.body)).toBe(202);
    id = heard.body.threadId;
    expect(heard.headers.get('location')).toBe(`/v1/threads/${id}`);
    const outcome = await customer.outcome(heard);
    expect(outcome.body).toMatchObject({ status: 'done', messageId: heard.body.messageId });
    const message = (await customer.entries(`/v1/threads/${id}`)).find(({ type }) => type === 'message');
    expect(Date.parse(heard.body.expectedReplyAt) - Date.parse(message.at)).toBe(4 * HOUR);
    await eventually(async () => expect(await mailsTo(address)).toHaveLength(1), 200);
    const [mail] = await mailsTo(address);
    expect(mail).toMatchObject({
      from: '"Acme GmbH" <billing@acme.example>',
      subject: 'Re: My marmalade',
      headers: { 'auto-submitted': 'auto-replied', references: `<${id}@acme.example>` },
      tags: { attempt: '1', kind: 'acknowledgement', send: expect.stringMatching(/^snd_acme_\w+_acknowledgement$/) },
      configurationSet: expect.stringContaining('ConfigurationSet'),
    });
    expect(mail?.text).toMatch(/You can expect our answer (by|today|tomorrow)/);
  });

  it('the team is told, with the promised time', async () => {
    const own = async () => (await mailsTo('billing@acme.example')).filter(({ text }) => text.includes(id));
    await eventually(async () => expect(await own()).toHaveLength(1), 200);
    expect((await own())[0]).toMatchObject({ subject: '[Acme GmbH] My marmalade', tags: { kind: 'notice' } });
  });

  it('an agent finds it among those that wait, notes, answers: by mail and in the thread', async () => {
    const [customer, ana] = [await aCustomer('main'), anAgent('ana')];
    await eventually(async () => {
      const { body } = await ana.get('/v1/agent/threads?view=waiting&team=billing&limit=100');
      expect(body.items.map((thread: { id: string }) => thread.id)).toContain(id);
    }, 200);
    expect((await ana.decided(`/v1/agent/threads/${id}/notes`, { text: 'Between us.' })).body.status).toBe('done');
    const reply = { text: 'On its way.', status: 'solved' };
    expect((await ana.decided(`/v1/agent/threads/${id}/replies`, reply)).body.status).toBe('done');
    await eventually(async () => expect(await mailsTo(address)).toHaveLength(2), 200);
    const mail = (await mailsTo(address))[1];
    expect(mail).toMatchObject({ tags: { kind: 'reply' }, headers: { 'in-reply-to': `<${id}@acme.example>` } });
    expect(mail?.text).toContain('On its way.');
    const entries = await customer.entries(`/v1/threads/${id}`);
    expect(entries.filter(({ type }) => type === 'message').map(({ text }) => text)).toEqual([
      'Where is it?',
      'On its way.',
    ]);
    expect(JSON.stringify(entries)).not.toContain('Between us');
  });

  it('the customer’s next message reopens the thread, and reaches its agent', async () => {
    const [customer, ana] = [await aCustomer('main'), anAgent('ana')];
    const heard = await customer.decided(`/v1/threads/${id}/messages`, { text: 'The jar is broken.' });
    expect(heard.body).toMatchObject({ status: 'done', threadId: id });
    expect((await customer.get(`/v1/threads/${id}`)).body.status).toBe('open');
    await eventually(async () => {
      const told = (await allMails()).filter(({ text, tags }) => tags['kind'] === 'notice' && text.includes(id));
      expect(told.at(-1)?.text).toContain('The jar is broken.');
    }, 200);
    await ana.decided(`/v1/agent/threads/${id}/assignment`, { assignee: 'ana' });
    expect((await ana.get('/v1/agent/threads?view=mine')).body.items[0]).toMatchObject({ id, assignee: 'ana' });
  });

  it('an agent writes first: to a customer who is known, and who answers', async () => {
    const [customer, ben] = [await aCustomer('main'), anAgent('ben')];
    const body = { customer: { id: 'main' }, subject: 'Your refund', text: 'It is on its way.' };
    const started = await ben.decided('/v1/agent/threads', body);
    expect(started.body.status, JSON.stringify(started.body)).toBe('done');
    await eventually(async () => expect((await mailsTo(address)).at(-1)?.subject).toBe('Your refund'), 200);
    const answer = await customer.decided(`/v1/threads/${started.body.threadId}/messages`, { text: 'Thank you' });
    expect(answer.body).toMatchObject({ status: 'done', threadId: started.body.threadId });
  });

  it('every entry stands in the log with who, when and why, without a gap', async () => {
    const entries = await anAgent('ana').entries(`/v1/agent/threads/${id}`);
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
    for (const entry of entries) {
      expect(entry).toMatchObject({ author: { kind: expect.any(String) }, cause: { command: expect.any(String) } });
    }
  });
});
