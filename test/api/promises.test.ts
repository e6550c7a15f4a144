/** What customers are told, by a clock that does not stand still while it is computed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock } from '../../adapters/embedded/clocks.ts';
import { HOUR, MONDAY } from '../builders.ts';
import { TestProduct } from '../support/product.ts';

/** Moves on by a millisecond whenever somebody looks. */
class RunningClock extends ManualClock {
  #looks = 0;

  override now(): number {
    this.#looks += 1;
    return super.now() + this.#looks;
  }
}

describe('a promise', () => {
  let t: TestProduct;
  beforeAll(() => {
    t = new TestProduct({ clock: new RunningClock(MONDAY) });
  });
  afterAll(() => t.stop());

  it('is counted from the very instant at which the message was accepted', async () => {
    const [customer, ana] = [await t.customer(), await t.agent()];
    const first = await t.post('/v1/threads', customer, { text: 'x', topic: 'billing' });
    const path = `/v1/threads/${first.body.threadId}`;
    await t.post(`/v1/agent${path.slice(3)}/replies`, ana, { text: 'y' });
    const next = await t.post(`${path}/messages`, customer, { text: 'z' });
    const { items } = (await t.get(`${path}/entries`, customer)).body;
    const [asked, , again] = items.filter(({ type }: { type: string }) => type === 'message');
    expect(Date.parse(first.body.expectedReplyAt) - Date.parse(asked.at)).toBe(4 * HOUR);
    expect(Date.parse(next.body.expectedReplyAt) - Date.parse(again.at)).toBe(2 * HOUR);
  });
});
