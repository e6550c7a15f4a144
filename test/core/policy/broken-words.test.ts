import { describe, expect, it } from 'vitest';
import { aPolicy, defaultPolicy } from '../../builders.ts';

function problemsOf(changes: Parameters<typeof aPolicy>[0]): string[] {
  try {
    aPolicy(changes);
  } catch (failure) {
    return (failure as Error).message.split('\n  ').slice(1);
  }
  return [];
}

describe("a business's own words", () => {
  it('are fine in each of its languages, with what is put in or without', () => {
    expect(
      problemsOf({
        texts: { greeting: { en: 'Hi {name}!', de: 'Hallo!' }, carryOn: { en: 'See you.', de: 'Bis bald.' } },
        brand: { name: 'ACME', accent: '#FFee00', sender: '{agent} ({business})', signature: { en: 'A', de: 'B' } },
        letters: { rating: { after: '1h', url: 'https://acme.example/rate?thread={thread}' } },
      }),
    ).toEqual([]);
  });

  it('are listed where nothing is put in, or a language is missing', () => {
    expect(
      problemsOf({
        texts: { greeting: { en: 'Hi {nmae}!', de: 'Hallo' }, carryOn: { en: 'See you, {name}.' } },
        brand: { sender: '{agnet}', signature: { de: 'B' } },
        letters: { rating: { after: '1h', url: 'http://acme.example/{id}' } },
      }),
    ).toEqual([
      'texts.greeting.en: {nmae} is unknown: there is {name}',
      'texts.carryOn.de: is missing, and the business writes in it',
      'texts.carryOn.en: {name} is unknown: nothing is put in here',
      'brand.signature.en: is missing, and the business writes in it',
      'brand.sender: {agnet} is unknown: there is {agent}, {business}',
      'letters.rating.url: is not the address of a page: https://…',
      'letters.rating.url: {id} is unknown: there is {thread}, {token}',
    ]);
  });

  it('are one line where they stand in the header of a mail', () => {
    const { support } = defaultPolicy.source.teams;
    const { ana, ben } = defaultPolicy.source.agents;
    if (support === undefined || ana === undefined || ben === undefined) throw new Error('There are these.');
    const broken = 'Acme\r\nBcc: x@evil.example';
    const problems = problemsOf({
      ...{ name: broken, brand: { name: broken, sender: '  ' } },
      agents: { ana: { ...ana, name: broken }, ben },
      teams: { support: { ...support, name: broken } },
    });
    const error = 'has control characters, such as a line break';
    expect(problems.sort()).toEqual([
      `agents.ana.name: ${error}`,
      `brand.name: ${error}`,
      'brand.sender: is empty',
      `name: ${error}`,
      `teams.support.name: ${error}`,
    ]);
  });

  it('are for texts that there are, and colours that are some', () => {
    const problems = problemsOf({ texts: { greting: { en: 'Hi' } } as object, brand: { accent: 'teal' } });
    expect(problems.join('\n')).toMatch(/texts.*greting|greting/);
    expect(problems.join('\n')).toContain('brand.accent: is no colour, such as #0b6e6e');
  });
});
