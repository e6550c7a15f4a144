import { describe, expect, it } from 'vitest';
import { parseReply } from '../../../../core/email/written/reply.ts';

const WROTE = 'On Tue, May 3, 2022 at 10:04 AM Ann Lee <ann@shop.example> wrote:';

/** What looks like the edge of a letter and is in the midst of one. */
const WHOLE: string[] = [
  'What my neighbour said:\n> it hums\n> and smokes\nShould I worry?',
  'What Bo said on 3 May:\n> it hums\nShould I worry?',
  'On the road he wrote:\n> it hums\nIs that normal?',
  'The display shows this:\n\n> ERR 17\n> LOW WATER',
  'Hi\n\n--\n\nThe line above is of dashes, and this letter goes on below.\nIt has more to say, which is to be read.',
  'Two prices\n---\nthe old one was ten euros and I paid it in March\nthe new one is twelve',
  'Hi,\non 3 May 2022 at 10:04 your driver wrote:\nNobody is at home.\nBut I was.',
  'Bonjour,\nLe 3/5/2022 à 10:04, le livreur a écrit :\nPersonne.\nMais j’étais là.',
  'Привет,\n3.05.2022 в 10:04 курьер мне написал:\nНикого не было.\nНо я был дома.',
  'Hi, my new address is bo@mail.example and I wrote:\nplease change it\nbut nothing happened',
  'Please tell me: was the parcel\nsent from my house on Monday?',
  'Dear Ann\n\nmy order\n_____\n\nnumber 17 has not come yet, could you look for it?',
];

/** Code between fences has lines like any edge. */
const CODE = ['```', '> npm test', WROTE, '-- ', 'From: a@b.example', 'Subject: x', 'Sent from my iPhone', '```'];

describe('words that are the writer’s', () => {
  it('are kept where they are code', () => {
    for (const text of [CODE.join('\n'), `Look:\n\n${CODE.join('\n')}`, `${CODE.join('\n')}\n\nWhat now?`]) {
      for (const signature of ['keep', 'strip'] as const) {
        expect(parseReply(text, { signature })).toEqual({ visible: text, hidden: [] });
      }
      expect(parseReply(`${text}\n\n${WROTE}\n> Which?`).visible).toBe(text);
    }
    expect(parseReply(`Blue.\n\`\`\`\n\n${WROTE}\n> Which?`).visible, 'a fence that is not closed').toBe('Blue.\n```');
  });

  it.each(WHOLE)('are kept: %s', (text) => {
    for (const signature of ['keep', 'strip-delimited', 'strip'] as const) {
      expect(parseReply(text, { signature })).toEqual({ visible: text, hidden: [] });
    }
    expect(parseReply(`${text}\n\n${WROTE}\n\nWhich one?`).visible).toBe(text);
  });

  it('are kept where they are an address asked for, whoever lives there', () => {
    const text = 'Please send it to:\n\nBo Lee\nHigh Street 5\n+44 20 7946 0000';
    expect(parseReply(text, { signature: 'strip', sender: 'Bo Lee' })).toEqual({ visible: text, hidden: [] });
    expect(parseReply('Yes.\n\nBo Lee\n+44 20 7946 0000', { signature: 'strip', sender: 'Bo Lee' }).visible).toBe(
      'Yes.',
    );
  });

  it('end where a name and a verb introduce marked lines', () => {
    for (const line of [
      'Ann Lee wrote:',
      'Ann Lee schrieb:',
      '--- Ann Lee wrote ---',
      'Ann Lee kirjoitti 3.5.2022 10.04:',
    ]) {
      expect(parseReply(`Yes.\n\n${line}\n> Which one?`).visible).toBe('Yes.');
    }
    expect(parseReply('Yes.\n\nAnn Lee kirjoitti 3.5.2022 klo 10.04:\n\nWhich one?').visible).toBe('Yes.');
  });
});
