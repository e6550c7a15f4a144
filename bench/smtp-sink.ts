/** A mail server that takes everything and only notes when: in a process of its own, so that its work is not ours. */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface SinkReport {
  /** Where it listens; in the first report only. */
  url?: string;
  /** Arrivals since the last report: first recipient, and when, in ms since the epoch. */
  arrived: [to: string, at: number][];
}

const REPORT_MS = 20;
let arrived: SinkReport['arrived'] = [];

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  logger: false,
  onData: (stream, session, done) => {
    stream.on('data', () => {});
    stream.on('end', () => {
      arrived.push([session.envelope.rcptTo[0]?.address ?? '', performance.timeOrigin + performance.now()]);
      done();
    });
  },
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.server.address() as AddressInfo;
  process.send?.({ url: `smtp://127.0.0.1:${port}`, arrived: [] } satisfies SinkReport);
});
setInterval(() => {
  if (arrived.length === 0) return;
  process.send?.({ arrived } satisfies SinkReport);
  arrived = [];
}, REPORT_MS);
process.on('disconnect', () => process.exit(0));
