/** Whether a sender is who they say: by what the server that is believed found out, whatever the mail itself claims. */
import { describe, expect, it } from 'vitest';
import { readIncoming } from '../../../core/inbound/incoming-mail.ts';
import type { Verdicts } from '../../../core/thread/mail-facts.ts';
import { aMail, CLAIMED, PROVED } from '../../support/mails.ts';

const AUTHORITY = 'amazonses.com';

interface Arrival {
  /** What the authority wrote on top. */
  said?: string | null;
  from?: string;
  sender?: string;
  verdicts?: Verdicts | null;
  /** Further fields below what the authority wrote. */
  below?: string[];
}

function isProved({ said = null, from = 'Ana <ana@acme.example>', verdicts = null, ...more }: Arrival): boolean {
  const { sender = 'ana@acme.example', below = [] } = more;
  const fields = [...(said === null ? [] : [`Authentication-Results: ${AUTHORITY}; ${said}`]), ...below];
  const bytes = Buffer.concat([Buffer.from(fields.map((field) => `${field}\r\n`).join('')), aMail({ from })]);
  return readIncoming({ ...{ rawKey: '', recipients: [], authority: AUTHORITY }, bytes, sender, verdicts })
    .isAuthenticated;
}

describe('a sender', () => {
  it.each<[string, Arrival]>([
    ['DMARC passes for their domain', { said: 'dmarc=pass header.from=acme.example' }],
    ['DMARC passes, in capitals', { said: 'dmarc=PASS header.from=ACME.example' }],
    [
      'DMARC passes for their domain as DNS writes it',
      { said: 'dmarc=pass header.from=xn--mller-kva.example', from: 'a@müller.example' },
    ],
    ['the server says beside the mail that DMARC passes', { verdicts: PROVED }],
    ['it says so beside the mail and on it', { verdicts: PROVED, said: 'dmarc=pass header.from=acme.example' }],
    [
      'SPF passes for their domain',
      { said: 'spf=pass smtp.mailfrom=bounce@acme.example; dmarc=none header.from=acme.example' },
    ],
    [
      'DKIM passes for their domain, beside a signature of a list',
      { said: 'dkim=pass header.d=list.example; dkim=pass header.d=acme.example' },
    ],
    [
      'a list of verdicts has a comment between',
      { said: 'dmarc=pass (p=reject; dmarc=fail) header.from=acme.example' },
    ],
  ])('is proved where %s', (_case, arrival) => {
    expect(isProved(arrival)).toBe(true);
  });

  it.each<[string, Arrival]>([
    ['DMARC passes for another author', { said: 'dmarc=pass header.from=evil.example' }],
    [
      'it passes for another author, also where the server says beside the mail that it passes',
      { verdicts: PROVED, said: 'dmarc=pass header.from=evil.example' },
    ],
    ['DMARC passes for a domain above theirs', { said: 'dmarc=pass header.from=example' }],
    ['DMARC passes for a domain below theirs', { said: 'dmarc=pass header.from=mail.acme.example' }],
    ['DMARC passes for nobody named', { said: 'dmarc=pass' }],
    [
      'DMARC was asked of another author, and DKIM passes for theirs',
      { said: 'dkim=pass header.d=acme.example; dmarc=none header.from=evil.example' },
    ],
    [
      'DMARC fails, and SPF passes',
      { said: 'spf=pass smtp.mailfrom=a@acme.example; dmarc=fail header.from=acme.example' },
    ],
    [
      'DMARC fails on the mail, and passes beside it',
      { verdicts: PROVED, said: 'dmarc=fail header.from=acme.example' },
    ],
    [
      'SPF passes for a domain below theirs, which others may have',
      { said: 'spf=pass smtp.mailfrom=a@shop.acme.example' },
    ],
    ['DKIM passes for a domain below theirs', { said: 'dkim=pass header.d=shop.acme.example' }],
    ['DKIM passes for a domain above theirs', { said: 'dkim=pass header.d=example' }],
    ['DKIM passes for one that ends alike', { said: 'dkim=pass header.d=notacme.example' }],
    ['only the name of a computer is theirs', { said: 'spf=pass smtp.helo=acme.example' }],
    ['the quoted part of an address has theirs', { said: 'spf=pass smtp.mailfrom="ana@acme.example"@evil.example' }],
    ['a verdict is in a comment', { said: 'spf=none (dmarc=pass header.from=acme.example)' }],
    ['a verdict is in quotes', { said: 'spf=none reason="; dmarc=pass header.from=acme.example"' }],
    [
      'the sender of the envelope says it, and the server repeats that',
      {
        said: 'spf=pass smtp.mailfrom=x;dkim=pass header.d=acme.example;@evil.example',
        sender: 'x;dkim=pass header.d=acme.example;@evil.example',
      },
    ],
    ['the sender of the envelope is odd, and DMARC passes', { verdicts: PROVED, sender: '"ana;"@acme.example' }],
    [
      'the sender of the envelope opens a comment, and the server repeats that',
      { said: 'spf=pass smtp.mailfrom=a@acme.example(@evil.example; dmarc=none' },
    ],
    [
      'the mail says it, below what the server said',
      {
        said: 'dmarc=none header.from=acme.example',
        below: [`Authentication-Results: ${AUTHORITY}; dmarc=pass header.from=acme.example`],
      },
    ],
    [
      'the mail says it, of itself',
      { below: ['Authentication-Results: amazonses.com.evil.example; dmarc=pass header.from=acme.example'] },
    ],
    [
      'the mail says it in the server’s name, and that says otherwise beside it',
      {
        verdicts: CLAIMED,
        below: [
          `Authentication-Results: ${AUTHORITY}; dkim=pass header.d=acme.example; dmarc=pass header.from=acme.example`,
        ],
      },
    ],
    [
      'there are two authors',
      { said: 'dmarc=pass header.from=acme.example', from: 'ana@acme.example, eve@evil.example' },
    ],
    [
      'there are two, each in a field of its own',
      { said: 'dmarc=pass header.from=acme.example', below: ['From: eve@acme.example'] },
    ],
    [
      'there are two, and the server says beside the mail that DMARC passes',
      { verdicts: PROVED, below: ['From: eve@evil.example'] },
    ],
    [
      'an author is the name of another',
      { said: 'dmarc=pass header.from=acme.example', from: '"ana@acme.example" <eve@evil.example>' },
    ],
    ['nothing is said', {}],
  ])('is not proved where %s', (_case, arrival) => {
    expect(isProved(arrival)).toBe(false);
  });
});
