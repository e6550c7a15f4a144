/** Every mail there is, made of a sample thread under a business's own policy: to be looked at. */
import { composeAlert } from '../core/email/alert.ts';
import { composeMail, composePromise } from '../core/email/compose.ts';
import type { About } from '../core/email/frame.ts';
import { composeLetter, composeTranscript, type PlannedMail } from '../core/email/letters.ts';
import type { MailAddress, OutgoingMail } from '../core/email/mail.ts';
import { composeNotice } from '../core/email/notice.ts';
import { composeRefusal, type Refusal } from '../core/email/refusal.ts';
import type { Said } from '../core/email/said.ts';
import { problem } from '../core/inbound/mail-problem.ts';
import { CompiledPolicy } from '../core/policy/compiled-policy.ts';
import type { Language } from '../core/policy/languages.ts';
import type { DeadlineStep } from '../core/sla/clock.ts';
import { type Entry, type Fact, MAIL_TROUBLES, type MailTrouble, SYSTEM } from '../core/thread/entry.ts';
import type { MailFacts } from '../core/thread/mail-facts.ts';
import { blankThread, type PlannedLetter, type Thread } from '../core/thread/thread.ts';
import { readableBodyOf } from '../core/thread/whole-body.ts';

export interface SampleMail {
  /** What it is, as in a list. */
  name: string;
  mail: OutgoingMail;
}

const AT = Date.parse('2026-11-23T11:00:00Z');
const HOUR = 3_600_000;
/** A word that no window is wide enough for. */
const LONG = 'https://shop.example/orders/2026/11/AB-10442/items?sku=NIGHT-LAMP-WALNUT-LARGE&source=confirmation-mail';

/** What is kept of a mail that nobody has sent. */
const NO_MAIL: MailFacts = {
  ...{ rawKey: '', from: null, messageId: null, subject: null, isAuthenticated: false, omitted: [], cutAt: [] },
  verdicts: { spam: 'none', virus: 'none', spf: 'none', dkim: 'none', dmarc: 'none' },
  found: { by: 'address', what: '', failed: [] },
};

type Words = Record<'name' | 'subject' | 'message' | 'more' | 'answer' | 'advice' | 'comment', string>;

/** What people have written, by language. */
export const WRITTEN: Record<Language, Words> = {
  en: {
    name: 'Cleo Brandt',
    subject: 'Where is order AB-10442?',
    message: `Hello,\nmy order is not here, and has been “on its way” since Monday:\n${LONG}\n\nThank you\nCleo`,
    more: 'And there is a scratch on the one that came before.',
    answer: 'Your parcel was held back at the depot. It comes tomorrow before noon.\n\nWe are sorry for the wait.',
    advice: 'In a hurry? Call +49 30 1234567.',
    comment: 'Friendly, but it took two days.',
  },
  de: {
    name: 'Jörg Weiß',
    subject: 'Wo bleibt die Bestellung AB-10442?',
    message: `Guten Tag,\ndie Bestellung ist seit Montag „unterwegs“ und nicht da:\n${LONG}\n\nVielen Dank\nJörg`,
    more: 'Und die davor hat einen Kratzer.',
    answer: 'Ihr Paket lag im Depot. Es kommt morgen Vormittag.\n\nBitte entschuldigen Sie die Verspätung.',
    advice: 'Eilt es? Rufen Sie an: +49 30 1234567.',
    comment: 'Freundlich, aber es hat zwei Tage gedauert.',
  },
  ar: {
    name: 'ليلى حدّاد',
    subject: 'أين الطلب AB-10442؟',
    message: `مرحبًا،\nلم يصل طلبي، والتتبّع يقول «في الطريق» منذ يوم الاثنين:\n${LONG}\n\nشكرًا\nليلى`,
    more: 'وفي الطرد السابق خدش.',
    answer: 'تأخّرت شحنتك في المستودع، وتصل غدًا قبل الظهر.\n\nنعتذر عن الانتظار.',
    advice: 'هل الأمر عاجل؟ اتصل بنا: \u2066+49 30 1234567\u2069.',
    comment: 'تعامل لطيف، لكنه استغرق يومين.',
  },
};

/** @param language of the customer, and of the colleague where theirs is not the policy's to say */
const TROUBLES: Record<MailTrouble, string> = {
  'address-bounced': 'A mail came back',
  'reply-lost': 'A reply may not have arrived',
  'notice-lost': 'A notice did not arrive',
};

export function sampleMails(policy: CompiledPolicy, language: Language): SampleMail[] {
  const sample = new Sample(policy, language);
  const { message, more, answer, advice } = WRITTEN[language];
  const asked = sample.message('customer', message);
  const answered = sample.message('agent', answer);
  const promised = sample.entry({ type: 'promise', expectedReplyAt: AT + 25 * HOUR, instead: AT + 4 * HOUR });
  return [
    { name: 'Acknowledgement', mail: composeMail('acknowledgement', sample.letter(asked, message)) },
    {
      name: 'Acknowledgement: a faster way, no promise',
      mail: composeMail('acknowledgement', sample.letter(asked, message, { advice, expectedReplyAt: null })),
    },
    {
      name: 'Acknowledgement: follow-up of a closed thread',
      mail: composeMail('acknowledgement', sample.letter(asked, message, { followUpOf: 'another' })),
    },
    { name: 'Reply', mail: composeMail('reply', sample.letter(answered, answer)) },
    {
      name: 'Reply, with what was said before',
      mail: composeMail('reply', { ...sample.letter(answered, answer), history: sample.said(asked) }),
    },
    { name: 'Promise moved', mail: composePromise({ ...sample.about(), entry: promised }) },
    { name: 'Reminder', mail: composeLetter({ ...sample.about(), ...sample.planned('reminder') }) },
    { name: 'Rating', mail: composeLetter({ ...sample.about(), ...sample.planned('rating') }) },
    {
      name: 'Transcript',
      mail: composeTranscript({
        ...{ ...sample.about(), said: sample.said(asked, answered), isWhole: false },
        entry: sample.entry({ type: 'transcript', to: 'customer' }),
      }),
    },
    { name: 'Notice', mail: composeMail('notice', sample.letter(asked, message, {}, sample.team)) },
    {
      name: 'Notice of several messages',
      mail: composeNotice({
        ...{
          ...sample.about({}, sample.team),
          said: sample.said(asked, sample.message('customer', more)),
          isWhole: true,
        },
        entry: sample.entry({ type: 'notice', to: 'team:sample', since: 1 }),
      }),
    },
    {
      name: 'Refusal of an agent’s mail',
      mail: composeRefusal({ ...sample.letter(asked, message), ...sample.refused(answer) }),
    },
    ...MAIL_TROUBLES.map((trouble) => {
      return {
        name: TROUBLES[trouble],
        mail: composeAlert({ ...sample.about({}, sample.team), entry: sample.trouble(trouble) }),
      };
    }),
    ...(['warned', 'breached', 'repeated', null] as const).map((event) => sample.alert(event)),
  ];
}

const ALERTS = { warned: 'Warning', breached: 'Breach', repeated: 'Escalation', none: 'Told by a rule' };

class Sample {
  readonly #policy: CompiledPolicy;
  readonly #thread: Thread;
  readonly team: MailAddress;

  constructor(policy: CompiledPolicy, language: Language) {
    const { business, defaultTeam, source } = policy;
    const { name, subject } = WRITTEN[language];
    const blank = blankThread(`thr_${business}_sample`, AT);
    this.#policy = speaking(policy, language);
    this.team = { name: defaultTeam.name, address: defaultTeam.address };
    this.#thread = {
      ...blank,
      ...{ subject, topic: 'orders', urgency: 'high', team: defaultTeam.id, expectedReplyAt: AT + 5 * HOUR },
      assignee: Object.keys(source.agents)[0] ?? null,
      customer: { ...blank.customer, id: 'c1', name, email: 'customer@example.com', locale: language },
    };
  }

  entry<T extends Fact['type']>(fact: Fact & { type: T }): Entry & { type: T } {
    const cause = { command: 'sample', rule: 'sla/everybody/first-reply' };
    return { ...fact, seq: 5, at: AT, author: SYSTEM, cause } as Entry & { type: T };
  }

  message(by: 'customer' | 'agent', text: string): Entry & { type: 'message' } {
    const content = { parts: [{ type: 'text' as const, text }] };
    const entry = this.entry({ type: 'message', messageId: 'sample', channel: 'email', content });
    const [id = '', agent] = Object.entries(this.#policy.source.agents)[0] ?? [];
    const name = by === 'agent' ? (agent?.name ?? null) : this.#thread.customer.name;
    return { ...entry, author: { kind: by, id, name } };
  }

  planned(letter: PlannedLetter): Pick<PlannedMail, 'entry' | 'ratingUrl'> {
    const entry = this.entry({ type: 'letter', letter, since: AT - 48 * HOUR });
    return { entry, ratingUrl: 'https://help.example/v1/ratings/sample' };
  }

  refused(text: string): Pick<Refusal, 'entry' | 'to'> {
    const content = { parts: [{ type: 'text' as const, text }] };
    const problems = [problem('nobody-there', { command: '#assign', name: 'biling' })];
    const entry = this.entry({ type: 'mail-refused', problems, content, mail: NO_MAIL });
    return { entry, to: this.team };
  }

  trouble(rule: MailTrouble): Entry & { type: 'notified' } {
    const entry = this.entry({ type: 'notified', to: 'team:sample', of: null });
    return { ...entry, cause: { command: 'sample', rule } };
  }

  said(...messages: (Entry & { type: 'message' })[]): Said[] {
    return messages.map(({ author, at, content }, index) => {
      const files = index === 0 ? ['photo.jpg'] : [];
      return { name: author.name ?? '', at: at - HOUR, body: readableBodyOf(content), files };
    });
  }

  about(changes: Partial<Thread> = {}, to?: MailAddress): Omit<About, 'entry'> {
    const { id: threadId, customer } = this.#thread;
    const recipient = to ?? { name: customer.name ?? '', address: customer.email ?? '' };
    const facts = { ...this.#thread, ...changes };
    return { threadId, facts, to: recipient, policy: this.#policy, marks: { loop: 'sample', replyTo: null } };
  }

  letter(entry: Entry & { type: 'message' }, text: string, changes: Partial<Thread> = {}, to?: MailAddress) {
    return { ...this.about(changes, to), entry, body: { text, html: null }, keyOf: (id: string) => id };
  }

  alert(event: DeadlineStep['event'] | null): SampleMail {
    const of = event === null ? null : ({ metric: 'first-reply', event, dueAt: AT + HOUR } as DeadlineStep);
    const entry = this.entry({ type: 'notified', to: 'team:sample', of });
    return { name: ALERTS[event ?? 'none'], mail: composeAlert({ ...this.about({}, this.team), entry }) };
  }
}

/** The policy of a business that speaks one language. */
function speaking({ source }: CompiledPolicy, language: Language): CompiledPolicy {
  return new CompiledPolicy({ ...source, languages: [language] }, () => {
    throw new RangeError('A sample asks nothing of a text.');
  });
}
