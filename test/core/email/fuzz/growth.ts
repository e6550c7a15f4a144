/** The worst shapes of a mail, each at three sizes: what they cost, and how that grows. */
import { displayHtml } from '../../../../core/email/display.ts';
import { classify } from '../../../../core/email/machine/classify.ts';
import { readMail } from '../../../../core/email/received/read-mail.ts';
import { parseForward } from '../../../../core/email/written/forward.ts';
import { parseReply } from '../../../../core/email/written/reply.ts';

const HEAD = 'From: MAILER-DAEMON@x.example\r\nSubject: Undeliverable\r\n';
const SIZES = [7.5e6, 15e6, 30e6];
const HTML_SIZES = [256e3, 512e3, 1024e3];

/** A head, something over and over, an end. */
const SHAPES: Record<string, [head: string, stretch: string, end?: string]> = {
  lines: ['\r\n', 'some words\r\n'],
  emptyLines: ['\r\n', '\n'],
  flowedLines: ['Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\n', 'words \r\n'],
  base64: ['Content-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\n', `${'QUJD'.repeat(19)}\r\n`],
  base64Padded: ['Content-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\n', 'A='],
  quotedPrintable: ['Content-Type: a/b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n', '=C3='],
  quotedSpaces: ['Content-Type: a/b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n', ' ='],
  uuencode: ['Content-Type: a/b\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 x\n', `M${'A'.repeat(60)}\n`],
  parts: ['Content-Type: multipart/mixed; boundary=b\r\n\r\n', '--b\r\n\r\nhi\r\n'],
  dashes: ['Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n', '--\n'],
  nested: ['', 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n'],
  fields: ['', 'X-A: b\r\n', '\r\nhi'],
  foldedField: ['To:', ' a@b.example,\r\n', '\r\nhi'],
  longField: ['To: ', '"x" <a@b.example>, ', '\r\n\r\nhi'],
  parameters: ['Content-Type: a/b', '; x*0*=%41', '\r\n\r\nhi'],
  openEncodedWord: ['Subject: =?utf-8?q?', '\xff', '\r\n\r\nhi'],
  encodedWords: ['Subject: ', '=?utf-8?q?=41?=', '\r\n\r\nhi'],
  verdicts: ['Authentication-Results: a;', ' dkim=pass ((', '\r\n\r\nhi'],
  recipients: [
    'Content-Type: message/delivery-status\r\n\r\n',
    'Final-Recipient: rfc822; a@b.example\r\nStatus: 5.0.0\r\n\r\n',
  ],
  addressesInWords: ['\r\n', 'a@b.example could not be delivered to the following recipient: x@y.example '],
  quoteMarks: ['\r\nOn Monday, Nora wrote:\r\n', '>'],
  quotedLines: ['\r\nOn Monday, Nora wrote:\r\n', '> \r\n'],
  spacesInWords: ['\r\n', ' '],
  dotsInWords: ['\r\n', 'user unknown not . '],
};

const HTML_SHAPES: Record<string, string> = {
  ...{
    div: '<div>',
    unknown: '<x>',
    list: '<ul><li>',
    paragraphs: '<p>a',
    ends: '</p>',
    bold: '<b>a',
    table: '<table><td>',
  },
  ...{
    angle: '<',
    entities: '&amp;',
    comments: '<!--',
    scripts: '<script>',
    links: '<a href="https://a.example/">a</a>',
  },
  ...{ images: '<img src="https://a.example/">', styles: '<p style="color:red;margin:0 1px">a</p>', spaces: ' ' },
};

export function growth(tell: (line: string) => void): void {
  const mailCost = (bytes: Buffer) =>
    cpuMs(() => {
      const mail = readMail(bytes);
      if ('unreadable' in mail) return;
      classify(mail);
      parseReply(mail.text ?? '', { signature: 'strip' });
      parseForward(mail.text ?? '', mail.subject);
    });
  for (const [name, [head, stretch, end = '']] of Object.entries(SHAPES)) {
    tell(
      row(name, SIZES, (size) =>
        mailCost(Buffer.from(HEAD + head + stretch.repeat(size / stretch.length) + end, 'latin1')),
      ),
    );
  }
  const display = { ownImages: new Map<string, string>(), remoteImages: false };
  for (const [name, stretch] of Object.entries(HTML_SHAPES)) {
    const shown = (size: number) => cpuMs(() => displayHtml(stretch.repeat(size / stretch.length), display));
    tell(row(`html ${name}`, HTML_SIZES, shown));
  }
}

function row(name: string, sizes: number[], cost: (size: number) => number): string {
  cost((sizes[0] ?? 0) / 4); // so that what is measured is compiled
  const costs = sizes.map((size) => Math.min(cost(size), cost(size)));
  const cells = costs.map((ms, index) => {
    const before = costs[index - 1];
    return `${ms.toFixed(0).padStart(6)} ms${before === undefined ? '' : ` x${(ms / before).toFixed(1)}`}`;
  });
  return `${name.padEnd(20)}${cells.join('  ')}`;
}

function cpuMs(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}
