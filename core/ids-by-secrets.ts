/** The id mint of each business, by its key. */
import { Ids } from './ids.ts';
import type { Secrets } from './ports.ts';

/** A business is served, but its secrets were never made. */
export class MissingSecrets extends Error {
  override readonly name = 'MissingSecrets';
}

/** @returns a function that answers the same mint for a business every time: its key never rotates */
export function idsBySecrets(secrets: Secrets): (business: string) => Promise<Ids> {
  const known = new Map<string, Ids>();
  return async (business) => {
    const found = known.get(business);
    if (found !== undefined) return found;
    const key = (await secrets.of(business))?.idKey;
    if (key === undefined) throw new MissingSecrets(`There are no secrets for business ${business}.`);
    const ids = new Ids(business, key);
    known.set(business, ids);
    return ids;
  };
}
