/** What is wrong with a business's own words: a placeholder that nothing is put into, a language that is missing. */
import { PLACEHOLDERS, placeholdersIn, type TextName } from '../email/texts/placeholders.ts';
import { SENDER_PLACEHOLDERS } from './brand.ts';
import type { Broken } from './broken-rules.ts';
import { RATING_PLACEHOLDERS } from './letters.ts';
import type { Policy } from './policy.ts';

type Path = Broken[0];

export function brokenWords({ languages, texts, brand, letters }: Policy): Broken[] {
  const own = Object.entries(texts).flatMap(([name, byLanguage]) => [
    ...missing(byLanguage, languages, ['texts', name]),
    ...Object.entries(byLanguage).flatMap(([language, template]) =>
      unknownIn(template, PLACEHOLDERS[name as TextName], ['texts', name, language]),
    ),
  ]);
  const { signature, sender } = brand;
  return [
    ...own,
    ...(signature === undefined ? [] : missing(signature, languages, ['brand', 'signature'])),
    ...unknownIn(sender, SENDER_PLACEHOLDERS, ['brand', 'sender']),
    ...(letters.rating?.url === undefined ? [] : brokenUrl(letters.rating.url, ['letters', 'rating', 'url'])),
  ];
}

function missing(byLanguage: Record<string, string>, languages: readonly string[], path: Path): Broken[] {
  return languages.flatMap((language): Broken[] =>
    byLanguage[language] === undefined ? [[[...path, language], 'is missing, and the business writes in it']] : [],
  );
}

function unknownIn(template: string, known: readonly string[], path: Path): Broken[] {
  const there =
    known.length === 0 ? 'nothing is put in here' : `there is ${known.map((name) => `{${name}}`).join(', ')}`;
  return placeholdersIn(template).flatMap((name): Broken[] =>
    known.includes(name) ? [] : [[path, `{${name}} is unknown: ${there}`]],
  );
}

function brokenUrl(url: string, path: Path): Broken[] {
  const isPage = URL.canParse(url) && new URL(url).protocol === 'https:';
  return [
    ...(isPage ? [] : [[path, 'is not the address of a page: https://…'] as Broken]),
    ...unknownIn(url, RATING_PLACEHOLDERS, path),
  ];
}
