/** What an operator reads all threads by, in either place. */
import { dynamoClient } from '../adapters/aws/clients.ts';
import { DynamoAudit } from '../adapters/aws/dynamo-audit.ts';
import { stackOutputs } from '../adapters/aws/stack-outputs.ts';
import { openData } from '../adapters/embedded/data-folder.ts';
import { SqliteAudit } from '../adapters/embedded/sqlite-audit.ts';
import type { Audit } from '../core/upkeep/audit.ts';
import type { Place } from './command.ts';

export async function openAudit(place: Place): Promise<{ audit: Audit; close: () => void }> {
  if ('data' in place) {
    const { db, close } = openData(place.data);
    return { audit: new SqliteAudit(db), close };
  }
  const { ThreadTable = '' } = await stackOutputs(place.stack);
  const client = dynamoClient();
  return { audit: new DynamoAudit(client, ThreadTable), close: () => client.destroy() };
}
