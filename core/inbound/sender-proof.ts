/**
 * Whether a mail's sender is who they say, by what the receiving server found out (RFC 7489, RFC 8601). Absent is not
 * passed, and neither is gray.
 */
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

/**
 * DMARC passes or, where the sender's domain says nothing of it, SPF or DKIM does for that domain or one below it.
 * @param believed of the topmost header, where the receiving server wrote it; null where nobody did
 */
export function isAuthenticated(from: string | null, verdicts: Verdicts, believed: Authentication | null): boolean {
  if (from === null || verdicts.dmarc === 'fail') return false;
  if (verdicts.dmarc === 'pass') return true;
  if (believed === null) return false;
  const domain = from.slice(from.lastIndexOf('@') + 1).toLowerCase();
  const isAligned = (other: string | null) => other !== null && (other === domain || other.endsWith(`.${domain}`));
  const proofs = [...(believed.spf === null ? [] : [believed.spf]), ...believed.dkim];
  return proofs.some(({ result, domain: of }) => result === 'pass' && isAligned(of));
}
