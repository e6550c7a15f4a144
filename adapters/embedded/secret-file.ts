/** The secrets in a data folder, as their owner changes them while nothing runs on it. */
import { randomBytes } from 'node:crypto';
import type { BusinessSecrets } from '../../core/policy/business-secrets.ts';
import { openData } from './data-folder.ts';
import { SqliteSecrets } from './secrets.ts';

/** @throws where a process runs on the folder, or there is none */
export function openSecretFile(folder: string) {
  const { db, close } = openData(folder);
  const secrets = new SqliteSecrets(db, { bytes: (count) => randomBytes(count) }, []);
  return {
    read: async (business: string): Promise<BusinessSecrets | undefined> => secrets.refreshed(business),
    write: async (business: string, changed: BusinessSecrets): Promise<void> => {
      secrets.put(`business ${business}`, JSON.stringify(changed));
      await db.durable();
    },
    close,
  };
}
