/** Many things at once, and no more than the emulator has workers for. */

/** @returns what became of each, in the order of the inputs */
export async function sideBySide<T, R>(inputs: T[], atOnce: number, work: (input: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = [...inputs.entries()];
  const one = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, input] = next;
      results[index] = await work(input);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return results;
}

export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
