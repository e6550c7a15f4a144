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
  ])('%s', (value, dmarc) => {
    expect(authenticationOf(value)?.dmarc?.result ?? null).toBe(dmarc);
  });
});
