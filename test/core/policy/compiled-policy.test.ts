import { describe, expect, it } from 'vitest';
import { CompiledPolicy } from '../../../core/policy/compiled-policy.ts';
import { textJudge } from '../../../core/rule/judge-text.ts';
import { aPolicy } from '../../builders.ts';

const compiled = (source: unknown) => new CompiledPolicy(source as CompiledPolicy['source'], () => textJudge);
const policy = aPolicy({ mail: { addresses: { 'info@acme.example': 'support' }, repliesAt: 'in.acme.example' } });

describe('a compiled policy', () => {
  it('that is kept, and read again, is the same version', () => {
    expect(compiled(JSON.parse(JSON.stringify(policy.source))).hash).toBe(policy.hash);
  });

  it('of an earlier version of the product has what came later as it was before there was any', () => {
    const { notices: _, refusedFiles: __, mail, ...earlier } = policy.source;
    const { lists: ___, ...earlierMail } = mail;
    const { source } = compiled({ ...earlier, mail: earlierMail });
    expect(source).toMatchObject({ refusedFiles: [], mail: { ...earlierMail, lists: [] } });
    expect(source.notices.digestMinutes).toBe(1);
  });
});
