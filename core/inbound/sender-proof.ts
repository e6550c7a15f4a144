/**
 * Whether a mail's sender is who they say, by what the receiving server found out (RFC 7489, RFC 8601). Absent is not
 * passed, and neither is gray.
 */
import { asciiDomain, domainOf } from '../email/address.ts';
import type { Authentication } from '../email/received/authentication.ts';
import type { Verdict, Verdicts } from '../thread/mail-facts.ts';

export const NO_VERDICTS: Verdicts = { spam: 'none', virus: 'none', spf: 'none', dkim: 'none', dmarc: 'none' };

/** What a server that is believed says in its own header, in the words of ours. */
export function verdictsFrom({ spf, dkim, dmarc }: Authentication): Pick<Verdicts, 'spf' | 'dkim' | 'dmarc'> {
  const best = dkim.find(({ result }) => result === 'pass') ?? dkim[0];
  return { spf: verdictOf(spf?.result), dkim: verdictOf(best?.result), dmarc: verdictOf(dmarc?.result) };
}

function verdictOf(result: string | undefined): Verdict {
  if (result === 'pass' || result === 'fail' || result === 'none') return result;
  if (result === undefined) return 'none';
  return result === 'permerror' || result === 'softfail' ? 'fail' : 'gray';
}

/** An address, or none, without signs that mean something in a header. */
const PLAIN = /^(?:[\p{L}\p{M}\p{N}_.!#$%&'*+/=?^`{|}~-]+@[\p{L}\p{M}\p{N}._-]+)?$/u;

/** Whether an envelope's sender, which a server repeats among its verdicts, can be taken for none of them. */
export function isPlain(sender: string): boolean {
  return PLAIN.test(sender);
}

/**
 * DMARC passes for the domain of `From` or, where it neither passes nor fails, SPF or DKIM does for just that domain:
 * without a list of public suffixes nobody knows whether a domain below it is in the same hands (RFC 7489 §3.1:
 * strict alignment). A server that has judged another author than we read proves nothing.
 * @param verdicts with what the server says beside the mail, which counts for more than what stands on it
 */
export function isAuthenticated(from: string | null, verdicts: Verdicts, believed: Authentication | null): boolean {
  if (from === null) return false;
  const isTheirs = (other: string | null) => other !== null && asciiDomain(other) === domainOf(from);
  const judged = believed?.dmarc ?? null;
  if (verdicts.dmarc === 'fail' || judged?.result === 'fail') return false;
  if (judged !== null && judged.domain !== null && !isTheirs(judged.domain)) return false;
  const isOfThem = judged === null || (judged.result === 'pass' && judged.domain !== null);
  if (verdicts.dmarc === 'pass' && isOfThem) return true;
  const spf = believed?.spf;
  if (verdicts.spf === 'pass' && spf?.result === 'pass' && isTheirs(spf.domain)) return true;
  const signatures = verdicts.dkim === 'pass' ? (believed?.dkim ?? []) : [];
  return signatures.some(({ result, domain }) => result === 'pass' && isTheirs(domain));
}
