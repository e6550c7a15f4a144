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
  spf: ['smtp.mailfrom', 'envelope-from'],
  dkim: ['header.d', 'header.i'],
  dmarc: ['header.from'],
};
const RESULTS_MAX = 50;
/** A property with its value, parts of which may be quoted; what else is quoted is passed over. */
const PROPERTY = /"(?:\\.|[^"\\])*"|(?<![\w./-])([\w./-]+)\s*=\s*((?:"(?:\\.|[^"\\])*"|[^\s";])*)/g;
const DOMAIN = /^[\p{L}\p{M}\p{N}._-]+?(?=\.?$)/u;

/**
 * Null where the field says nothing, or leaves a comment or quotation open: then anything may stand in it. Comments are
 * not evidence: they are passed over. Where SPF or DMARC come twice, what proves less counts: a server says each once,
 * and parts of what it repeats are chosen by whoever sent the mail.
 */
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
    for (const [, name = '', told = ''] of clause.matchAll(PROPERTY)) {
      const key = name.toLowerCase();
      const method = key.split('/')[0] ?? '';
      if (method === 'spf' || method === 'dkim' || method === 'dmarc') {
        const verdict = { result: told.replaceAll('"', '').toLowerCase(), domain: null };
        last = { method, verdict, rank: Number.POSITIVE_INFINITY };
        if (method === 'dkim') found.dkim.push(verdict);
        else if (found[method] === null || found[method].result === 'pass') found[method] = verdict;
        continue;
      }
      const rank = DOMAIN_PROPERTIES[last?.method ?? '']?.indexOf(key) ?? -1;
      if (last !== null && rank >= 0 && rank < last.rank) {
        last.verdict.domain = domainIn(told);
        last.rank = rank;
      }
    }
  }
  return found.server === '' ? null : found;
}

/** Of a domain or an address; what stands before the last @ may be quoted, and have any sign in it. */
function domainIn(value: string): string | null {
  const domain = value.includes('@') ? value.slice(value.lastIndexOf('@') + 1) : value.replace(/^"(.*)"$/, '$1');
  return DOMAIN.exec(domain)?.[0].toLowerCase() ?? null;
}

/** The field at its semicolons, without comments, which may hold any of its signs. */
function clausesOf(value: string): string[] {
  const clauses = [''];
  let [depth, isQuoted] = [0, false];
  for (let at = 0; at < value.length; at += 1) {
    const char = value[at] ?? '';
    const isEscape = char === '\\' && (depth > 0 || isQuoted);
    if (char === '"' && depth === 0) isQuoted = !isQuoted;
    else if (char === '(' && !isQuoted) depth += 1;
    if (depth === 0) {
      if (char === ';' && !isQuoted) clauses.push('');
      else clauses[clauses.length - 1] += isEscape ? value.slice(at, at + 2) : char;
    } else if (char === ')') depth -= 1;
    if (isEscape) at += 1;
  }
  return depth > 0 || isQuoted ? [] : clauses;
}
