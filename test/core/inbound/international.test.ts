/** Addresses whose domain has letters that ASCII has not: people write them as they are, mail programs in ASCII. */
import { expect, it } from 'vitest';
import type { OutgoingMail } from '../../../core/email/mail.ts';
import { aPolicy } from '../../builders.ts';
import { aBareAnswerTo, aMail, mailPolicy, PROVED } from '../../support/mails.ts';
import { TestProduct } from '../../support/product.ts';

it('a mail to such a team is that team’s, and what it names as well is nobody else', async () => {
  const { support } = mailPolicy.source.teams;
  if (support === undefined) throw new Error('There is a team support.');
  const teams = { support: { ...support, address: 'hilfe@bücher.example' } };
  const product = new TestProduct({ policies: [aPolicy({ teams }).source] });
  const named = 'hilfe@xn--bcher-kva.example, Dan <dan@müller.example>, dan@xn--mller-kva.example';
  await product.receive(aMail({ to: named }), { verdicts: PROVED });
  const [id = ''] = await product.threads();
  await product.post(`/v1/agent/threads/${id}/replies`, await product.agent(), { text: 'On its way.' });
  await product.idle();
  expect(product.mails('c1@example.com').at(-1)).toMatchObject({
    from: { address: 'hilfe@xn--bcher-kva.example' },
    cc: [{ name: 'Dan', address: 'dan@xn--mller-kva.example' }],
  });
  expect(await product.receive(aMail({ to: 'hilfe@bücher.example' }))).toBe('taken');
  await product.stop();
});

it('an answer by such a customer is theirs', async () => {
  const product = new TestProduct({ policies: [mailPolicy.source] });
  const token = await product.customer('c2', { email: 'cleo@müller.example', name: 'Cleo' });
  await product.post('/v1/threads', token, { text: 'Hello' });
  await product.idle();
  const [id = ''] = await product.threads();
  const [mail] = product.mails('cleo@xn--mller-kva.example');
  await product.receive(aBareAnswerTo(mail as OutgoingMail, { from: 'cleo@xn--mller-kva.example', text: 'Me again' }));
  const { entries } = await product.whole(id);
  const last = entries.findLast(({ type }) => type === 'message');
  expect(last).toMatchObject({ author: { kind: 'customer', id: 'c2' }, text: 'Me again' });
  await product.stop();
});
