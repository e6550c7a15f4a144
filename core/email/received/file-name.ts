/** Names of files that strangers chose, made fit to be a file's name on any system. */

const NAME_CHARS_MAX = 150;
const EXTENSION_CHARS_MAX = 20;

/** What no system lets into a name, control characters, and what turns the direction of writing around. */
const FORBIDDEN = /[<>:"|?*\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** Windows' names of devices, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

const NAMES: Record<string, string> = {
  ...{ 'message/rfc822': 'message.eml', 'message/global': 'message.eml', 'text/rfc822-headers': 'headers.txt' },
  ...{ 'message/delivery-status': 'delivery-status.txt', 'message/disposition-notification': 'receipt.txt' },
  ...{ 'message/feedback-report': 'feedback-report.txt', 'text/calendar': 'invitation.ics' },
  ...{ 'application/ics': 'invitation.ics', 'application/ms-tnef': 'winmail.dat', 'text/vcard': 'contact.vcf' },
  ...{ 'application/pkcs7-mime': 'smime.p7m', 'application/x-pkcs7-mime': 'smime.p7m' },
  ...{ 'application/pkcs7-signature': 'smime.p7s', 'application/x-pkcs7-signature': 'smime.p7s' },
  ...{ 'application/pgp-signature': 'signature.asc', 'application/pgp-encrypted': 'version.asc' },
  ...{ 'application/pdf': 'file.pdf', 'text/plain': 'text.txt', 'text/html': 'page.html', 'text/csv': 'table.csv' },
  ...{ 'image/jpeg': 'image.jpg', 'image/svg+xml': 'image.svg', 'audio/mpeg': 'audio.mp3', 'audio/mp4': 'audio.m4a' },
};

/** The last part of a path, without anything that acts; a name by the type of the file where there is none. */
export function fileName(given: string | null, mediaType: string): string {
  const last = (given ?? '').normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const plain = last
    .replace(/\s+/gu, ' ')
    .replace(FORBIDDEN, '')
    .replace(/^[. ]+|[. ]+$/g, '')
    .replace(DEVICE, '_$&');
  return plain === '' ? nameByType(mediaType) : shortened(plain);
}

function nameByType(mediaType: string): string {
  const known = NAMES[mediaType];
  if (known !== undefined) return known;
  const [kind = '', subtype = ''] = mediaType.split('/');
  if (MEDIA_KINDS.includes(kind) && /^[a-z0-9]{2,8}$/.test(subtype)) return `${kind}.${subtype}`;
  return kind === 'multipart' ? 'part.eml' : 'file.bin';
}

const MEDIA_KINDS = ['image', 'audio', 'video', 'font'];

/** Keeps the extension: programs and people go by it. */
function shortened(name: string): string {
  if (name.length <= NAME_CHARS_MAX) return name;
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= EXTENSION_CHARS_MAX ? name.slice(dot) : '';
  return (
    name
      .slice(0, NAME_CHARS_MAX - extension.length)
      .toWellFormed()
      .replaceAll('\ufffd', '') + extension
  );
}
