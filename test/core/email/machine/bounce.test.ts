import { describe, expect, it } from 'vitest';
import { classify } from '../../../../core/email/machine/classify.ts';
import { raw, read } from '../received/raw-mail.ts';
import { bounceOf, seedMails } from '../seed-mails.ts';

/** A mail with some fields of a header and some words. */
const mail = (header: string[], ...body: string[]) => classify(read(raw(...header, '', ...body)));
const HUMAN = 'From: robin@customer.example';
const DAEMON = 'From: MAILER-DAEMON@mx.gone.example';

describe('bounces in words', () => {
  const NORA = 'nora@gone.example';
  it.each([
    ['failure notice', [`<${NORA}>:`, 'Sorry, no mailbox here by that name. (#5.1.1)'], '5.1.1', 'hard'],
    [
      'Mail delivery failed: returning message to sender',
      ['The following address(es) failed:', '', `  ${NORA}`, '    retry timeout exceeded'],
      '4.4.7',
      'soft',
    ],
    [
      'Undeliverable: Your order',
      [
        'did not reach the following recipient(s):',
        '',
        `${NORA} on Mon, 23 Nov 2026 12:00`,
        '    The recipient name is not recognized',
      ],
      '5.1.1',
      'hard',
    ],
    [
      'Returned mail: User unknown',
      ['   ----- Transcript of session follows -----', '>>> RCPT To:<nora@gone.example>', '<<< 550 unknown'],
      '5.1.1',
      'hard',
    ],
    ['Unzustellbare Nachricht', [`Die Adresse ${NORA} ist unbekannt.`], '5.1.1', 'hard'],
    ['Не доставлено', [`Ящик ${NORA} переполнен`], '5.2.2', 'soft'],
    ['配信エラー', [`${NORA} が見つかりません`], '5.1.1', 'hard'],
    ['Delivery failure', [`Message to <${NORA}> was blocked as spam`], '5.7.1', 'soft'],
    ['Niedostarczalne: Rower', [`Nie znaleziono ${NORA}`], '5.0.0', 'soft'],
    ['Non recapitabile: Bici', [`Indirizzo ${NORA}`, '550 5.1.1'], '5.1.1', 'hard'],
    ['Levél', [`Cím: ${NORA}`, 'A távoli kiszolgáló válasza: 550 5.1.1'], '5.1.1', 'hard'],
    ['Mail could not be delivered', [`Unable to deliver message to <${NORA}>`], '5.0.0', 'soft'],
  ] as [string, string[], string, string][])('%s', (subject, words, status, kind) => {
    const subjectBytes = `=?utf-8?B?${Buffer.from(subject).toString('base64')}?=`;
    const wordsBytes = words.map((line) => Buffer.from(line).toString('latin1'));
    expect(classify(read(bounceOf(subjectBytes, ...wordsBytes)))).toMatchObject({
      label: 'bounce',
      failed: [{ address: NORA, status, kind }],
      originalMessageId: 'sent-1@acme.example',
    });
  });

  it('several recipients have each what is said of them', () => {
    const found = classify(
      read(
        bounceOf(
          'failure notice',
          '<a@x.example>:',
          '550 5.1.1 User unknown',
          '',
          '<b@x.example>:',
          '452 4.2.2 Mailbox full',
          'For help ask <postmaster@x.example>.',
        ),
      ),
    );
    expect(found.failed).toEqual([
      { address: 'a@x.example', status: '5.1.1', kind: 'hard' },
      { address: 'b@x.example', status: '4.2.2', kind: 'soft' },
    ]);
  });

  it('X-Failed-Recipients names them all', () => {
    const found = mail(['From: server@x.example', 'X-Failed-Recipients: a@x.example, b@x.example'], 'User unknown');
    expect(found).toMatchObject({ label: 'bounce', failed: [{ address: 'a@x.example' }, { address: 'b@x.example' }] });
  });

  it('a bounce that a gateway wrapped is read inside', () => {
    const inner = Buffer.from(seedMails['bounce'] ?? [])
      .toString('latin1')
      .split('\r\n');
    const outer = raw(
      ...[DAEMON, 'To: help@acme.example', 'Subject: Undeliverable', 'Content-Type: multipart/mixed; boundary=w', ''],
      ...['--w', '', 'It was returned.', '--w', 'Content-Type: message/rfc822', '', ...inner, '--w--'],
    );
    expect(classify(read(outer))).toMatchObject({
      label: 'bounce',
      failed: [{ address: 'nora@gone.example' }],
      originalMessageId: 'sent-1@acme.example',
    });
  });

  it('what is only late is a delay', () => {
    expect(mail([DAEMON, 'Subject: Delivery Status Notification (Delay)'], 'a@x.example').label).toBe('delay');
    expect(
      mail([DAEMON, 'Subject: Warning'], 'Delivery to a@x.example has been delayed; it will be retried.').label,
    ).toBe('delay');
    expect(
      mail([DAEMON, 'Subject: Undeliverable: Train delayed'], 'It could not be delivered to a@x.example.').label,
    ).toBe('bounce');
  });

  it('words of a person are no bounce', () => {
    expect(mail([HUMAN, 'Subject: Delivery failed'], 'My parcel could not be delivered.').label).toBe('human');
    expect(
      mail([HUMAN, 'Subject: Fwd: Undelivered Mail Returned to Sender'], '> Final-Recipient: rfc822;a@x.example').label,
    ).toBe('human');
    expect(mail(['From: postmaster@customer.example', 'Subject: Hello'], 'It is me.').label).toBe('human');
  });

  it('what Amazon SES says by mail is read too', () => {
    const notice = (kind: string) =>
      mail(
        ['From: no-reply@sns.amazonaws.com', 'X-Amz-Sns-Message-Id: 1', 'Subject: AWS Notification Message'],
        `{"notificationType":"${kind}","bounce":{"bouncedRecipients":`,
        ' [{"emailAddress":"a@x.example","status":"5.1.1"}]},',
        ' "mail":{"headers":[{"name":"Message-ID","value":"<sent-1@acme.example>"}]}}',
      );
    expect(notice('Bounce')).toMatchObject({
      label: 'bounce',
      failed: [{ address: 'a@x.example', status: '5.1.1', kind: 'hard' }],
      originalMessageId: 'sent-1@acme.example',
    });
    expect([notice('Complaint').label, notice('DeliveryDelay').label, notice('Delivery').label]).toEqual([
      'complaint',
      'delay',
      'auto_reply',
    ]);
  });
});

describe('a report that a person has got', () => {
  const fields = ['Final-Recipient: rfc822; nora@gone.example', 'Action: failed', 'Status: 5.1.1'];

  it('and asks about is theirs', () => {
    expect(mail([HUMAN, 'Subject: What is this?'], 'I was told:', '', ...fields).label).toBe('human');
  });

  it('and attaches is theirs', () => {
    const attached = mail(
      [HUMAN, 'Subject: What is this?', 'Content-Type: multipart/mixed; boundary="b"'],
      ...['--b', '', 'I was told:', '--b', 'Content-Type: message/delivery-status', '', ...fields, '--b--'],
    );
    expect(attached.label).toBe('human');
  });

  it('comes from a server all the same where it says so, or names nobody', () => {
    expect(mail([DAEMON, 'Subject: x'], ...fields).label).toBe('bounce');
    expect(mail(['From: <>', 'Subject: x'], ...fields).label).toBe('bounce');
  });
});
