/** What customers are told, by a clock that does not stand still while it is computed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock } from '../../adapters/embedded/clocks.ts';
import { aPolicy, HOUR, MONDAY } from '../builders.ts';
import { aMail } from '../support/mails.ts';
import { TestProduct } from '../support/product.ts';

/** Moves on by a millisecond whenever somebody looks. */
class RunningClock extends ManualClock {
  #looks = 0;

  override now(): number {
    this.#looks += 1;
    return super.now() + this.#looks;
  }
}

describe('a promise', () => {
  let t: TestProduct;
  beforeAll(() => {
    t = new TestProduct({ clock: new RunningClock(MONDAY) });
  });
  afterAll(() => t.stop());

  it('is counted from the very instant at which the message was accepted', async () => {
    const [customer, ana] = [await t.customer(), await t.agent()];
    const first = await t.post('/v1/threads', customer, { text: 'x', topic: 'billing' });
    const path = `/v1/threads/${first.body.threadId}`;
    await t.post(`/v1/agent${path.slice(3)}/replies`, ana, { text: 'y' });
    const next = await t.post(`${path}/messages`, customer, { text: 'z' });
    const { items } = (await t.get(`${path}/entries`, customer)).body;
    const [asked, , again] = items.filter(({ type }: { type: string }) => type === 'message');
    expect(Date.parse(first.body.expectedReplyAt) - Date.parse(asked.at)).toBe(4 * HOUR);
    expect(Date.parse(next.body.expectedReplyAt) - Date.parse(again.at)).toBe(2 * HOUR);
  });
});

describe('a promise by what was written', () => {
  const BILLED = { text: ['invoice', 'rückgabe'] };
  const LONG = 'a b '.repeat(7_500);
  let t: TestProduct;
  beforeAll(() => {
    const rules = [
      { id: 'again', when: { ...BILLED, isFollowUp: true }, do: { team: 'billing', addTags: ['again'] } },
      { id: 'money', when: BILLED, do: { team: 'billing' } },
      { id: 'number', when: { pattern: ['\\bA-\\d{4}\\b'] }, do: { team: 'billing' } },
    ];
    t = new TestProduct({
      policies: [aPolicy({ routing: [{ id: 'intake', on: ['start', 'message'], mode: 'first', rules }] }).source],
    });
  });
  afterAll(() => t.stop());

  const iso = (at: number) => new Date(at).toISOString();
  const headOf = async (id: string) => (await t.get(`/v1/agent/threads/${id}`, await t.agent())).body;

  it.each<[string, object, boolean]>([
    ['a word at character 30,000', { text: `${LONG}invoice` }, true],
    ['a word at the end of all that may be written', { text: `${'a '.repeat(32_000)}invoice` }, true],
    ['a pattern at character 30,000', { text: `${LONG}A-1234` }, true],
    ['a word at character 30,000 of HTML', { html: `<p>${LONG}</p><p>invoice</p>` }, true],
    ['a word of the subject', { subject: 'My invoice', text: LONG }, true],
    ['a word in HTML that is bold in part', { html: '<p>My in<b>voi</b>ce</p>' }, true],
    ['a word in HTML beside others', { html: '<ul><li>in</li><li>voice</li><li>my</li><li>invoice</li></ul>' }, true],
    ['a word in HTML with its letters written out', { html: '<p>Die R&uuml;ckgabe</p>' }, true],
    [
      'a word that HTML does not show',
      { html: '<style>.invoice{}</style><!-- invoice --><p title="invoice">Hi</p>' },
      false,
    ],
    ['two parts of a word, each in a line', { html: '<p>My in</p><p>voice</p>' }, false],
    ['no such word', { text: LONG }, false],
  ])('is that of the team which decides, by %s', async (what, body, isBilling) => {
    const customer = await t.customer(what.replace(/\W+/g, '-'));
    const started = await t.post('/v1/threads', customer, body);
    const id = started.body.threadId;
    const promised = MONDAY + (isBilling ? 4 : 5) * HOUR;
    const head = await headOf(id);
    expect(head.team).toBe(isBilling ? 'billing' : 'support');
    expect([started.body.expectedReplyAt, head.expectedReplyAt]).toEqual([iso(promised), iso(promised)]);
    // The same once more, in a thread that there is.
    const other = (await t.post('/v1/threads', customer, { subject: 'x', text: 'y' })).body.threadId;
    const written = { ...body, subject: undefined };
    const next = await t.post(`/v1/threads/${other}/messages`, customer, written);
    expect(next.body.expectedReplyAt).toBe((await headOf(other)).expectedReplyAt);
  });

  it('is that of the team which decides what follows a closed thread, too', async () => {
    const [customer, ana] = [await t.customer(), await t.agent()];
    const { threadId: id } = (await t.post('/v1/threads', customer, { text: 'y' })).body;
    await t.post(`/v1/agent/threads/${id}/status`, ana, { status: 'solved' });
    await t.advance(10 * 24 * HOUR);
    const next = await t.post(`/v1/threads/${id}/messages`, customer, { text: `${LONG}invoice` });
    const head = await headOf(next.body.threadId);
    expect(head).toMatchObject({ team: 'billing', tags: ['again'], followUpOf: id });
    expect(next.body.expectedReplyAt).toBe(head.expectedReplyAt);
  });

  it('is told of a mail by the team which its last word decides', async () => {
    await t.receive(aMail({ from: 'Dora <dora@example.com>', text: `${LONG}invoice` }));
    const heads = await Promise.all((await t.threads()).map(headOf));
    expect(heads.find(({ customer }) => customer.email === 'dora@example.com')?.team).toBe('billing');
  });
});
