/** Threads by references, as Jamie Zawinski wrote it down and most programs do: those that name a common id are one. */
export function groupsOf(mails: { id: string; references: string[] }[]): number {
  const groups: Set<string>[] = [];
  for (const { id, references } of mails) {
    const ids = new Set([id, ...references]);
    const touching = groups.filter((group) => [...ids].some((one) => group.has(one)));
    for (const group of touching) {
      for (const one of group) ids.add(one);
      groups.splice(groups.indexOf(group), 1);
    }
    groups.push(ids);
  }
  return groups.length;
}
