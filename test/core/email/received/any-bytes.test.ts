import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMail } from '../../../../core/email/received/read-mail.ts';

describe('any bytes', () => {
  it('none are no mail', () => {
    expect(readMail(new Uint8Array())).toEqual({ unreadable: 'empty' });
  });

  it('are read without an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 2_000 }), (bytes) => {
        expect(readMail(bytes)).toHaveProperty('headers');
      }),
    );
  });

  it('are read without an error where they are much like a mail', () => {
    const token = fc.constantFrom(
      ...[
        'Content-Type: ',
        'multipart/mixed; boundary=',
        'text/html',
        'b',
        '--b',
        '--b--',
        '\r\n',
        '\r\n\r\n',
        '\n',
        ' ',
        ';',
        '=',
      ],
      ...[
        '"',
        '(',
        ')',
        '<',
        '>',
        ',',
        ':',
        '@',
        '\\',
        '*0*=',
        "utf-8''%",
        '=?utf-8?q?',
        '?=',
        'Subject: ',
        'From: ',
        '\0',
        '\xff',
        'base64',
      ],
      ...[
        'Content-Transfer-Encoding: ',
        'Authentication-Results: ',
        'References: ',
        'message/rfc822',
        'cid:',
        'filename=',
        '../',
      ],
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 80 }), (tokens) => {
        expect(readMail(Buffer.from(`x: y${tokens.join('')}`, 'latin1'))).toHaveProperty('headers');
      }),
      { numRuns: 1_000 },
    );
  });
});
