import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { log } from '../../../lambdas/runtime/log.ts';
import { metrics, withMetrics } from '../../../lambdas/runtime/metrics.ts';
import { printedLines } from '../../support/printed.ts';

let printed: () => string[];
beforeEach(() => {
  printed = printedLines();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** The one line that a function printed. */
function onlyLine() {
  expect(printed()).toHaveLength(1);
  return JSON.parse(printed()[0] ?? '');
}

describe('metrics', () => {
  it('are one line in the embedded metric format, each with its unit, all of our service', async () => {
    const result = await withMetrics(async () => {
      metrics('MailsSent', 1);
      metrics('CommandAgeMs', 12.5);
      metrics('FirstReplySeconds', 3_600);
      return 'done';
    });
    expect(result).toBe('done');
    const line = onlyLine();
    const [directive, ...more] = line._aws.CloudWatchMetrics;
    expect(more).toEqual([]);
    expect(directive).toEqual({
      Namespace: 'Meanwhile',
      Dimensions: [['service']],
      Metrics: [
        { Name: 'MailsSent', Unit: 'Count' },
        { Name: 'CommandAgeMs', Unit: 'Milliseconds' },
        { Name: 'FirstReplySeconds', Unit: 'Seconds' },
      ],
    });
    expect(line._aws.Timestamp).toEqual(expect.any(Number));
    // Nothing but the numbers and the service: no id of a request, a thread or a business.
    const { _aws, ...values } = line;
    expect(values).toEqual({ service: 'meanwhile', MailsSent: 1, CommandAgeMs: 12.5, FirstReplySeconds: 3_600 });
  });

  it('keep every value of a name, up to what one line may hold, and lose none of more', async () => {
    await withMetrics(async () => {
      for (let value = 1; value <= 250; value += 1) metrics('CommandAgeMs', value);
    });
    const values = printed().flatMap((line) => JSON.parse(line).CommandAgeMs);
    expect(values).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
    for (const line of printed()) expect([JSON.parse(line).CommandAgeMs].flat().length).toBeLessThanOrEqual(100);
  });

  it('are written also where the work fails, and not a second time by the next', async () => {
    const failing = withMetrics(async () => {
      metrics('SetAsides', 1);
      throw new RangeError('broken');
    });
    await expect(failing).rejects.toThrow(RangeError);
    await withMetrics(async () => metrics('SetAsides', 2));
    expect(printed().map((line) => JSON.parse(line).SetAsides)).toEqual([1, 2]);
  });

  it('are no line at all where nothing was counted', async () => {
    await withMetrics(async () => {});
    expect(printed()).toEqual([]);
  });
});

describe('the log', () => {
  it('is a line of JSON each, with its level as Lambda filters by it', () => {
    vi.useFakeTimers({ now: Date.parse('2026-11-23T11:00:00Z') });
    log('warn', 'mail.deferred', { send: 'snd_1', attempt: 2, isTry: false, detail: null });
    expect(onlyLine()).toEqual({
      ...{ timestamp: '2026-11-23T11:00:00.000Z', level: 'WARN', event: 'mail.deferred' },
      ...{ send: 'snd_1', attempt: 2, isTry: false, detail: null },
    });
  });
});
