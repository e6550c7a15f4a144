/** Files that a business takes from nobody: by the end of their names, or by their types. */
import * as z from 'zod';

const PATTERN =
  /^(?:\.[a-z0-9][a-z0-9.]{0,19}|[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/(?:\*|[a-z0-9][a-z0-9!#$&^_.+-]{0,63}))$/;

/** `.exe` is the end of a name, `video/*` all types of a kind, `application/x-msdownload` one type. */
export const refusedFilesSchema = z
  .array(z.string().regex(PATTERN, { error: 'is no end of a name, such as .exe, and no type, such as video/*' }))
  .max(200)
  .default([]);

export function isRefused({ name, mediaType }: { name: string; mediaType: string }, refused: string[]): boolean {
  const [type = ''] = mediaType.toLowerCase().split(';');
  const kind = `${type.split('/')[0]}/*`;
  // What Windows leaves out of a name stands in none.
  const end = name.toLowerCase().replace(/[. ]{1,255}$/, '');
  return refused.some((one) => (one.startsWith('.') ? end.endsWith(one) : one === type.trim() || one === kind));
}
