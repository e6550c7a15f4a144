import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReply } from '../../../../core/email/written/reply.ts';

const visible = (...lines: string[]): string => parseReply(lines.join('\n'), { signature: 'strip' }).visible;
const WROTE = 'On Tue, May 3, 2022 at 10:04 AM Ann Lee <ann@shop.example> wrote:';

describe('an answer', () => {
  it('above a quotation is all there is to read', () => {
    expect(parseReply(`Yes.\n\nBlue, please.\n\n${WROTE}\n> Which one?\n> Ann\n`)).toEqual({
      visible: 'Yes.\n\nBlue, please.',
      hidden: [{ what: 'quotation', text: `${WROTE}\n> Which one?\n> Ann` }],
    });
  });

  it('below a quotation is kept, without it', () => {
    expect(visible(WROTE, '> Which one?', '', 'Blue, please.')).toBe('Blue, please.');
  });

  it('on both sides of a quotation is kept, without it', () => {
    expect(visible('Hello Ann', WROTE, '> Which one?', '', 'Blue, please.')).toBe('Hello Ann\n\nBlue, please.');
  });

  it('between quotations is kept with those it answers', () => {
    expect(visible(WROTE, '> Which one?', 'Blue.', '> How many?', 'Two.', '> Ann')).toBe(
      '> Which one?\nBlue.\n> How many?\nTwo.',
    );
  });

  it('that is long and below its quotation is read with it', () => {
    const answer = ['One.', 'Two.', 'Three.', 'Four.', 'Five.'];
    expect(visible('Hello Ann', WROTE, '> Which?', ...answer)).toBe(['Hello Ann', '> Which?', ...answer].join('\n'));
  });

  it('keeps what it quotes itself', () => {
    expect(visible('> Which one?', '', 'Blue.')).toBe('> Which one?\n\nBlue.');
  });

  it('on the line of an attribution ends there', () => {
    expect(visible(`Blue, please. ${WROTE}`, '> Which one?')).toBe('Blue, please.');
  });

  it('ends at the first of several quotations without marks', () => {
    expect(visible('Blue.', '', WROTE, '', 'Which?', '', WROTE, '', 'Hello')).toBe('Blue.');
  });

  it('has no part in a line that a program has wrapped out of a quotation', () => {
    const long = '> Our shop has the one that you asked for last week in blue, in red and in';
    expect(visible('Blue.', WROTE, long, 'green.', '> Ann')).toBe('Blue.');
    expect(visible(WROTE, '> Red?', 'no', '> Blue?', 'yes')).toBe('> Red?\nno\n> Blue?\nyes');
  });

  it('is kept together with a mail that it passes on', () => {
    const headers = ['From: Ann <ann@shop.example>', 'Date: 3 May 2022', 'Subject: Which?', 'To: Bo'];
    const lines = [
      'Look.',
      '-- ',
      'Bo',
      '',
      '---------- Forwarded message ---------',
      ...headers,
      '',
      'Which?',
      '',
      '-- ',
      'Ann',
    ];
    expect(visible(...lines)).toBe(lines.join('\n'));
  });

  it('loses the rule that is drawn above headers, but no other', () => {
    const headers = ['From: Ann <ann@shop.example>', 'Sent: 3 May 2022', 'To: Bo', 'Subject: Which?'];
    expect(visible('Blue.', '________________', ...headers, '', 'Which?')).toBe('Blue.');
    expect(visible('Blue.', '===', 'Or red.', WROTE, '> Which?')).toBe('Blue.\n===\nOr red.');
  });
});

describe('quotations are marked', () => {
  it.each(['> Which?', '>Which?', ' > Which?', '>> Which?', '> > Which?', 'AL> Which?', '| Which?'])('%s', (line) => {
    expect(visible('Blue.', '', WROTE, line)).toBe('Blue.');
    expect(visible('Blue.', '', WROTE, line, '', 'Thank you.')).toBe('Blue.\n\nThank you.');
  });
});

describe('where nobody wrote anything', () => {
  it('an empty mail is empty', () => {
    for (const text of ['', '\n', ' \r\n\t\n']) expect(parseReply(text).visible).toBe('');
  });

  it('the quotation is shown, without what introduces it', () => {
    expect(visible(WROTE, '> Which one?')).toBe('> Which one?');
    expect(visible('> Which one?', '> Ann')).toBe('> Which one?\n> Ann');
    expect(visible('-----Original Message-----', 'From: a@b.example', 'Subject: Which?', '', 'Which one?')).toBe(
      'Which one?',
    );
    expect(visible(WROTE, '', 'Which one?')).toBe('Which one?');
  });
});

/** What people write themselves, and what looks like the work of a program. */
const OWN_WORDS: string[] = [
  'From: Berlin\nTo: Rome\nDate: 12 May\n\nCan you book it?',
  'Date: Monday, 3 May\nTime: 10:00\nPlace: office\n\nIs that right?',
  'On 3 May 2022 at 10:04 I ordered two of them. Where are they?',
  'As Ann Lee wrote on 3 May, it was sent:\nI have not got it.',
  'I wrote to ann@shop.example on 3 May 2022 and she has not answered this:\nwhere is my order?',
  'The log says:\n2022-05-03 10:04:11 error in order 17\n2022-05-03 10:04:12 gave up\nWhat now?',
  'My questions on the order of 3.5.2022, 10:04 Uhr:\n1. Where is it?\n2. Who has it?',
  'On the one hand, blue.\nOn the other, red.\nHe said:\nGreen!',
  'Subject: which one?\nTo: whom it may concern\n\nBlue.',
  '---\nFrom: Berlin\nTo: Rome\nDate: 12 May',
  '----- Trip -----\nFrom: Berlin\nTo: Rome\n\n----- Original plan -----\nFrom: Bern',
  '2022年5月3日 10:04 客服写道的回复我看不懂，请解释一下这个问题到底怎么办：\n没有',
  'On 3 May 2022 at 10:04 I wrote:\nwhere is it?',
  'Thanks for the answer, it worked.\nBest of all: it is blue.',
  'Options:\n- red\n- blue\n- green',
  'Original message: none.\nForwarded message: none.\nIt is all new.',
  'Order | Count\n------|------\n17    | 2\n\nPlease check.',
  'a > b\nand 5 > 3, so it is wrong.',
  '---\nBlue or red?\n---\nI cannot choose, and the shop closes at six today. Could you hold both until Monday?',
  'Sent from Berlin last week, and still not here.',
  'Je vous ai écrit le 3 mai 2022 à 10:04 :\nje n’ai pas de réponse.',
  'Am 3. Mai um 10:04 Uhr hatte ich geschrieben, dass Folgendes fehlt:\nzwei Schrauben.',
  'To: do\nCc: me\nBlue.',
  'He wrote 3 times:\nno answer.',
  'Von: Berlin\nAn: Rom\nDatum: 12. Mai\n\nGeht das?',
  'Mail me at ann@mail.example:\nI am there until 10:00.',
  'Payments:\n03.05.2022, 10:04, order 17, ann@mail.example:\npaid',
];

describe('people’s own words are kept', () => {
  it.each(OWN_WORDS)('%s', (text) => {
    expect(parseReply(text)).toEqual({ visible: text, hidden: [] });
    expect(visible(text, '', WROTE, '> Which?')).toBe(text);
  });
});

describe('of every text', () => {
  const line = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.constantFrom(
      ...[WROTE, '> quoted', '>> deeper', '', '-- ', '-----Original Message-----', 'From: a@b.example', 'Subject: x'],
      ...[
        'Sent from my iPhone',
        'Regards,',
        'Ann',
        'To: b@c.example',
        'Blue.',
        '________',
        '| bar',
        '> From: a@b.example',
      ],
    ),
  );
  const text = fc.array(line, { maxLength: 25 }).map((lines) => lines.join('\n'));
  const policy = fc.constantFrom('keep' as const, 'strip' as const, 'strip-delimited' as const);

  it('the lines shown are lines of it, in their order', () => {
    fc.assert(
      fc.property(text, policy, (input, signature) => {
        const lines = input.split(/\r\n?|\n/);
        let at = 0;
        for (const shown of parseReply(input, { signature }).visible.split('\n')) {
          while (at < lines.length && !(lines[at] === shown || (shown !== '' && lines[at]?.startsWith(shown)))) at += 1;
          if (shown !== '') expect(at).toBeLessThan(lines.length);
          if (shown !== '') at += 1;
        }
      }),
    );
  });

  it('every word is shown or hidden', () => {
    const words = (part: string) => part.split(/\s+/).filter(Boolean).sort();
    fc.assert(
      fc.property(text, policy, (input, signature) => {
        const { visible: shown, hidden } = parseReply(input, { signature });
        const all = [shown, ...hidden.map((one) => one.text)].join('\n');
        expect(words(all)).toEqual(words(input));
      }),
    );
  });

  it('something is shown where there is something', () => {
    fc.assert(
      fc.property(text, policy, (input, signature) => {
        fc.pre(!/^[> ]*(?:From|To|Subject):/m.test(input)); // what stands between headers is theirs
        const introduction = /wrote:|^-----Orig|^____/;
        const has = input.split(/\r\n?|\n/).some((one) => one.trim() !== '' && !introduction.test(one));
        if (has) expect(parseReply(input, { signature }).visible).not.toBe('');
      }),
    );
  });

  it('what is shown without a quotation is shown again', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 60 }), { maxLength: 20 }), policy, (lines, signature) => {
        const once = parseReply(lines.filter((one) => !/^\s*\S{0,3}[>|]/.test(one)).join('\n'), { signature }).visible;
        expect(parseReply(once, { signature }).visible).toBe(once);
      }),
    );
  });

  it('nothing is lost that has no quotation', () => {
    const prose = fc
      .array(fc.stringMatching(/^[A-Za-z ,.!?]{0,60}$/), { maxLength: 30 })
      .map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(prose, (input) => {
        expect(parseReply(input).hidden).toEqual([]);
      }),
    );
  });
});

describe('a long text', () => {
  it('is read to a bound, and kept beyond', () => {
    const prose = 'Blue, please.\n'.repeat(20_000);
    expect(parseReply(prose)).toEqual({ visible: prose.trimEnd(), hidden: [] });
    expect(parseReply(`Blue.\n\n${WROTE}\n${'> Which?\n'.repeat(20_000)}`).visible).toBe('Blue.');
    expect(parseReply(`${WROTE}\n${'> Which?\n'.repeat(20_000)}\nBlue.`).visible).toContain('Blue.');
  });
});
