/** Changing a record: read, changed, put back as long as it is as it was read; and what stands in the way, told. */
import { domainHandle, type Handle, type RecordKind, type Records } from '../core/customer/record.ts';
import { OverLimit, type Upserted, upserted } from '../core/customer/upsert.ts';
import { TransientFailure } from '../core/failures.ts';
import { invalid, Problem } from './problem.ts';
import type { Call } from './route.ts';

type AnyCall = Call<unknown, unknown, unknown>;

/** So often a record is read again because somebody else was faster. */
const TRIES_MAX = 5;

/** A handle that a change wanted is another record's. */
export class HandleTaken extends Error {
  override readonly name = 'HandleTaken';
  readonly handle: Handle;

  constructor(handle: Handle) {
    super('Another record has the handle.');
    this.handle = handle;
  }
}

/**
 * @param change from the record, undefined where there is none, what is to be
 * @throws {HandleTaken}
 */
export async function changeRecord<K extends RecordKind>(
  { deps, policy }: AnyCall,
  kind: K,
  id: string,
  change: (before: Records[K] | undefined) => Promise<Records[K]> | Records[K],
): Promise<Upserted<Records[K]>> {
  const { customers, clock } = deps;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const before = await customers.load(kind, policy.business, id);
    const after = upserted(before, await change(before), clock.now());
    if (after.status === 'unchanged') return after;
    const put = await customers.put(kind, policy.business, after.record, before);
    if (put.result === 'put') return after;
    if (put.result === 'taken') throw new HandleTaken(put.handle);
  }
  throw new TransientFailure('Others keep changing the record.');
}

/** As an agent changes a record, who may have seen it at another version. @throws {Problem} 409, 412, 422 */
export function changeByAgent<K extends RecordKind>(
  call: AnyCall,
  kind: K,
  id: string,
  change: (before: Records[K] | undefined) => Promise<Records[K]> | Records[K],
): Promise<Upserted<Records[K]>> {
  return orProblem(call, () =>
    changeRecord(call, kind, id, (before) => {
      checkVersion(call.ifMatch, before?.version ?? 0);
      return change(before);
    }),
  );
}

/** Tells what stands in the way of a change. @throws {Problem} 409, 422 */
export async function orProblem<T>(call: AnyCall, change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (failure) {
    if (failure instanceof OverLimit) throw invalid(`/${failure.field}`, failure.message);
    if (failure instanceof HandleTaken) throw await takenProblem(call, failure.handle);
    throw failure;
  }
}

/** The organisation that a proved address belongs to by its domain; null where none does. */
export async function domainOrganisationOf({ deps, policy }: AnyCall, addresses: { address: string }[]) {
  for (const handle of new Set(addresses.map(({ address }) => domainHandle(address)))) {
    const organisation = await deps.customers.holder(policy.business, handle);
    if (organisation !== undefined) return organisation;
  }
  return null;
}

const TAKEN: Record<string, { code: string; what: string }> = {
  address: { code: 'address-taken', what: 'The address is proved for another customer' },
  identity: { code: 'identity-taken', what: 'The identity was linked to another customer' },
  domain: { code: 'domain-taken', what: 'The domain belongs to another organisation' },
};

/** Who has it instead is told to those alone who may read whose it is. */
async function takenProblem({ deps, policy, principal }: AnyCall, handle: Handle): Promise<Problem> {
  const [kind = ''] = handle.split(':', 1);
  const { code, what } = TAKEN[kind] ?? { code: 'taken', what: 'It is another’s' };
  const mayKnow = principal.kind === 'agent' && principal.agent.rights.has('read');
  const holder = mayKnow ? await deps.customers.holder(policy.business, handle) : undefined;
  return new Problem(409, code, { detail: holder === undefined ? `${what}.` : `${what}: ${holder}.` });
}

function checkVersion(ifMatch: number | undefined, version: number): void {
  if (ifMatch === undefined || ifMatch === version) return;
  const detail = `The record is at version ${version}, not ${ifMatch}.`;
  throw new Problem(412, 'version-mismatch', { detail });
}
