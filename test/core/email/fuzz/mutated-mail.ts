/** Mails that no program would write: those of `seed-mails.ts`, broken by chance from a seed. */
import { Random } from '../../../support/random.ts';
import { seedMails } from '../seed-mails.ts';

const MUTATIONS_MAX = 8;
/** So much longer than its seed may a mail become. */
const ADDED_BYTES_MAX = 64 * 1024;

/** What mails are made of, and what sanitisers have stumbled over. */
const TOKENS = [
  ...[
    '\r\n',
    '\r\n\r\n',
    '\n',
    '\r',
    ' ',
    '\t',
    '\0',
    '\xff',
    '\xc3',
    '=',
    '=\r\n',
    '=?utf-8?q?',
    '=?iso-2022-jp?b?',
    '?=',
  ],
  ...[
    '--b',
    '--a',
    '--b--',
    '--',
    '\r\n--b\r\n',
    '\r\n--a--\r\n',
    '\r\n--b\r\n\r\n--b\r\n',
    'boundary=b',
    'boundary="',
    ';',
  ],
  ...[
    'Content-Type: multipart/mixed; boundary=b\r\n',
    'Content-Type: text/html\r\n',
    'Content-Type: message/rfc822\r\n',
  ],
  ...['Content-Type: message/delivery-status\r\n', 'Content-Transfer-Encoding: base64\r\n', 'Content-ID: <pic@x>\r\n'],
  ...[
    'Content-Disposition: attachment; filename="../../a"\r\n',
    "filename*0*=utf-8'",
    'From: <',
    'To: a:b@c;',
    'Subject: ',
  ],
  ...[
    '<p>',
    '</p>',
    '<div>',
    '</div>',
    '<table><td>',
    '</table>',
    '<svg>',
    '</svg>',
    '<math><mtext>',
    '<style>',
    '</style>',
  ],
  ...[
    '<script>',
    '</script>',
    '<!--',
    '-->',
    '--!>',
    '<![CDATA[',
    ']]>',
    '<title>',
    '</title>',
    '<textarea>',
    '<noscript>',
  ],
  ...[
    '<img src=x onerror=x>',
    '<a href="javascript:x">',
    '<img src="cid:pic@x">',
    '<img src=https://t.example/a>',
    '<base href=x>',
  ],
  ...[
    ' style="background:url(x)"',
    ' style="color:red',
    ' onclick="x"',
    '"',
    "'",
    '<',
    '>',
    '&',
    '&lt;',
    '&#x3c;',
    '&#0;',
  ],
  ...[
    '> ',
    '>>',
    'On Mon, 23 Nov 2026, Nora <nora@x.example> wrote:\r\n',
    '-----Original Message-----\r\n',
    '-- \r\n',
    'From: a\r\n',
  ],
];
const CHARSETS = [
  'utf-8',
  'us-ascii',
  'iso-8859-1',
  'iso-2022-jp',
  'shift_jis',
  'gb18030',
  'euc-kr',
  'utf-16le',
  'utf-7',
  'x',
];
const ENCODINGS = ['base64', 'quoted-printable', '7bit', '8bit', 'binary', 'x-uuencode', 'x'];

type Mutation = (bytes: Buffer, random: Random) => Buffer;

export const mutations: Record<string, Mutation> = {
  flippedBits: (bytes, random) => {
    const flipped = Buffer.from(bytes);
    for (let count = 1 + random.below(10); count > 0 && flipped.length > 0; count -= 1) {
      const at = random.below(flipped.length);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << random.below(8));
    }
    return flipped;
  },
  truncated: (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  beheaded: (bytes, random) => bytes.subarray(random.below(bytes.length + 1)),
  withoutLine: (bytes, random) => withLines(bytes, (lines) => lines.toSpliced(random.below(lines.length), 1)),
  withLineTwice: (bytes, random) =>
    withLines(bytes, (lines) => lines.toSpliced(random.below(lines.length), 0, random.pick(lines))),
  withLinesSwapped: (bytes, random) =>
    withLines(bytes, (lines) => {
      const [one, other] = [random.below(lines.length), random.below(lines.length)];
      return lines.with(one, lines[other] ?? '').with(other, lines[one] ?? '');
    }),
  withToken: (bytes, random) => inserted(bytes, random, Buffer.from(random.pick(TOKENS), 'latin1')),
  withTokens: (bytes, random) => {
    const tokens = Array.from({ length: 2 + random.below(20) }, () => random.pick(TOKENS));
    return inserted(bytes, random, Buffer.from(tokens.join(''), 'latin1'));
  },
  withNoise: (bytes, random) =>
    inserted(bytes, random, Buffer.from(Array.from({ length: 1 + random.below(40) }, () => random.below(256)))),
  withTokenWithoutEnd: (bytes, random) => {
    const token = random.pick(TOKENS);
    const times = random.below(Math.floor(ADDED_BYTES_MAX / token.length));
    return inserted(bytes, random, Buffer.from(token.repeat(times), 'latin1'));
  },
  withStretchWithoutEnd: (bytes, random) => {
    const from = random.below(bytes.length + 1);
    const stretch = bytes.subarray(from, from + 1 + random.below(200)).toString('latin1');
    const times = stretch === '' ? 0 : random.below(Math.floor(ADDED_BYTES_MAX / stretch.length));
    return inserted(bytes, random, Buffer.from(stretch.repeat(times), 'latin1'));
  },
  inOtherCharset: (bytes, random) => replaced(bytes, /charset="?[\w-]+/gi, () => `charset=${random.pick(CHARSETS)}`),
  inOtherEncoding: (bytes, random) =>
    replaced(bytes, /(?<=transfer-encoding: *)[\w-]+/gi, () => random.pick(ENCODINGS)),
  withBoundariesAlike: (bytes) => replaced(bytes, /(?<=boundary=)a|(?<=--)a(?=\b)/g, () => 'b'),
  spliced: (bytes, random) => {
    const other = Buffer.from(random.pick(Object.values(seedMails)));
    return inserted(bytes, random, other.subarray(random.below(other.length), random.below(other.length + 1)));
  },
};

/** The mail of a seed: the same every time. */
export function mutatedMail(seed: number): Buffer {
  const random = new Random(seed);
  let bytes = Buffer.from(random.pick(Object.values(seedMails)));
  for (let count = random.below(MUTATIONS_MAX + 1); count > 0; count -= 1) {
    bytes = Buffer.from(random.pick(Object.values(mutations))(bytes, random));
  }
  return bytes;
}

function inserted(bytes: Buffer, random: Random, what: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), what, bytes.subarray(at)]);
}

function withLines(bytes: Buffer, change: (lines: string[]) => string[]): Buffer {
  return Buffer.from(change(bytes.toString('latin1').split('\n')).join('\n'), 'latin1');
}

function replaced(bytes: Buffer, pattern: RegExp, by: () => string): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(pattern, by), 'latin1');
}
