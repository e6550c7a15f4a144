import { describe, expect, it } from 'vitest';
import { parseReply } from '../../../../core/email/written/reply.ts';
import table from './disclaimers.json' with { type: 'json' };

/** By language, as servers of companies append them. */
const DISCLAIMERS = table as [language: string, text: string][];
const WROTE = 'On Tue, May 3, 2022 at 10:04 AM Ann Lee <ann@shop.example> wrote:';

describe('a disclaimer goes with the signature', () => {
  it.each(DISCLAIMERS)('in %s: %s', (_, disclaimer) => {
    const own = 'Yes, two of them.';
    for (const mail of [
      `${own}\n\n${disclaimer}\n`,
      `${own}\n\nKind regards,\nBo Lee\n\n${disclaimer}\n\n${disclaimer}`,
      `${own}\n\n${disclaimer}\n\n${WROTE}\n\n> Which?\n`,
    ]) {
      expect(parseReply(mail, { signature: 'strip' }).visible).toBe(own);
    }
  });

  it('but stays where signatures are kept, and where it is all there is', () => {
    for (const [, disclaimer] of DISCLAIMERS) {
      const mail = `Yes.\n\n${disclaimer}`;
      expect(parseReply(mail, { signature: 'keep' }).visible).toBe(mail);
      expect(parseReply(disclaimer, { signature: 'strip' }).visible).toBe(disclaimer);
    }
  });

  it.each([
    'You sent me a confidential contract of another recipient in error. Should I delete it?',
    'Is this message confidential?',
    'This message was meant for another recipient, and I have forwarded it.',
    'Could you print this for me? The environment at the counter was so noisy that I forgot.',
    'Diese Nachricht ging an den falschen Empfänger, bitte kümmern Sie sich darum.',
  ])('and people who write of such things keep their words: %s', (text) => {
    const mail = `Hello\n\n${text}`;
    expect(parseReply(mail, { signature: 'strip' })).toEqual({ visible: mail, hidden: [] });
  });
});
