/** What every implementation of lanes does, seen from both ends: sending, and the consumer it hands batches to. */
import { afterEach, describe, expect, it } from 'vitest';
import type { LaneMessage, Lanes } from '../../core/ports.ts';
import { aThreadId } from '../builders.ts';
import { eventually } from '../support/eventually.ts';

type Handler = (lane: string, messages: LaneMessage[]) => Promise<{ done: number }>;

export interface LanesHarness {
  lanes: Lanes;
  /** Starts to hand batches to `handler`. */
  consume(handler: Handler): Promise<void>;
  /** Ends this process's part and begins another's on the same storage. */
  restarted(): Promise<LanesHarness>;
  stop(): Promise<void>;
}

let numbers = 0;
function aMessage(lane: string): LaneMessage {
  numbers += 1;
  return { lane, id: `msg-${Date.now()}-${numbers}`, body: { number: numbers, text: 'Ä😀' } };
}

/** Messages may come more than once: each at its first coming. */
function firstComings(messages: LaneMessage[]): LaneMessage[] {
  return messages.filter(({ id }, index) => messages.findIndex((message) => message.id === id) === index);
}

export function lanesContract(name: string, make: () => Promise<LanesHarness>): void {
  describe(`${name} as lanes`, () => {
    const open: LanesHarness[] = [];
    afterEach(async () => {
      for (const harness of open.splice(0)) await harness.stop();
    });
    async function harnessed(): Promise<LanesHarness> {
      const harness = await make();
      open.push(harness);
      return harness;
    }

    it('hands every message on, in the order of its lane, whole', async () => {
      const harness = await harnessed();
      const lanes = [aThreadId(), aThreadId(), aThreadId()];
      const sent = Array.from({ length: 30 }, (_, n) => aMessage(lanes[n % 3] ?? ''));
      const received: LaneMessage[] = [];
      await harness.consume(async (_lane, messages) => {
        received.push(...messages);
        return { done: messages.length };
      });
      for (const message of sent) await harness.lanes.send([message]);
      await eventually(async () => expect(firstComings(received)).toHaveLength(sent.length));
      for (const lane of lanes) {
        expect(firstComings(received).filter((message) => message.lane === lane)).toEqual(
          sent.filter((message) => message.lane === lane),
        );
      }
    });

    it('hands out one batch of a lane at a time', async () => {
      const harness = await harnessed();
      const lane = aThreadId();
      let running = 0;
      let mostRunning = 0;
      const received = new Set<string>();
      await harness.consume(async (_lane, messages) => {
        running += 1;
        mostRunning = Math.max(mostRunning, running);
        await new Promise((resolve) => setTimeout(resolve, 1));
        running -= 1;
        for (const { id } of messages) received.add(id);
        return { done: messages.length };
      });
      await Promise.all(Array.from({ length: 20 }, () => harness.lanes.send([aMessage(lane)])));
      await eventually(async () => expect(received.size).toBe(20));
      expect(mostRunning).toBe(1);
    });

    it('brings what was not done again, before what came after it, while other lanes go on', async () => {
      const harness = await harnessed();
      const [failing, other] = [aThreadId(), aThreadId()];
      const sent = [aMessage(failing), aMessage(failing), aMessage(failing)];
      const done: LaneMessage[] = [];
      const ofLane = (lane: string) => done.filter((message) => message.lane === lane);
      let failures = 2;
      await harness.consume(async (lane, messages) => {
        if (lane === failing && failures > 0) {
          failures -= 1;
          return { done: 0 };
        }
        done.push(...messages);
        return { done: messages.length };
      });
      await harness.lanes.send(sent);
      await harness.lanes.send([aMessage(other)]);
      await eventually(async () => expect(ofLane(other)).not.toEqual([]));
      await eventually(async () => expect(firstComings(ofLane(failing))).toEqual(sent));
    });

    it('keeps what was accepted when the process ends', async () => {
      const first = await harnessed();
      const sent = [aMessage(aThreadId()), aMessage(aThreadId())];
      await first.lanes.send(sent);
      const second = await first.restarted();
      open.push(second);
      const received: LaneMessage[] = [];
      await second.consume(async (_lane, messages) => {
        received.push(...messages);
        return { done: messages.length };
      });
      await eventually(async () => expect(received).toEqual(expect.arrayContaining(sent)));
    });
  });
}
