/** Who else a mail names, and what our mails name of it: by mails that come in, and those that then go out. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bouncedKey } from '../../../core/inbound/mail-index.ts';
import { aMail, anAnswerTo, CLAIMED, mailPolicy, PROVED } from '../../support/mails.ts';
import { TestProduct } from '../../support/product.ts';

let product: TestProduct;
beforeEach(() => {
  product = new TestProduct({ policies: [mailPolicy.source] });
});
afterEach(() => product.stop());

const Cc = 'Dan <dan@example.com>, "Eva, of sales" <eva@example.com>, billing@acme.example';

async function answered(): Promise<ReturnType<TestProduct['mails']>[number]> {
  const [id = ''] = await product.threads();
  await product.post(`/v1/agent/threads/${id}/replies`, await product.agent(), { text: 'On its way.' });
  await product.idle();
  const mail = product.mails('c1@example.com').at(-1);
  if (mail === undefined) throw new Error('There is an answer.');
  return mail;
}

describe('a mail that names others', () => {
  it('is answered to its writer, with copies to them and not to the business itself', async () => {
    await product.receive(aMail({ headers: { Cc } }), { verdicts: PROVED });
    expect(product.mails('c1@example.com')[0]?.cc).toBeUndefined();
    expect((await answered()).cc).toEqual([
      { name: 'Dan', address: 'dan@example.com' },
      { name: 'Eva, of sales', address: 'eva@example.com' },
    ]);
  });

  it('brings nobody in where nothing proves who sent it', async () => {
    await product.receive(aMail({ headers: { Cc } }), { verdicts: CLAIMED });
    expect((await answered()).cc).toBeUndefined();
  });

  it('brings in whoever answers one of its mails, and whom they name', async () => {
    await product.receive(aMail(), { verdicts: PROVED });
    const first = await answered();
    const from = 'Dan <dan@example.com>';
    await product.receive(anAnswerTo(first, { from, headers: { Cc: 'eva@example.com' } }), { verdicts: PROVED });
    const addresses = (await answered()).cc?.map(({ address }) => address);
    expect(addresses).toEqual(['dan@example.com', 'eva@example.com']);
  });

  it('is not answered to those whose addresses take no mail', async () => {
    await product.receive(aMail({ headers: { Cc } }), { verdicts: PROVED });
    const bounced = { thread: 'thr_acme_x', at: product.clock.now() };
    await product.product.stores.mailIndex.claim(bouncedKey('acme', 'Dan@example.com'), bounced);
    expect((await answered()).cc?.map(({ address }) => address)).toEqual(['eva@example.com']);
  });
});

describe('an answer', () => {
  it('names the root and the mails that its customer wrote, the one it answers last', async () => {
    await product.receive(aMail({ messageId: 'first@example.com' }), { verdicts: PROVED });
    const first = await answered();
    expect(first.headers['References']).toMatch(/^<thr_acme_\w+@acme\.example> <first@example\.com>$/);
    expect(first.headers['In-Reply-To']).toBe('<first@example.com>');
    await product.receive(anAnswerTo(first, { messageId: 'second@example.com' }), { verdicts: PROVED });
    const second = await answered();
    expect(second.headers['References']).toMatch(/> <first@example\.com> <second@example\.com>$/);
    expect(second.headers['Thread-Index']).toBe(first.headers['Thread-Index']);
  });
});
