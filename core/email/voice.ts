/** How a business speaks to somebody: in which language and words, under which name. */
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import type { Language } from '../policy/languages.ts';
import { fill } from './texts/placeholders.ts';
import { type Say, sayingIn } from './texts.ts';

export interface Voice {
  language: Language;
  say: Say;
  /** What the business is known as. */
  name: string;
  accent: string;
  /** What stands under its mails to customers. */
  signature: string | null;
}

export function voiceIn(language: Language, { source }: CompiledPolicy): Voice {
  const { brand, texts, name } = source;
  return {
    language,
    say: sayingIn(language, texts),
    name: brand.name ?? name,
    accent: brand.accent,
    signature: brand.signature?.[language] ?? null,
  };
}

/** The name that an answer comes from: of a person of the business, or its own. */
export function senderName(agent: string | null, { name }: Voice, { source }: CompiledPolicy): string {
  return agent === null ? name : fill(source.brand.sender, { agent, business: name });
}
