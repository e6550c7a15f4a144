/** What every wait queue, mail-out, blob store, secrets, policies, rate limiter and clock does. */
import { describe, expect, it } from 'vitest';
import type { Blobs, Clock, MailOut, Policies, RateLimiter, Secrets, WaitQueue } from '../../core/ports.ts';
import type { DueThread } from '../../core/thread/commit.ts';
import { aPolicy, aThreadId, DAY, defaultPolicy, HOUR, MINUTE, MONDAY } from '../builders.ts';
import { eventually } from '../support/eventually.ts';
import { aMail } from './effects.ts';

/** A timer whose wait is over, and when it was brought. */
export interface Over {
  timer: DueThread;
  at: number;
}

export interface WaitQueueHarness {
  waits: WaitQueue;
  now(): number;
  over(): Promise<Over[]>;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
  /** How late a timer may be brought: a second, where time itself does not depend on how busy the machine is. */
  lateMsMax: number;
}

export function waitQueueContract(name: string, make: () => Promise<WaitQueueHarness>): void {
  describe(`${name} as a wait queue`, () => {
    const aTimer = (dueAt = MONDAY) => ({ thread: aThreadId(), dueAt, generation: 3 });
    /** The same timer may come more than once: each at its first coming. */
    const firstComings = (all: Over[]) =>
      all.filter(({ timer }, index) => all.findIndex((one) => one.timer.thread === timer.thread) === index);

    it('brings each timer once its delay is over: not before, at the latest a second after', async () => {
      const { waits, now, over, pass, lateMsMax } = await make();
      const delays = [2_000, 1_000, 0];
      const timers = delays.map((delay) => aTimer(MONDAY + delay));
      const putAt = now();
      await waits.put(timers.map((timer, index) => ({ timer, delayMs: delays[index] ?? 0 })));
      await pass(3_000);
      await eventually(async () => expect(firstComings(await over())).toHaveLength(timers.length));
      for (const { timer, at } of firstComings(await over())) {
        expect(timers).toContainEqual(timer);
        const delay = timer.dueAt - MONDAY;
        expect(at - putAt).toBeGreaterThanOrEqual(delay);
        expect(at - putAt).toBeLessThanOrEqual(delay + lateMsMax);
      }
    });

    it('brings a timer again that is put with another generation, and may take one put twice for one', async () => {
      const { waits, over, pass } = await make();
      const timer = aTimer();
      await waits.put([{ timer, delayMs: 1_000 }]);
      await waits.put([{ timer, delayMs: 1_000 }]);
      await waits.put([{ timer: { ...timer, generation: 4 }, delayMs: 1_000 }]);
      await pass(2_000);
      await eventually(async () => expect((await over()).map((one) => one.timer.generation)).toContain(4));
    });

    it('brings all of many', async () => {
      const { waits, over, pass } = await make();
      const timers = Array.from({ length: 25 }, () => aTimer());
      await waits.put(timers.map((timer) => ({ timer, delayMs: 0 })));
      await pass(1_000);
      const threads = async () => new Set((await over()).map(({ timer }) => timer.thread));
      await eventually(async () => expect(await threads()).toEqual(new Set(timers.map(({ thread }) => thread))));
    });
  });
}

export interface MailOutHarness {
  mailOut: MailOut;
  received(): Promise<{ to: string[]; subject: string; text: string; html: string; headers: Record<string, string> }[]>;
}

export function mailOutContract(name: string, make: () => Promise<MailOutHarness>): void {
  describe(`${name} as a way out for mail`, () => {
    it('sends a mail as it was composed', async () => {
      const { mailOut, received } = await make();
      const id = 'snd_acme_1_1_reply';
      expect(await mailOut.send({ id, attempt: 1 }, aMail(id))).toMatchObject({
        result: 'sent',
        providerId: expect.any(String),
      });
      await eventually(async () => expect(await received()).toHaveLength(1));
      const [arrived] = await received();
      expect(arrived).toMatchObject({ to: ['c1@example.com'], subject: 'Re: Ümläut' });
      expect(arrived?.text.trim()).toBe('Hello 😀');
      expect(arrived?.html.trim()).toBe('<p>Hello 😀</p>');
      expect(arrived?.headers).toMatchObject({ 'auto-submitted': 'auto-replied' });
    });
  });
}

export interface BlobsHarness {
  blobs: Blobs;
  upload(url: string, headers: Record<string, string>, bytes: Uint8Array): Promise<number>;
  download(url: string): Promise<Uint8Array>;
  now: number;
}

export function blobsContract(name: string, make: () => Promise<BlobsHarness>): void {
  const BYTES = new Uint8Array([0, 1, 2, 255]);
  const INFO = { name: 'Ümläut & "x".png', mediaType: 'image/png', bytes: 4 };

  describe(`${name} as blobs`, () => {
    it('gives back what was put, and overwrites', async () => {
      const { blobs } = await make();
      expect(await blobs.get('threads/a/b')).toBeUndefined();
      await blobs.put('threads/a/b', BYTES, 'application/json');
      await blobs.put('threads/a/b', new Uint8Array([9]), 'application/json');
      expect(Buffer.from((await blobs.get('threads/a/b')) ?? [])).toEqual(Buffer.from([9]));
    });

    it('takes an upload by its URL, and knows it only then', async () => {
      const { blobs, upload, now } = await make();
      const { url, headers } = await blobs.uploadUrl('pending/att1', INFO, now + HOUR);
      expect(await blobs.describe('pending/att1')).toBeUndefined();
      expect(await upload(url, headers, BYTES)).toBe(200);
      expect(await blobs.describe('pending/att1')).toEqual(INFO);
    });

    it('takes no upload of another length', async () => {
      const { blobs, upload, now } = await make();
      const { url, headers } = await blobs.uploadUrl('pending/att2', INFO, now + HOUR);
      expect(await upload(url, headers, new Uint8Array(5))).toBeGreaterThanOrEqual(400);
      expect(await blobs.describe('pending/att2')).toBeUndefined();
    });

    it('leaves alone what was copied there before', async () => {
      const { blobs } = await make();
      await blobs.put('pending/att4', new Uint8Array([1]), 'text/plain');
      expect(await blobs.copy('pending/att4', 'threads/t/att4')).toBe(true);
      await blobs.put('pending/att4', new Uint8Array([2]), 'text/plain');
      expect(await blobs.copy('pending/att4', 'threads/t/att4')).toBe(true);
      expect(Buffer.from((await blobs.get('threads/t/att4')) ?? [])).toEqual(Buffer.from([1]));
    });

    it('copies with the description, again without harm, and says where there is nothing', async () => {
      const { blobs, upload, download, now } = await make();
      const { url, headers } = await blobs.uploadUrl('pending/att3', INFO, now + HOUR);
      await upload(url, headers, BYTES);
      expect(await blobs.copy('pending/att3', 'threads/t/att3')).toBe(true);
      expect(await blobs.copy('pending/att3', 'threads/t/att3')).toBe(true);
      expect(await blobs.copy('pending/none', 'threads/t/none')).toBe(false);
      expect(await blobs.describe('threads/t/att3')).toEqual(INFO);
      expect(Buffer.from(await download(await blobs.downloadUrl('threads/t/att3', now + HOUR)))).toEqual(
        Buffer.from(BYTES),
      );
    });
  });
}

export function secretsContract(name: string, make: () => Promise<Secrets>): void {
  describe(`${name} as secrets`, () => {
    it('has keys for a business that is served, always the same, and none for others', async () => {
      const secrets = await make();
      const acme = await secrets.of('acme');
      expect(acme?.idKey.length).toBeGreaterThanOrEqual(32);
      expect(acme?.customerKeys.length).toBeGreaterThan(0);
      expect(await secrets.of('acme')).toEqual(acme);
      expect(await secrets.refreshed('acme')).toEqual(acme);
      expect(await secrets.of('nobody')).toBeUndefined();
    });
  });
}

export function policiesContract(name: string, make: () => Promise<Policies>): void {
  describe(`${name} as policies, serving the default one`, () => {
    it('tells the current version of each business', async () => {
      const policies = await make();
      expect(policies.businesses()).toEqual(['acme']);
      expect(policies.trusting('https://login.acme.example')).toEqual(['acme']);
      expect(policies.trusting('https://elsewhere.example')).toEqual([]);
      expect(policies.current('acme')?.hash).toBe(defaultPolicy.hash);
      expect(policies.current('other')).toBeUndefined();
    });

    it('keeps earlier versions that were used', async () => {
      const policies = await make();
      const earlier = aPolicy({ closeAfter: '9d' });
      expect(await policies.version('acme', earlier.hash)).toBeUndefined();
      await policies.keep(earlier);
      await policies.keep(earlier);
      expect((await policies.version('acme', earlier.hash))?.source).toEqual(earlier.source);
      expect(await policies.version('other', earlier.hash)).toBeUndefined();
    });
  });
}

export function rateLimiterContract(name: string, make: () => Promise<RateLimiter>): void {
  const RATE = { perMinute: 30, burst: 3 };

  describe(`${name} as a rate limiter`, () => {
    it('lets the burst through, then one as often as the rate says', async () => {
      const limiter = await make();
      const take = (now: number) => limiter.take('acme a', RATE, 1, now);
      expect((await take(MONDAY)).remaining).toBe(2);
      await take(MONDAY);
      expect(await take(MONDAY)).toEqual({ isAllowed: true, remaining: 0, resetSeconds: 6 });
      expect(await take(MONDAY)).toEqual({ isAllowed: false, remaining: 0, resetSeconds: 2 });
      expect((await take(MONDAY + 1_999)).isAllowed).toBe(false);
      expect((await take(MONDAY + 2_000)).isAllowed).toBe(true);
      expect((await take(MONDAY + DAY)).remaining).toBe(2);
    });

    it('tells callers apart, and looks without taking', async () => {
      const limiter = await make();
      await limiter.take('acme b', RATE, 1, MONDAY);
      expect((await limiter.take('acme c', RATE, 0, MONDAY)).remaining).toBe(3);
      expect((await limiter.take('acme b', RATE, 0, MONDAY)).remaining).toBe(2);
      expect((await limiter.take('acme b', RATE, 0, MONDAY)).remaining).toBe(2);
    });

    it('never lets more through than burst and rate allow, whenever they come', async () => {
      const limiter = await make();
      let allowed = 0;
      for (let ms = 0; ms <= 10 * MINUTE; ms += 777) {
        if ((await limiter.take('acme d', RATE, 1, MONDAY + ms)).isAllowed) allowed += 1;
      }
      expect(allowed).toBeLessThanOrEqual(3 + 300);
      expect(allowed).toBeGreaterThanOrEqual(300);
    });
  });
}

export function clockContract(name: string, make: () => Clock): void {
  describe(`${name} as a clock`, () => {
    it('tells whole milliseconds and never goes back', () => {
      const clock = make();
      const first = clock.now();
      expect(Number.isSafeInteger(first)).toBe(true);
      expect(clock.now()).toBeGreaterThanOrEqual(first);
    });
  });
}
