/** A part that is no text to be shown: a file. */
import { comparableContentId, contentIdsOf } from '../content-id.ts';
import { fileName } from './file-name.ts';
import { fieldOf } from './header.ts';
import type { Part } from './part.ts';
import type { ReceivedFile } from './received-mail.ts';
import { readableParameter, structuredValue } from './structured-value.ts';
import { transferDecoded } from './transfer-encoding.ts';

export function dispositionOf(part: Part): 'attachment' | 'inline' | null {
  const field = fieldOf(part.fields, 'content-disposition');
  if (field === null) return null;
  const { value } = structuredValue(field);
  return value === 'attachment' || value === 'inline' ? value : null;
}

/** The name that the mail gives the part, as it came. */
export function givenNameOf(part: Part): string | null {
  const disposition = structuredValue(fieldOf(part.fields, 'content-disposition') ?? '');
  const name = readableParameter(disposition, 'filename') ?? readableParameter(part.type, 'name');
  return name === null || name.trim() === '' ? null : name;
}

/** `shown`: the content ids that the HTML refers to. */
export function fileOf(bytes: Buffer, part: Part, shown: Set<string>): ReceivedFile {
  const givenName = givenNameOf(part);
  const contentId = comparableContentId(fieldOf(part.fields, 'content-id') ?? '');
  return {
    name: fileName(givenName, part.type.value),
    isNamed: givenName !== null,
    mediaType: part.type.value,
    bytes: transferDecoded(
      bytes.subarray(part.start, part.end),
      fieldOf(part.fields, 'content-transfer-encoding') ?? '',
    ),
    contentId: contentId === '' ? null : contentId,
    disposition: dispositionOf(part),
    isInline: shown.has(contentId),
  };
}

/** Content ids that HTML shows in place. */
export function contentIdsIn(html: string | null): Set<string> {
  return new Set(
    [...(html ?? '').matchAll(/\bcid:<?([^\s"'<>()]{1,250})/gi)].flatMap(([, id = '']) => contentIdsOf(id)),
  );
}
