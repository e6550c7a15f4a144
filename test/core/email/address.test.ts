import { describe, expect, it } from 'vitest';
import { addressSchema, domainOf } from '../../../core/email/address.ts';

describe('a mail address', () => {
  it.each(['a@b.example', "o'neil+tag@sub.example.com", 'jörg@müller.example', 'root@localhost', 'a.b-c_d@x.y'])(
    '%s is one',
    (text) => expect(addressSchema.safeParse(text).success).toBe(true),
  );

  it.each([
    ['jörg@Müller.example', 'jörg@xn--mller-kva.example'],
    ['A@Example.com', 'A@Example.com'],
    ['a@xn--mller-kva.example', 'a@xn--mller-kva.example'],
    ['a@ü/b.example', 'a@ü/b.example'],
  ])('%s has its domain as mails name it', (text, ascii) => {
    expect(addressSchema.parse(text)).toBe(ascii);
    expect(domainOf(text)).toBe(domainOf(ascii));
  });

  it.each([
    '',
    'a',
    '@b',
    'a@',
    'a@b@c',
    'a b@c',
    'a@b\r\nBcc: c@d',
    'a@b,c@d',
    'Name <a@b>',
    '"a"@b',
    'a@b;',
    `${'a'.repeat(250)}@b.example`,
  ])('%j is none', (text) => expect(addressSchema.safeParse(text).success).toBe(false));
});
