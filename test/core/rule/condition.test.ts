import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf, judge } from '../../../core/rule/condition.ts';
import { type Condition, conditionSchema } from '../../../core/rule/condition-shape.ts';
import { textJudge } from '../../../core/rule/judge-text.ts';
import type { Thread } from '../../../core/thread/thread.ts';
import { aCustomer, aStart, defaultPolicy, HOUR, MONDAY, Story } from '../../builders.ts';

function aThread(changes: Partial<Thread> = {}): Thread {
  const story = new Story();
  story.tell(aStart({ topic: 'billing', urgency: 'high', attributes: { plan: 'gold', seats: 5 } }));
  const customer = aCustomer({
    email: 'Cleo@Customers.example',
    attributes: { segment: 'vip', organisation: 'o1', age: 7 },
  });
  return { ...story.head, customer, ...changes };
}

function holds(
  condition: Condition,
  { text = '', now = MONDAY, ...changes }: Partial<Thread> & { text?: string; now?: number } = {},
) {
  const thread = aThread(changes);
  return judge(conditionSchema.parse(condition), factsOf(thread, defaultPolicy, now, text)).holds;
}

describe('a condition', () => {
  it.each<[Condition, boolean]>([
    [{}, true],
    [{ topic: ['billing', 'sales'] }, true],
    [{ topic: ['sales'] }, false],
    [{ urgency: ['high'] }, true],
    [{ priority: ['urgent'] }, false],
    [{ status: ['new'] }, true],
    [{ channel: ['api'] }, true],
    [{ address: ['customers.example'] }, true],
    [{ address: ['cleo@customers.example'] }, true],
    [{ address: ['ers.example'] }, false],
    [{ segment: ['vip'] }, true],
    [{ organisation: ['o2'] }, false],
    [{ customer: { age: 7 } }, true],
    [{ customer: { age: '7' } }, false],
    [{ customer: { segment: ['gold', 'vip'] } }, true],
    [{ customer: { toString: 'x' } }, false],
    [{ attribute: { plan: 'gold', seats: 5 } }, true],
    [{ attribute: { plan: 'gold', seats: 6 } }, false],
    [{ team: ['billing'] }, true],
    [{ assignee: ['nobody'] }, true],
    [{ assignee: ['ana'] }, false],
    [{ isFollowUp: false }, true],
    [{ rating: [1, 2] }, false],
    [{ topic: ['billing'], segment: ['vip'] }, true],
    [{ topic: ['billing'], segment: ['other'] }, false],
    [{ any: [{ topic: ['sales'] }, { segment: ['vip'] }] }, true],
    [{ any: [{ topic: ['sales'] }, { segment: ['other'] }] }, false],
    [{ all: [{ topic: ['billing'] }, { not: { segment: ['other'] } }] }, true],
    [{ not: { topic: ['billing'] } }, false],
  ])('%j: %s', (condition, expected) => {
    expect(holds(condition)).toBe(expected);
  });

  it.each<[Condition, boolean]>([
    [{ segment: ['enterprise'] }, true],
    [{ segment: ['beta', 'other'] }, true],
    [{ segment: ['vip'] }, true],
    [{ segment: ['other'] }, false],
    [{ organisation: ['o2'] }, true],
    [{ organisation: ['o1'] }, false],
    [{ customer: { plan: 'gold' } }, true],
  ])('looks at the record of the customer, where there is one: %j: %s', (condition, expected) => {
    const customer = aCustomer({
      ...{ segments: ['enterprise', 'beta'], organisation: 'o2', record: 1 },
      attributes: { segment: 'vip', organisation: 'o1', plan: 'gold' },
    });
    expect(holds(condition, { customer })).toBe(expected);
  });

  it('says which segment it found or, where it found none, which there are', () => {
    const facts = factsOf(aThread({ customer: aCustomer({ segments: ['a', 'b'], record: 1 }) }), defaultPolicy, MONDAY);
    const inputsOf = (segment: string) => judge({ segment: [segment] }, facts).inputs;
    expect(inputsOf('b')).toEqual({ segment: 'b' });
    expect(inputsOf('c')).toEqual({ segment: 'a, b' });
  });

  it.each<[string[], string, boolean]>([
    [['invoice'], 'Where is my INVOICE?', true],
    [['invoice'], 'My invoices are late', false],
    [['invoice*'], 'My invoices are late', true],
    [['not working'], 'It is not\n\tworking!', true],
    [['not working'], 'It is not, really, working', false],
    [['straße'], 'In der Straße', true],
    [['ﬁre'], 'fire', true],
    [['火事'], '火事', true],
    [['*'], 'anything', false],
    [['a', 'b'], 'b', true],
  ])('text %j of “%s”: %s', (text, written, expected) => {
    expect(holds({ text }, { text: written })).toBe(expected);
  });

  it.each<[string[], string, boolean]>([
    [['order \\d{6}'], 'About order 123456', true],
    [['order \\d{6}'], 'About order 12345', false],
    [['(?i)ORDER'], 'My order', true],
    [['ORDER'], 'My order', false],
    [['^Dear', 'bye$'], 'Good bye', true],
    [['(?m)^>'], 'Hello\n> quoted', true],
  ])('pattern %j of “%s”: %s', (pattern, written, expected) => {
    expect(holds({ pattern }, { text: written })).toBe(expected);
  });

  it.each([
    ['^(a+)+$', `${'a'.repeat(15_000)}!`],
    ['(a|aa)+$', `${'a'.repeat(15_000)}!`],
    ['(x+x+)+y', 'x'.repeat(15_000)],
    ['(.*)(.*)(.*)(.*)(.*)[^a]$', 'a'.repeat(10_000)],
    ['(\\w+\\s?)+\\?$', 'word '.repeat(3_000)],
  ])('pattern %j, which would keep others busy for longer than the world is old, comes to its end', (pattern, text) => {
    expect(holds({ pattern: [pattern] }, { text, subject: '' })).toBe(false);
  });

  it('looks for a pattern in all of a long text, and for one that repeats much in its beginning', () => {
    const [small, large] = ['!', '(?:!|b{400})'];
    const text = (before: number) => `${'a'.repeat(before)}!`;
    expect(holds({ pattern: [small] }, { text: text(99_998), subject: '' })).toBe(true);
    expect(holds({ pattern: [small] }, { text: text(100_000), subject: '' })).toBe(false);
    expect(holds({ pattern: [large] }, { text: text(20_000), subject: '' })).toBe(true);
    expect(holds({ pattern: [large] }, { text: text(30_000), subject: '' })).toBe(false);
  });

  it('finds the patterns that the platform’s own engine finds, where that can be asked (law)', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '(?:ab|ba)');
    const times = fc.constantFrom('', '', '?', '*', '{2}');
    const part = fc.oneof(
      fc.constantFrom('^', '$', '\\b'),
      fc.tuple(atom, times).map((both) => both.join('')),
    );
    const pattern = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', ' ', '\n'), maxLength: 12 });
    fc.assert(
      fc.property(pattern, text, (source, written) => {
        expect(textJudge.matcher(source)(written)).toBe(new RegExp(source, 'u').test(written));
      }),
    );
  });

  it.each<[string[], string, boolean]>([
    [['de', 'fr'], 'Guten Tag, meine Rechnung stimmt leider nicht.', true],
    [['de', 'fr'], 'Bonjour, ma facture est fausse, pouvez-vous m’aider ?', true],
    [['de'], 'My invoice is wrong, please help me.', false],
    [['en'], 'My invoice is wrong, please help me.', true],
    [['es'], 'Hola, mi factura está mal, ¿me pueden ayudar?', true],
    [['ru'], 'Здравствуйте, в моём счёте ошибка', true],
    [['ja'], '請求書が間違っています', true],
    [['tr'], 'Merhaba, faturamda bir hata var, yardım eder misiniz?', true],
    [['en'], 'OK', false],
    [['en'], '4711 !!! 0815', false],
  ])('language %j of “%s”: %s', (language, written, expected) => {
    expect(holds({ language }, { text: written, subject: '' })).toBe(expected);
  });

  it('tells which pattern it was and which language, and nothing of what was written', () => {
    const condition: Condition = { pattern: ['secret \\w+'], language: ['en'] };
    const facts = factsOf(aThread({ subject: '' }), defaultPolicy, MONDAY, 'This is my secret word, please keep it');
    expect(judge(condition, facts).inputs).toEqual({ pattern: 'secret \\w+', language: 'en' });
  });

  it('looks at the subject too, and at nothing that is not text', () => {
    expect(holds({ text: ['refund'] }, { subject: 'A refund' })).toBe(true);
    expect(holds({ text: ['refund'] })).toBe(false);
  });

  it('knows whether the team is there, and how long the customer waits in its time', () => {
    const team = 'support';
    expect(holds({ open: true }, { team })).toBe(false); // it is lunch
    expect(holds({ open: true }, { team, now: MONDAY + HOUR })).toBe(true);
    expect(holds({ waiting: '1h' }, { team, now: MONDAY + HOUR })).toBe(false);
    expect(holds({ waiting: '1h' }, { team, now: MONDAY + 2 * HOUR })).toBe(true);
    expect(holds({ waiting: '1h' }, { waitingSince: null, now: MONDAY + 9 * HOUR })).toBe(false);
  });

  it('knows whether one of other teams is there', () => {
    const other = { team: 'billing' };
    expect(holds({ teamOpen: ['support'] }, other)).toBe(false);
    expect(holds({ teamOpen: ['support', 'billing'] }, other)).toBe(true);
    expect(holds({ teamOpen: ['support'] }, { ...other, now: MONDAY + HOUR })).toBe(true);
    const facts = factsOf(aThread(), defaultPolicy, MONDAY);
    expect(judge({ teamOpen: ['support', 'billing'] }, facts).inputs).toEqual({ teamOpen: 'billing' });
    expect(judge({ teamOpen: ['support'] }, facts).inputs).toEqual({ teamOpen: null });
  });

  it('tells what it looked at', () => {
    const thread = aThread();
    const condition: Condition = { topic: ['billing'], text: ['refund', 'invoice'], customer: { age: 8 } };
    const judgement = judge(condition, factsOf(thread, defaultPolicy, MONDAY, 'my invoice'));
    expect(judgement).toEqual({ holds: false, inputs: { topic: 'billing', text: 'invoice', customer: 'age: 7' } });
  });

  it.each([
    [{ topics: ['x'] }],
    [{ topic: [] }],
    [{ all: [] }],
    [{ priority: ['huge'] }],
    [{ waiting: 'soon' }],
    [{ language: ['german'] }],
    [{ pattern: [''] }],
    [{ teamOpen: [] }],
  ])('that is wrong is refused: %j', (condition) => {
    expect(conditionSchema.safeParse(condition).success).toBe(false);
  });
});
