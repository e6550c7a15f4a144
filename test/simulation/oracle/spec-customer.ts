/** What is known of a customer, by their tokens and by their record. */
import type { Customer } from '../../../core/thread/thread.ts';
import { canonical } from './words.ts';

/** What a record says counts before what a message tells, and its newer version before the older. */
export function known(before: Customer, told: Customer): Customer {
  const [{ record: was }, { record: is }] = [before, told];
  if (was !== undefined && (is === undefined || is < was)) return before;
  const id = before.id === '' ? told.id : before.id;
  const name = told.name ?? before.name;
  const email = told.email ?? before.email;
  const locale = told.locale ?? before.locale;
  const zoneinfo = told.zoneinfo ?? before.zoneinfo;
  const isTold = is !== undefined || Object.keys(told.attributes).length > 0;
  const { attributes } = isTold ? told : before;
  return { ...(is === undefined ? before : told), ...{ id, name, email, locale, zoneinfo, attributes } };
}

/** A version that says the same again is not noted. */
export function noted(before: Customer, told: Customer): Customer {
  const after = known(before, told);
  const { record } = before;
  return record !== undefined && canonical({ ...after, record }) === canonical(before) ? before : after;
}
