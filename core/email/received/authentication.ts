/** What a receiving server found out about a sender (RFC 8601). */

export interface Authentication {
  /** Who says so (authserv-id), in lower case. Only what one's own server says is worth anything. */
  server: string;
  spf: Verdict | null;
  /** One for each signature. */
  dkim: Verdict[];
  dmarc: Verdict | null;
}

interface Verdict {
  /** pass, fail, none, softfail, gray, … in lower case, as the server says it. */
  result: string;
  /** What it was about: of SPF the envelope's sender, of DKIM the signer, of DMARC the author. In lower case. */
  domain: string | null;
}

/** Where each method names its domain, the best first. */
const DOMAIN_PROPERTIES: Record<string, string[]> = {
  spf: ['smtp.mailfrom', 'envelope-from', 'smtp.helo', 'helo'],
  dkim: ['header.d', 'header.i'],
  dmarc: ['header.from'],
};
const RESULTS_MAX = 50;

/** Null where the field says nothing. Comments are not evidence: they are passed over. */
export function authenticationOf(value: string | null): Authentication | null {
  const [server = '', ...clauses] = clausesOf(value ?? '');
  const found: Authentication = {
    server: server.trim().split(/\s/)[0]?.toLowerCase() ?? '',
    spf: null,
    dkim: [],
    dmarc: null,
  };
  let last: { method: string; verdict: Verdict; rank: number } | null = null;
  for (const clause of clauses.slice(0, RESULTS_MAX)) {
    for (const [, name = '', quoted, token] of clause.matchAll(
      /(?<![\w./-])([\w./-]+)\s*=\s*(?:"([^"]*)"|([^\s";]*))/g,
    )) {
      const [key, text] = [name.toLowerCase(), (quoted ?? token ?? '').toLowerCase()];
      const method = key.split('/')[0] ?? '';
      if (method === 'spf' || method === 'dkim' || method === 'dmarc') {
        last = { method, verdict: { result: text, domain: null }, rank: Number.POSITIVE_INFINITY };
        if (method === 'dkim') found.dkim.push(last.verdict);
        else found[method] ??= last.verdict;
        continue;
      }
      const rank = DOMAIN_PROPERTIES[last?.method ?? '']?.indexOf(key) ?? -1;
      if (last !== null && rank >= 0 && rank < last.rank) {
        last.verdict.domain = text.slice(text.lastIndexOf('@') + 1) || null;
        last.rank = rank;
      }
    }
  }
  return found.server === '' ? null : found;
}

/** The field at its semicolons, without comments, which may hold any of its signs. */
function clausesOf(value: string): string[] {
  const clauses = [''];
  let [depth, isQuoted] = [0, false];
  for (let at = 0; at < value.length; at += 1) {
    const char = value[at] ?? '';
    if (char === '\\' && (depth > 0 || isQuoted)) at += 1;
    else if (char === '"' && depth === 0) isQuoted = !isQuoted;
    else if (char === '(' && !isQuoted) depth += 1;
    else if (char === ')' && !isQuoted && depth > 0) depth -= 1;
    if (depth > 0 || (char === ')' && !isQuoted)) continue;
    if (char === ';' && !isQuoted) clauses.push('');
    else clauses[clauses.length - 1] += char;
  }
  return clauses;
}
