import { describe, expect, it } from 'vitest';
import type { OutgoingMail } from '../../../core/email/mail.ts';
import { aPolicy } from '../../builders.ts';
import { aBareAnswerTo, aMail, mailPolicy, PROVED } from '../../support/mails.ts';
import { TestProduct } from '../../support/product.ts';

describe('a mail that was not posted', () => {
  it('is answered in the agent’s language', async () => {
    const { agents, ...source } = mailPolicy.source;
    const german = aPolicy({ ...source, agents: { ...agents, ben: { ...agents['ben'], language: 'de' } } } as never);
    const product = new TestProduct({ policies: [german.source] });
    await product.receive(aMail());
    const notice = product.mails('support@acme.example')[0] as OutgoingMail;
    const answer = aBareAnswerTo(notice, { from: 'Ben <ben@acme.example>', text: '#sovle\n#tag\nDone.' });
    await product.receive(answer, { verdicts: PROVED });
    const told = product.mails('ben@acme.example').at(-1) as OutgoingMail;
    expect(told.text).toContain('- #sovle: Diesen Befehl gibt es nicht. Es gibt #note, #solve, ');
    expect(told.text).toContain('- #tag: Welches?');
    await product.stop();
  });
});
