import { DescribeActiveReceiptRuleSetCommand, SESClient, SetActiveReceiptRuleSetCommand } from '@aws-sdk/client-ses';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { ReceiptRuleSets } from '../../../adapters/aws/receipt-rule-sets.ts';

const ses = mockClient(SESClient);
beforeEach(() => void ses.reset());

describe('the rule set of a stack', () => {
  it('is made active where none is', async () => {
    ses.on(DescribeActiveReceiptRuleSetCommand).resolves({});
    expect(await new ReceiptRuleSets().activate('ours')).toBe('ours');
    expect(ses.commandCalls(SetActiveReceiptRuleSetCommand).map(({ args }) => args[0].input)).toEqual([
      { RuleSetName: 'ours' },
    ]);
  });

  it.each(['another', 'ours'])('takes nobody’s place: %s stays active', async (Name) => {
    ses.on(DescribeActiveReceiptRuleSetCommand).resolves({ Metadata: { Name } });
    expect(await new ReceiptRuleSets().activate('ours')).toBe(Name);
    expect(ses.commandCalls(SetActiveReceiptRuleSetCommand)).toEqual([]);
  });
});
