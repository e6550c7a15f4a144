import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { aCustomer, addressOf, anAgent, Caller } from './caller.ts';
import { mailsTo } from './mails.ts';

const PAGE = { accept: 'text/html' };
const FORM = { ...PAGE, 'content-type': 'application/x-www-form-urlencoded' };

describe('a rating', () => {
  it('by the link of a mail needs no account: a page, and what its form sends', async () => {
    const [customer, kim, nobody] = [await aCustomer('rating', {}, 'asker'), anAgent('kim'), new Caller()];
    const { threadId } = (await customer.decided('/v1/threads', { text: 'Where is it?' })).body;
    const path = `/v1/agent/threads/${threadId}`;
    await kim.decided(`${path}/replies`, { text: 'Here.', status: 'solved' });
    const asking = async () => (await mailsTo(addressOf('rating'))).find(({ tags }) => tags['kind'] === 'rating');
    await eventually(async () => expect(await asking()).toBeDefined(), 600);
    const link =
      /Rate our answer: https?:\/\/[^/\s]+(\/v1\/ratings\/\S+)/.exec((await asking())?.text ?? '')?.[1] ?? '';
    const page = await nobody.get(link, PAGE);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.body).toContain('<form method="post"');
    const sent = await nobody.post(link, new URLSearchParams({ score: '2', comment: 'Slöw' }), FORM);
    expect([sent.status, sent.headers.get('location')]).toEqual([303, '?said=kept']);
    expect((await nobody.get(`${link}?said=kept`, PAGE)).body).toContain('Thank you');
    expect((await kim.get(path)).body.rating).toMatchObject({ score: 2, comment: 'Slöw' });
  });

  it('by a link that leads nowhere is a page that says so', async () => {
    const page = await new Caller().get('/v1/ratings/asker.x', PAGE);
    expect(page.status).toBe(404);
    expect(page.body).toContain('This link does not work');
  });
});
