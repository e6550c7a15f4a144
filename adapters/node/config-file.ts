/** The businesses of a config file: what a platform team edits. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isBusiness } from '../../core/policy/define-business.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { BadHolidays, resolveHolidays } from './holidays.ts';

/** The config file is not there, serves nobody, or one business twice. */
class InvalidConfig extends Error {
  override readonly name = 'InvalidConfig';
}

/**
 * Every export of the config file that `defineBusiness` made, its holidays as dates.
 * @param now around which those are wanted
 * @throws {InvalidConfig}
 */
export async function loadPolicies(file: string, now = Date.now()): Promise<Policy[]> {
  const path = resolve(file);
  if (!existsSync(path)) throw new InvalidConfig(`There is no config file ${path}: name one by --config.`);
  const exported: Record<string, unknown> = await import(pathToFileURL(path).href);
  const policies = Object.values(exported).filter(isBusiness);
  if (policies.length === 0) throw new InvalidConfig(`${file} exports no business: export what defineBusiness gives.`);
  const ids = policies.map(({ id }) => id);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  if (twice.length > 0) throw new InvalidConfig(`${file} exports more than one business ${twice.join(', ')}.`);
  return withHolidays(policies, dirname(path), now);
}

/** @throws {InvalidConfig} naming every source that is wrong */
async function withHolidays(policies: Policy[], folder: string, now: number): Promise<Policy[]> {
  const problems: string[] = [];
  const resolved = policies.map(async (policy) => {
    const calendars: Policy['calendars'] = {};
    for (const [name, calendar] of Object.entries(policy.calendars)) {
      try {
        calendars[name] = await resolveHolidays(calendar, folder, now);
      } catch (failure) {
        if (!(failure instanceof BadHolidays)) throw failure;
        problems.push(`${policy.id}.calendars.${name}.holidays: ${failure.message}`);
      }
    }
    return { ...policy, calendars };
  });
  const all = await Promise.all(resolved);
  if (problems.length > 0) throw new InvalidConfig(problems.join('\n'));
  return all;
}
