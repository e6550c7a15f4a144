/**
 * SES as the functions see it: keeps every mail it is given, and hands the call on to the emulator as it came, whose
 * IAM says whether it may be made. On demand it refuses a mail, or breaks off after it took one.
 *
 *   POST /v2/email/outbound-emails   SendEmail
 *   GET  /mails?to=                  what was taken, oldest first
 *   POST /troubles {to, trouble}     what the next mail to an address meets
 */
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** `broken-off`: taken, and the connection ends before the answer. The others are refused: for now, or for good. */
export type Trouble = 'throttled' | 'rejected' | 'broken-off';

/** How SES v2 says so (API reference, SendEmail, "Errors"). */
const REFUSALS: Partial<Record<Trouble, { status: number; type: string }>> = {
  throttled: { status: 429, type: 'TooManyRequestsException' },
  rejected: { status: 400, type: 'MessageRejected' },
};

/** A mail as SES was asked to send it. */
export interface RecordedMail {
  to: string;
  from: string;
  subject: string;
  text: string;
  html: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  tags: Record<string, string>;
  configurationSet: string;
  attachments: { name: string; mediaType: string; base64: string }[];
  /** What SES calls it; empty where it did not say. */
  messageId: string;
}

/** What SendEmail's body has of it. */
interface SendEmail {
  FromEmailAddress: string;
  Destination: { ToAddresses: string[] };
  ReplyToAddresses?: string[];
  ConfigurationSetName?: string;
  EmailTags?: { Name: string; Value: string }[];
  Content: {
    Simple: {
      Subject: { Data: string };
      Body: { Text: { Data: string }; Html: { Data: string } };
      Headers?: { Name: string; Value: string }[];
      Attachments?: { FileName: string; ContentType: string; RawContent: string }[];
    };
  };
}

export class MailRecorder {
  readonly #server: Server;
  readonly #mails: RecordedMail[] = [];
  readonly #troubles: { to: string; trouble: Trouble }[] = [];
  readonly #emulatorPort: number;

  private constructor(emulatorPort: number) {
    this.#emulatorPort = emulatorPort;
    this.#server = createServer((asked, answer) => {
      this.#handle(asked, answer).catch((failure) => answer.destroy(failure));
    });
  }

  static async open(emulatorPort: number): Promise<MailRecorder> {
    const recorder = new MailRecorder(emulatorPort);
    await new Promise<void>((resolve) => recorder.#server.listen(0, '127.0.0.1', resolve));
    return recorder;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #handle(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await bytesOf(asked);
    const { pathname, searchParams } = new URL(asked.url ?? '/', this.url);
    if (pathname === '/mails') {
      const to = searchParams.get('to');
      reply(answer, 200, JSON.stringify(this.#mails.filter((mail) => to === null || mail.to === to)));
    } else if (pathname === '/troubles') {
      this.#troubles.push(JSON.parse(body.toString()));
      reply(answer, 204);
    } else await this.#send(asked, body, answer);
  }

  async #send(asked: IncomingMessage, body: Buffer, answer: ServerResponse): Promise<void> {
    const mail = mailOf(JSON.parse(body.toString()));
    const trouble = this.#troubleFor(mail.to);
    const refusal = trouble === undefined ? undefined : REFUSALS[trouble];
    if (refusal !== undefined) {
      answer.setHeader('x-amzn-errortype', refusal.type);
      return reply(answer, refusal.status, JSON.stringify({ message: 'Refused on demand.' }));
    }
    const heard = await this.#handOn(asked, body);
    if (heard.status === 200) this.#mails.push({ ...mail, messageId: JSON.parse(heard.body).MessageId });
    if (trouble === 'broken-off') {
      asked.socket.destroy();
      return;
    }
    if (heard.error !== undefined) answer.setHeader('x-amzn-errortype', heard.error);
    reply(answer, heard.status, heard.body);
  }

  #troubleFor(to: string): Trouble | undefined {
    const index = this.#troubles.findIndex((one) => one.to === to);
    return index < 0 ? undefined : this.#troubles.splice(index, 1)[0]?.trouble;
  }

  /** With the headers as they were signed, the name of this host among them. */
  #handOn({ method, url, headers }: IncomingMessage, body: Buffer) {
    return new Promise<{ status: number; error: string | undefined; body: string }>((resolve, fail) => {
      const told = request(
        { host: '127.0.0.1', port: this.#emulatorPort, method, path: url, headers },
        async (heard) => {
          const error = heard.headers['x-amzn-errortype'];
          resolve({
            status: heard.statusCode ?? 0,
            error: Array.isArray(error) ? error[0] : error,
            body: (await bytesOf(heard)).toString(),
          });
        },
      );
      told.on('error', fail).end(body);
    });
  }
}

function mailOf({ FromEmailAddress, Destination, ConfigurationSetName, Content, ...more }: SendEmail) {
  const { EmailTags = [], ReplyToAddresses = [] } = more;
  const { Subject, Body, Headers = [], Attachments = [] } = Content.Simple;
  return {
    to: addressIn(Destination.ToAddresses[0] ?? ''),
    from: FromEmailAddress,
    subject: Subject.Data,
    text: Body.Text.Data,
    html: Body.Html.Data,
    headers: {
      ...Object.fromEntries(Headers.map(({ Name, Value }) => [Name.toLowerCase(), Value])),
      // SES makes a header of it.
      ...(ReplyToAddresses[0] === undefined ? {} : { 'reply-to': ReplyToAddresses[0] }),
    },
    tags: Object.fromEntries(EmailTags.map(({ Name, Value }) => [Name, Value])),
    configurationSet: ConfigurationSetName ?? '',
    attachments: Attachments.map(({ FileName, ContentType, RawContent }) => {
      return { name: FileName, mediaType: ContentType, base64: RawContent };
    }),
  };
}

/** Of `"Cleo" <c1@example.com>`, the address. */
function addressIn(text: string): string {
  return /<([^>]+)>$/.exec(text)?.[1] ?? text;
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function reply(answer: ServerResponse, status: number, body = ''): void {
  answer.writeHead(status, { 'content-type': 'application/json' }).end(body);
}
