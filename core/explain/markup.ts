/** HTML by templates: whatever is put into one is escaped, unless it is markup itself. */
import { escapeHtml } from '../email/html.ts';

/** Markup that is right as it stands. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export function html(parts: TemplateStringsArray, ...values: (string | number | Markup | Markup[])[]): Markup {
  return new Markup(parts.map((part, index) => part + textOf(values[index] ?? '')).join(''));
}

function textOf(value: string | number | Markup | Markup[]): string {
  if (Array.isArray(value)) return value.map(({ text }) => text).join('');
  return value instanceof Markup ? value.text : escapeHtml(String(value));
}
