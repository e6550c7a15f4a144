/** Bytes to text, by the name that a mail gives its charset. */

/** Names that mails use and the WHATWG Encoding Standard does not list, without punctuation. */
const ALIASES: Record<string, string> = {
  ...{ cp932: 'shift_jis', windows932: 'shift_jis', shiftjis: 'shift_jis', xsjis: 'shift_jis', mskanji: 'shift_jis' },
  ...{ eucjp: 'euc-jp', xeucjp: 'euc-jp', cp51932: 'euc-jp' },
  ...{ iso2022jp: 'iso-2022-jp', iso2022jp1: 'iso-2022-jp', iso2022jp2: 'iso-2022-jp', iso2022jpms: 'iso-2022-jp' },
  ...{ cp50220: 'iso-2022-jp', cp50221: 'iso-2022-jp', cp50222: 'iso-2022-jp' },
  ...{ cp936: 'gbk', windows936: 'gbk', xgbk: 'gbk', gb2312: 'gbk', gb18030: 'gb18030', euccn: 'gbk' },
  ...{ cp949: 'euc-kr', ms949: 'euc-kr', uhc: 'euc-kr', euckr: 'euc-kr', ksc56011987: 'euc-kr', ksc5601: 'euc-kr' },
  ...{ cp950: 'big5', big5hkscs: 'big5', xbig5: 'big5', big5eten: 'big5' },
  ...{ tis620: 'windows-874', cp874: 'windows-874', ansix341968: 'utf-8', ascii: 'utf-8', usascii: 'utf-8' },
  ...{ '7bit': 'utf-8', '8bit': 'utf-8', iso646us: 'utf-8', ansi: 'windows-1252', latin1: 'windows-1252' },
  ...{ latin2: 'iso-8859-2', latin9: 'iso-8859-15', utf8mb4: 'utf-8', unicode11utf8: 'utf-8', utf7: 'utf-7' },
};

type Decoder = InstanceType<typeof TextDecoder>;
const decoders = new Map<string, Decoder>();

/**
 * Text is what its label says, as browsers read labels (so that iso-8859-1 is windows-1252). Text without a label, or
 * with one nobody knows, is UTF-8. Bytes that are not of the charset become U+FFFD. A byte order mark goes.
 */
export function textOfBytes(bytes: Uint8Array, label: string | null): string {
  const name = (label ?? '').trim().toLowerCase();
  const bare = name.replace(/[^a-z0-9]/g, '').replace(/^cs(?=iso|euc|shift|big|ksc|utf|windows)/, '');
  const known = ALIASES[bare];
  if (known === 'utf-7') return textOfUtf7(bytes);
  return (decoderOf(known ?? name) ?? decoderOf(dashed(bare)) ?? new TextDecoder()).decode(bytes);
}

/** `iso88591` and `windows1252`, `cp1252` as the standard writes them. */
function dashed(bare: string): string {
  return bare
    .replace(/^(?:x?iso)?8859(\d+).*$/, 'iso-8859-$1')
    .replace(/^x?(?:windows|win|cp|ms)(\d+)$/, 'windows-$1')
    .replace(/^x?koi8(.*)$/, 'koi8-$1')
    .replace(/^utf(\d+)(..)?$/, 'utf-$1$2');
}

function decoderOf(label: string): Decoder | null {
  const known = decoders.get(label);
  if (known !== undefined) return known;
  try {
    const decoder = new TextDecoder(label);
    decoders.set(label, decoder);
    return decoder;
  } catch {
    return null; // and not remembered: a stranger may name any number of charsets
  }
}

/** RFC 2152: runs of base64 of UTF-16 between + and -. No browser reads it any more; old mail programs write it. */
function textOfUtf7(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/\+([A-Za-z0-9+/]*)-?/g, (_, run: string) => {
      if (run === '') return '+';
      const utf16 = Buffer.from(run, 'base64');
      return new TextDecoder('utf-16be').decode(utf16.subarray(0, utf16.length & ~1));
    });
}
