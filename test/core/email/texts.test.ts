import { describe, expect, it } from 'vitest';
import { PLACEHOLDERS, placeholdersIn, TEXT_NAMES } from '../../../core/email/texts/placeholders.ts';
import { sayingIn, TEXTS } from '../../../core/email/texts.ts';
import { LANGUAGES } from '../../../core/policy/languages.ts';

describe('the texts of a language', () => {
  it.each(LANGUAGES)('in %s put in what there is to put in, and nothing else', (language) => {
    for (const name of TEXT_NAMES) {
      expect([name, placeholdersIn(TEXTS[language][name]).sort()]).toEqual([name, [...PLACEHOLDERS[name]].sort()]);
    }
  });

  it('are each said once: no other language stands in for one', () => {
    const german = TEXT_NAMES.filter((name) => TEXTS.de[name] === TEXTS.en[name]);
    expect(german).toEqual(['team', 'urgency:normal']);
    expect(TEXT_NAMES.filter((name) => !/\p{Script=Arabic}/u.test(TEXTS.ar[name]))).toEqual([]);
  });
});

describe('saying a text', () => {
  it('takes the words of the business where it has some', () => {
    const own = { greeting: { en: 'Hi {name}!' } };
    expect(sayingIn('en', own)('greeting', { name: 'Cleo' })).toBe('Hi Cleo!');
    expect(sayingIn('de', own)('greeting', { name: 'Cleo' })).toBe('Guten Tag Cleo,');
  });

  it('does not look again into what was put in', () => {
    expect(sayingIn('en')('wrote', { name: '{when}', when: 'today' })).toBe('{when} wrote, today:');
    expect(sayingIn('en')('greeting', { name: '$& {constructor}' })).toBe('Hello $& {constructor},');
  });

  it('keeps names of the other direction apart from words that go right to left', () => {
    expect(sayingIn('ar')('greeting', { name: 'Cleo' })).toBe('مرحبًا \u2068Cleo\u2069،');
  });
});
