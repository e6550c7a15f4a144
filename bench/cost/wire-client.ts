/** The process between the functions and AWS, from this side. */
import { fork } from 'node:child_process';
import type { Meter } from './meter.ts';
import type { WireReport } from './wire.ts';

export class Wire {
  readonly url: string;
  readonly #process: ReturnType<typeof fork>;

  private constructor(process: ReturnType<typeof fork>, url: string) {
    this.#process = process;
    this.url = url;
  }

  /** Tells the meter of every call from then on. @param endpoint where calls are handed on to */
  static async open(endpoint: string, meter: Meter): Promise<Wire> {
    const process = fork(new URL('./wire.ts', import.meta.url), [endpoint]);
    const url = await new Promise<string>((resolve) => {
      process.once('message', (report: WireReport) => resolve((report as { url: string }).url));
    });
    process.on('message', (report: WireReport) => {
      if (typeof report === 'object' && 'operation' in report) meter.note(report);
    });
    return new Wire(process, url);
  }

  /** Resolves once the meter has heard of every call that was answered before. */
  all(): Promise<void> {
    return new Promise((resolve) => {
      const listen = (report: WireReport): void => {
        if (report !== 'all') return;
        this.#process.off('message', listen);
        resolve();
      };
      this.#process.on('message', listen).send('all');
    });
  }

  close(): void {
    this.#process.disconnect();
  }
}
