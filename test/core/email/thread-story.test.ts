/**
 * A conversation of thirty mails down the whole product: a customer and an agent answer each other from mail programs
 * that cut what they refer to as programs do. Answers go to the team's own address, so that nothing but the ids tells
 * of the thread, and the provider gives each mail an id of its own, as SES does.
 */
import { afterEach, expect, it } from 'vitest';
import type { OutgoingMail } from '../../../core/email/mail.ts';
import { MAIL_IDS_MAX } from '../../../core/thread/thread.ts';
import { aPolicy, MINUTE } from '../../builders.ts';
import { aMail, PROVED } from '../../support/mails.ts';
import { TestProduct } from '../../support/product.ts';
import { groupsOf } from '../../support/threads-by-references.ts';

const MAILS = 30;
const CUSTOMER = 'c1@example.com';
const REGION = 'eu-central-1.amazonses.com';
const policy = aPolicy({
  calendars: { always: { timeZone: 'UTC', hours: { mon_sun: ['00:00-24:00'] } } },
  teams: {
    support: {
      ...{ name: 'Support', address: 'support@acme.example', notices: 'crew@acme.example' },
      ...{ calendar: 'always', agents: ['ana', 'ben'] },
    },
  },
});

interface Headers {
  'In-Reply-To'?: string;
  References?: string;
}

/** How programs name the mail that they answer: RFC 5322 §3.6.4, and what is left of it. */
const PROGRAMS: Record<string, (id: string, references: string) => Headers> = {
  'as the standard says': (id, references) => ({ 'In-Reply-To': id, References: `${references} ${id}`.trim() }),
  'the last id alone': (id) => ({ 'In-Reply-To': id, References: id }),
  'In-Reply-To alone': (id) => ({ 'In-Reply-To': id }),
  'References alone, the last': (id) => ({ References: id }),
};

let product: TestProduct;
afterEach(() => product.stop());

/** The provider's id of each mail, by our own. */
function renaming(): Map<string, string> {
  const names = new Map<string, string>();
  const { mailbox } = product.product.stores;
  const send = mailbox.send.bind(mailbox);
  Object.assign(mailbox, {
    renames: true,
    send: async (job: { id: string }, mail: OutgoingMail) => {
      const providerId = `0100018f${String(names.size).padStart(8, '0')}-7d0c2f5e-000000`;
      names.set(mail.headers['Message-ID'] ?? '', `<${providerId}@${REGION}>`);
      await send(job, mail);
      return { result: 'sent', providerId };
    },
  });
  return names;
}

it.each([...Object.keys(PROGRAMS), 'each in another way'])(
  'thirty mails that name each other %s are one thread',
  async (way) => {
    product = new TestProduct({ policies: [policy.source] });
    const names = renaming();
    const known: { id: string; inReplyTo: string | undefined; references: string[] }[] = [];
    const cameIn: string[] = [];
    const note = (id: string, { 'In-Reply-To': inReplyTo, References: references }: Headers) =>
      known.push({ id, inReplyTo, references: references?.split(' ') ?? [] });
    const latestTo = (address: string) => product.mails(address).at(-1) as OutgoingMail;
    const seenId = (mail: OutgoingMail) => names.get(mail.headers['Message-ID'] ?? '') ?? '';

    for (let n = 0; n < MAILS; n += 1) {
      const isCustomers = n % 2 === 0;
      const ways = Object.values(PROGRAMS);
      const named = PROGRAMS[way] ?? ways[n % ways.length];
      // Now and then it is an older mail that is answered.
      const answered =
        n === 0
          ? undefined
          : n % 10 === 4
            ? product.mails(CUSTOMER)[0]
            : latestTo(isCustomers ? CUSTOMER : 'crew@acme.example');
      const headers =
        answered === undefined ? {} : (named?.(seenId(answered), answered.headers['References'] ?? '') ?? {});
      const messageId = `${n}.CAF+x=${'y'.repeat(30)}@mail.example.com`;
      await product.advance(MINUTE);
      await product.receive(
        aMail({
          ...{ from: isCustomers ? CUSTOMER : 'ana@acme.example', to: 'support@acme.example', messageId },
          ...{
            subject: n === 0 ? 'My order' : n % 7 === 0 ? 'Something else' : 'Re: My order',
            text: `Mail ${n}`,
            headers: { ...headers },
          },
        }),
        { verdicts: PROVED },
      );
      if (!isCustomers) continue;
      cameIn.push(`<${messageId}>`);
      note(`<${messageId}>`, headers);
    }

    const threads = await product.threads();
    expect(threads).toHaveLength(1);
    const { entries } = await product.whole(threads[0] ?? '');
    const said = entries.filter(({ type }) => type === 'message').map(({ author, text }) => [author.kind, text]);
    expect(said).toEqual(Array.from({ length: MAILS }, (_, n) => [n % 2 === 0 ? 'customer' : 'agent', `Mail ${n}`]));

    const ours = product.mails(CUSTOMER);
    expect(ours).toHaveLength(1 + MAILS / 2);
    ours.forEach((mail, place) => {
      const { 'In-Reply-To': inReplyTo, References: references = '' } = mail.headers;
      const ids = references.split(' ');
      // RFC 5322 §3.6.4: the ids before it and last the mail that is answered; all but the root are mails that came.
      const before = cameIn.slice(0, Math.max(1, place));
      expect(ids.slice(1)).toEqual(before.slice(-MAIL_IDS_MAX));
      expect(ids.at(-1)).toBe(inReplyTo);
      expect(ids[0]).toMatch(/^<thr_acme_\w+@acme\.example>$/);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^<[^\s<>@]+@[^\s<>@]+>$/);
      expect(mail.subject.replace(/^Re: /, '')).toBe('My order');
      note(seenId(mail), mail.headers);
    });
    expect(groupsOf(known), 'in a program that threads by references').toBe(1);
  },
);
