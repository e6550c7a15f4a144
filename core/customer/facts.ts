/** What is known of a customer when something of theirs is decided. */
import type { Customer, Told } from '../thread/thread.ts';

/** What was told before stays where it is not told again. */
function retold(before: Told, told: Told): Told {
  return {
    name: told.name ?? before.name,
    email: told.email ?? before.email,
    locale: told.locale ?? before.locale,
    zoneinfo: told.zoneinfo ?? before.zoneinfo,
    attributes: Object.keys(told.attributes).length > 0 ? told.attributes : before.attributes,
  };
}

/**
 * What a thread knows of its customer after something was told. What comes from a record is whole, and counts before
 * what comes from elsewhere; an older version of it than the thread knows already is no news.
 */
export function knownOf(before: Customer, told: Customer): Customer {
  const id = before.id === '' ? told.id : before.id;
  if (before.record !== undefined && (told.record ?? 0) < before.record) return before;
  const { segments, organisation, record } = told.record === undefined ? before : told;
  return {
    id,
    ...retold(before, told),
    ...(told.record === undefined ? {} : { attributes: told.attributes }),
    ...(segments === undefined ? {} : { segments }),
    ...(organisation === undefined ? {} : { organisation }),
    ...(record === undefined ? {} : { record }),
  };
}

/** Whether something else is known of a customer, apart from the version that says it. */
export function isNews(before: Customer, after: Customer): boolean {
  const [{ record: was, ...known }, { record: is, ...told }] = [before, after];
  return (was === undefined) !== (is === undefined) || JSON.stringify(known) !== JSON.stringify(told);
}
