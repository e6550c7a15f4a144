import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { stackOutputs } from '../../../adapters/aws/stack-outputs.ts';
import { anAwsFailure } from '../../support/aws-sdk.ts';

const cloudFormation = mockClient(CloudFormationClient);

describe('the outputs of a stack', () => {
  beforeEach(() => cloudFormation.reset());

  it('are its own, by name', async () => {
    const Outputs = [
      { OutputKey: 'ApiUrl', OutputValue: 'https://api' },
      { OutputKey: 'ThreadTable', OutputValue: 'Table' },
    ];
    const stack = { StackName: 'Meanwhile', CreationTime: new Date(0), StackStatus: 'CREATE_COMPLETE' as const };
    cloudFormation.on(DescribeStacksCommand, { StackName: 'Meanwhile' }).resolves({ Stacks: [{ ...stack, Outputs }] });
    expect(await stackOutputs('Meanwhile')).toEqual({ ApiUrl: 'https://api', ThreadTable: 'Table' });
  });

  it('are none where there is no such stack: that is said', async () => {
    cloudFormation.on(DescribeStacksCommand).rejects(anAwsFailure('ValidationError', { status: 400 }));
    await expect(stackOutputs('Nowhere')).rejects.toThrow();
  });
});
