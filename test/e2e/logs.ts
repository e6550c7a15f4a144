/** All that the stack's functions have logged. */
import { AwsClient } from 'aws4fetch';
import { inject } from 'vitest';
import { REGION } from './commands.ts';

const API = 'Logs_20140328';
const client = new AwsClient({ accessKeyId: 'test', secretAccessKey: 'test', region: REGION, service: 'logs' });

export async function loggedLines(): Promise<string[]> {
  const groups = await pages<{ logGroupName: string }>('DescribeLogGroups', 'logGroups', {});
  const lines: string[] = [];
  for (const { logGroupName } of groups) {
    const events = await pages<{ message: string }>('FilterLogEvents', 'events', { logGroupName });
    lines.push(...events.map(({ message }) => message.trim()));
  }
  return lines;
}

async function pages<T>(operation: string, of: string, asked: object): Promise<T[]> {
  const found: T[] = [];
  for (let nextToken: string | undefined, isFirst = true; isFirst || nextToken !== undefined; isFirst = false) {
    const answer = await client.fetch(inject('deployment').endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${API}.${operation}` },
      body: JSON.stringify({ ...asked, nextToken }),
    });
    if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${await answer.text()}`);
    const page = (await answer.json()) as Record<string, unknown>;
    found.push(...((page[of] as T[] | undefined) ?? []));
    nextToken = page['nextToken'] as string | undefined;
  }
  return found;
}
