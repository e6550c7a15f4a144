/** The page on which customers rate, in each state that it can be in: to be looked at. */
import { voiceIn } from '../core/email/voice.ts';
import type { CompiledPolicy } from '../core/policy/compiled-policy.ts';
import type { Language } from '../core/policy/languages.ts';
import { brokenLinkPage, type Page, ratingPage } from '../core/rating/page.ts';
import { WRITTEN } from './sample-mails.ts';

export interface SamplePage extends Page {
  name: string;
}

export function samplePages(policy: CompiledPolicy, language: Language): SamplePage[] {
  const { subject, comment } = WRITTEN[language];
  const voice = voiceIn(language, policy);
  const rating = { score: 4 as const, comment, at: 0 };
  const asked = { subject, status: 'solved' as const, answered: true, rating: null, mergedInto: null };
  const pages: [name: string, page: Page][] = [
    ['Rating', ratingPage(asked, voice)],
    ['Rating, nothing chosen', ratingPage(asked, voice, 'missing')],
    ['Rating, not taken just now', ratingPage(asked, voice, 'failed')],
    ['Rated', ratingPage({ ...asked, rating }, voice, 'kept')],
    ['Rated too early', ratingPage({ ...asked, status: 'open', answered: false }, voice)],
    ['Rated too late', ratingPage({ ...asked, status: 'closed' }, voice)],
    ['Rated where it goes on elsewhere', ratingPage({ ...asked, status: 'closed', mergedInto: 'another' }, voice)],
    ['A link that leads nowhere', brokenLinkPage(language, false)],
    ['A link that leads nowhere just now', brokenLinkPage(language, true)],
  ];
  return pages.map(([name, page]) => ({ name: `Page: ${name}`, ...page }));
}
