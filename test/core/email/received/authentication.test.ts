import { describe, expect, it } from 'vitest';
import { authenticationOf } from '../../../../core/email/received/authentication.ts';
import { seedMails } from '../seed-mails.ts';
import { raw, read } from './raw-mail.ts';

describe('Authentication-Results', () => {
  it('the topmost counts', () => {
    expect(read(seedMails['authenticated'] ?? raw()).authentication).toEqual({
      server: 'mx.acme.example',
      spf: { result: 'pass', domain: 'customer.example' },
      dkim: [{ result: 'pass', domain: 'customer.example' }],
      dmarc: { result: 'pass', domain: 'customer.example' },
    });
    expect(read(raw('Subject: x', '', '')).authentication).toBeNull();
  });

  it('as Amazon SES writes them', () => {
    expect(
      authenticationOf(
        [
          'amazonses.com; spf=softfail (spfCheck: domain of customer.example does not designate 192.0.2.1',
          'as permitted sender; dmarc=pass) client-ip=192.0.2.1; envelope-from=Robin@Customer.example;',
          'helo=mail.other.example; dkim=pass header.i=@customer.example; dkim=fail (bad) header.i=@list.example;',
          'dmarc=none header.from=customer.example;',
        ].join(' '),
      ),
    ).toEqual({
      server: 'amazonses.com',
      spf: { result: 'softfail', domain: 'customer.example' },
      dkim: [
        { result: 'pass', domain: 'customer.example' },
        { result: 'fail', domain: 'list.example' },
      ],
      dmarc: { result: 'none', domain: 'customer.example' },
    });
  });

  it.each([
    ['mx.example; none', null],
    ['mx.example 1; dmarc=pass (p=none; dmarc=fail) header.from=a.example', 'pass'],
    ['mx.example; dmarc=fail reason="says; dmarc=pass" header.from=a.example', 'fail'],
    ['mx.example; dmarc/1=PASS header.from=a.example', 'pass'],
    ['mx.example; x-dmarc=pass', null],
    ['mx.example (dmarc=pass;', null],
    // What is never closed may have swallowed anything.
    ['mx.example; dmarc=pass header.from=a.example; spf=pass smtp.mailfrom=a@a.example(@evil.example; dkim=none', null],
    ['mx.example; dmarc=pass header.from=a.example; reason="', null],
    // Of several, the one that proves least.
    ['mx.example; dmarc=pass header.from=a.example; dmarc=fail header.from=evil.example', 'fail'],
    ['mx.example; dmarc=none header.from=evil.example; dmarc=pass header.from=a.example', 'none'],
  ])('%s', (value, dmarc) => {
    expect(authenticationOf(value)?.dmarc?.result ?? null).toBe(dmarc);
  });

  it.each([
    ['smtp.mailfrom=ana@a.example', 'a.example'],
    ['smtp.mailfrom=a.example', 'a.example'],
    ['smtp.mailfrom=@A.Example.', 'a.example'],
    ['smtp.mailfrom="an a"@a.example', 'a.example'],
    ['smtp.mailfrom="a.example"', 'a.example'],
    ['smtp.mailfrom="ana@a.example"@evil.example', 'evil.example'],
    ['smtp.mailfrom="ana@a.example\\""@evil.example', 'evil.example'],
    ['smtp.mailfrom=ana@a.example@evil.example', 'evil.example'],
    ['smtp.mailfrom="ana@a.example"', null],
    ['smtp.mailfrom=ana@(x)a.example', 'a.example'],
    ['smtp.mailfrom= smtp.helo=a.example', null],
    ['(smtp.mailfrom=ana@a.example) smtp.helo=mail.evil.example', null],
  ])('names the domain of %s: %s', (property, domain) => {
    expect(authenticationOf(`mx.example; spf=pass ${property}; dkim=none`)).toMatchObject({
      spf: { result: 'pass', domain },
      dkim: [{ result: 'none', domain: null }],
    });
  });
});
