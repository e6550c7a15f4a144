/** Versions of policies as the table keeps them. */
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import { dynamoClient } from '../../adapters/aws/clients.ts';
import { policyKey } from '../../adapters/aws/keys.ts';
import { readStoredText } from '../../adapters/aws/stored-text.ts';
import { CompiledPolicy } from '../../core/policy/compiled-policy.ts';
import { textJudge } from '../../core/rule/judge-text.ts';

const client = dynamoClient();

/** @throws where it was not kept */
export async function keptPolicy(business: string, hash: string): Promise<CompiledPolicy> {
  const { pk, sk } = policyKey(business, hash);
  const TableName = inject('deployment').outputs['ThreadTable'];
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: { pk: { S: pk }, sk: { S: sk } } }));
  if (Item === undefined) throw new Error(`The policy ${hash} of ${business} is not kept.`);
  const policy = new CompiledPolicy(JSON.parse(readStoredText(Item)), () => textJudge);
  if (policy.hash !== hash) throw new Error(`The policy kept under ${hash} has the hash ${policy.hash}.`);
  return policy;
}
