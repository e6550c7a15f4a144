import { describe, expect, it } from 'vitest';
import { readMail } from '../../../../core/email/received/read-mail.ts';
import { raw, read } from './raw-mail.ts';

describe('a mail', () => {
  it('says who wrote what to whom, and when', () => {
    const mail = read(
      raw(
        'Message-ID: <one@mail.example>',
        'In-Reply-To: <zero@mail.example>',
        'References: <first@mail.example>',
        ' <zero@mail.example>',
        'Date: Mon, 23 Nov 2026 12:00:00 +0100',
        'From: "Lee, Robin" <robin@customer.example>',
        'Sender: desk@customer.example',
        'Reply-To: <home@customer.example>',
        'To: help@acme.example, Sales: a@acme.example, B <b@acme.example>;',
        'Cc: c@acme.example',
        'Subject: =?utf-8?Q?Sch=C3=B6ne?= =?utf-8?B?IEdyw7zDn2U=?=',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        'Gr=C3=BC=',
        '=C3=9Fe',
      ),
    );
    expect(mail).toMatchObject({
      messageId: 'one@mail.example',
      inReplyTo: ['zero@mail.example'],
      references: ['first@mail.example', 'zero@mail.example'],
      sentAt: Date.parse('2026-11-23T11:00:00Z'),
      from: [{ name: 'Lee, Robin', address: 'robin@customer.example' }],
      sender: { name: '', address: 'desk@customer.example' },
      replyTo: [{ name: '', address: 'home@customer.example' }],
      cc: [{ name: '', address: 'c@acme.example' }],
      subject: 'Schöne Grüße',
      text: 'Grüße',
      html: null,
      attachments: [],
      cutAt: [],
    });
    expect(mail.to.map(({ address }) => address)).toEqual(['help@acme.example', 'a@acme.example', 'b@acme.example']);
  });

  it('that names nobody and says nothing is a mail', () => {
    expect(read(raw('Subject: Nothing', '', ''))).toMatchObject({ from: [], to: [], messageId: null, text: '' });
  });

  it('of no bytes is none', () => {
    expect(readMail(new Uint8Array())).toEqual({ unreadable: 'empty' });
  });
});
