import { describe, expect, it } from 'vitest';
import { classify } from '../../../../core/email/machine/classify.ts';
import { raw, read } from '../received/raw-mail.ts';
import { deliveryReport, seedMails } from '../seed-mails.ts';

const seed = (name: string) => classify(read(seedMails[name] ?? raw()));
/** A mail with some fields of a header and some words. */
const mail = (header: string[], ...body: string[]) => classify(read(raw(...header, '', ...body)));
const HUMAN = 'From: robin@customer.example';
const DAEMON = 'From: MAILER-DAEMON@mx.gone.example';

describe('what standards define', () => {
  it.each([
    ['plain', 'human'],
    ['alternative', 'human'],
    ['signed', 'human'],
    ['list', 'list'],
    ['vacation', 'auto_reply'],
    ['bounce', 'bounce'],
    ['bounceInWords', 'bounce'],
    ['complaint', 'complaint'],
    ['receipt', 'auto_reply'],
  ])('%s is %s', (name, label) => {
    expect(seed(name).label).toBe(label);
  });

  it('tells of a bounce whom it is about, why, and which mail it was', () => {
    expect(seed('bounce')).toEqual({
      label: 'bounce',
      evidence: 'delivery report: failed',
      failed: [{ address: 'nora@gone.example', status: '5.1.1', kind: 'hard' }],
      originalMessageId: 'sent-1@acme.example',
    });
  });

  it('tells of a complaint and of a receipt which mail they are about', () => {
    expect(seed('complaint').originalMessageId).toBe('sent-1@acme.example');
    expect(seed('receipt').originalMessageId).toBe('sent-1@acme.example');
  });

  it.each([
    ['failed', 'bounce', 1],
    ['delayed', 'delay', 0],
    ['delivered', 'auto_reply', 0],
    ['relayed', 'auto_reply', 0],
    ['expanded (to a list)', 'auto_reply', 0],
  ])('a report of %s is %s', (action, label, failed) => {
    const found = classify(
      read(deliveryReport(['Final-Recipient: rfc822;a@x.example', `Action: ${action}`, 'Status: 4.4.1'])),
    );
    expect([found.label, found.failed.length]).toEqual([label, failed]);
  });

  it('a report that tells of several names those that failed', () => {
    const report = deliveryReport(
      ['Final-Recipient: rfc822;a@x.example', 'Action: delayed', 'Status: 4.2.2'],
      [
        'Original-Recipient: rfc822; <B@X.example>',
        'Final-Recipient: x400; /C=DE/S=B/',
        'Action: failed',
        'Status: 5.0.0',
        'Diagnostic-Code: smtp; 552 Mailbox full',
      ],
    );
    expect(classify(read(report))).toMatchObject({
      label: 'bounce',
      failed: [{ address: 'b@x.example', status: '5.0.0', kind: 'soft' }],
    });
  });

  it('a report whose parts cannot be told apart is read among the words', () => {
    const broken = raw(
      ...[DAEMON, 'Content-Type: multipart/report; report-type=delivery-status; boundary=lost', '', '--other', ''],
      ...['Final-Recipient: rfc822; a@x.example', 'Action: failed', 'Status: 5.1.1', '', '--other--'],
    );
    expect(classify(read(broken))).toMatchObject({
      label: 'bounce',
      failed: [{ address: 'a@x.example', kind: 'hard' }],
    });
  });

  it('a feedback report that nobody minds by is no complaint', () => {
    const report = Buffer.from(seedMails['complaint'] ?? [])
      .toString('latin1')
      .replace('abuse', 'auth-failure');
    expect(classify(read(Buffer.from(report, 'latin1'))).label).toBe('auto_reply');
  });
});

describe('answers of machines', () => {
  it.each([
    'Auto-Submitted: auto-generated',
    'Auto-Submitted: auto-replied (vacation)',
    'X-Autoreply: yes',
    'X-Autorespond: Your order',
    'X-Auto-Response-Suppress: All',
    'X-Auto-Response-Suppress: DR, OOF, AutoReply',
    'Precedence: auto_reply',
    'Return-Path: <>',
    'X-Mailer: vacation 1.2',
  ])('%s', (field) => {
    expect(mail([HUMAN, field, 'Subject: Your order'], 'Later.').label).toBe('auto_reply');
  });

  it.each([
    'Auto-Submitted: no',
    'Return-Path: <robin@customer.example>',
    'Precedence: first-class',
    'X-Auto-Response-Suppress: RN',
  ])('%s tells nothing', (field) => {
    expect(mail([HUMAN, field, 'Subject: Your order'], 'Later.').label).toBe('human');
  });

  it.each([
    ...[
      'Automatic reply: Your order',
      'Out of Office: x',
      'Autoreply',
      '[Auto-Reply] x',
      'Abwesenheitsnotiz: x',
      'Automatische Antwort: x',
    ],
    ...[
      'Réponse automatique : x',
      'Respuesta automática: x',
      'Resposta automática: x',
      'Risposta automatica: x',
      'Automatisch antwoord: x',
    ],
    ...[
      'Autosvar: x',
      'Automaattinen vastaus: x',
      'Automatyczna odpowiedź: x',
      'Automatická odpověď: x',
      'Automatikus válasz: x',
    ],
    ...[
      'Автоматический ответ: x',
      'Автоматична відповідь: x',
      'Αυτόματη απάντηση: x',
      'Otomatik yanıt: x',
      '自動返信: x',
      '自动回复: x',
      '자동 회신: x',
    ],
  ])('subject %s', (subject) => {
    expect(mail([HUMAN, `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`], 'x').label).toBe(
      'auto_reply',
    );
  });

  it.each([
    'Re: Automatic reply: Your order',
    'Out of office chairs, please',
    'Auto: Kratzer im Lack',
    'Absence of an invoice',
  ])('subject %s is of a person', (subject) => {
    expect(mail([HUMAN, `Subject: ${subject}`], 'x').label).toBe('human');
  });

  it('who is away cannot be reached, and did not bounce', () => {
    const away = mail(
      [HUMAN, 'Return-Path: <>', 'Subject: Out of office'],
      'I was not able to deliver it, I could not be reached.',
    );
    expect(away.label).toBe('auto_reply');
  });
});

describe('lists', () => {
  it.each([
    'List-Id: <news.customer.example>',
    'List-Unsubscribe: <https://x.example/u>',
    'Precedence: bulk',
    'Precedence: list',
  ])('%s', (field) => {
    expect(mail([HUMAN, field, 'Subject: News'], 'x').label).toBe('list');
  });
});
