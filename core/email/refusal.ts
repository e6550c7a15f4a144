/** The mail that tells an agent why what they sent was not posted, with what they wrote, so that nothing is lost. */
import type { Entry } from '../thread/entry.ts';
import type { ReadableBody } from '../thread/whole-body.ts';
import { type About, envelope, GENERATED, page } from './frame.ts';
import { escapeHtml, htmlOfText } from './html.ts';
import type { OutgoingMail } from './mail.ts';

export interface Refusal extends About {
  entry: Entry & { type: 'mail-refused' };
  body: ReadableBody;
}

const LEAD = 'Your mail was not posted, and nothing was changed:';
const AGAIN = 'Mend it, and send it once more as an answer to this mail. This is what you wrote:';

export function composeRefusal(refusal: Refusal): OutgoingMail {
  const { facts, entry, policy, body } = refusal;
  const problems = entry.problems.map((problem) => `<li>${escapeHtml(problem)}</li>`).join('');
  return {
    ...envelope('refusal', refusal, policy.source.name, GENERATED),
    subject: `[${policy.source.name}] Not posted: ${facts.subject}`,
    text: [LEAD, entry.problems.map((problem) => `- ${problem}`).join('\n'), AGAIN, body.text].join('\n\n'),
    html: page(`<p>${LEAD}</p><ul>${problems}</ul><p>${AGAIN}</p>${htmlOfText(body.text)}`, ''),
    attachments: [],
  };
}
