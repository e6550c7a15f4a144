/** Instants as the contract writes them: RFC 3339, UTC, milliseconds. */

export function instantText(at: number): string {
  return new Date(at).toISOString();
}

export function nullableInstantText(at: number | null): string | null {
  return at === null ? null : instantText(at);
}
