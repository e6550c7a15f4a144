import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { EventBridgeEvents } from '../../../adapters/aws/eventbridge-events.ts';
import { TransientFailure } from '../../../core/failures.ts';
import { MONDAY } from '../../builders.ts';
import { anEvent } from '../../contracts/effects.ts';
import { anAwsFailure, NOWHERE } from '../../support/aws-sdk.ts';

const bridge = mockClient(EventBridgeClient);
const events = new EventBridgeEvents(new EventBridgeClient(NOWHERE), 'bus');

/** The ids of the events of each request. */
function published(): string[][] {
  return bridge
    .commandCalls(PutEventsCommand)
    .map(({ args: [{ input }] }) => (input.Entries ?? []).map(({ Detail = '{}' }) => JSON.parse(Detail).id));
}

describe('events on EventBridge', () => {
  beforeEach(() => {
    bridge.reset();
    bridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [] });
  });

  it('are CloudEvents whole, found by their type and by us as their source', async () => {
    const event = anEvent('evt_1');
    await events.publish([event]);
    expect(bridge.commandCalls(PutEventsCommand)[0]?.args[0].input).toEqual({
      Entries: [
        {
          ...{ EventBusName: 'bus', Source: 'meanwhile', DetailType: 'meanwhile.thread.started' },
          ...{ Time: new Date(MONDAY), Detail: JSON.stringify(event) },
        },
      ],
    });
  });

  it('go ten to a request, in order', async () => {
    const ids = Array.from({ length: 23 }, (_, index) => `evt_${index}`);
    await events.publish(ids.map(anEvent));
    expect(published().map((batch) => batch.length)).toEqual([10, 10, 3]);
    expect(published().flat()).toEqual(ids);
    bridge.resetHistory();
    await events.publish([]);
    expect(published()).toEqual([]);
  });

  it('are all published again where the bus did not take one of them', async () => {
    const Entries = [{ EventId: '1' }, { ErrorCode: 'InternalFailure', ErrorMessage: '…' }];
    bridge.on(PutEventsCommand).resolvesOnce({ FailedEntryCount: 1, Entries }).resolves({ FailedEntryCount: 0 });
    const both = [anEvent('evt_1'), anEvent('evt_2')];
    const publishing = events.publish(both);
    await expect(publishing).rejects.toThrow(TransientFailure);
    await expect(publishing).rejects.toThrow('InternalFailure');
    await events.publish(both);
    expect(published()).toEqual([
      ['evt_1', 'evt_2'],
      ['evt_1', 'evt_2'],
    ]);
  });

  it('may be published again where the bus is throttling, and are a defect where they may not be', async () => {
    bridge.on(PutEventsCommand).rejects(anAwsFailure('ThrottlingException', { status: 400 }));
    await expect(events.publish([anEvent('evt_1')])).rejects.toThrow(TransientFailure);
    bridge.on(PutEventsCommand).rejects(anAwsFailure('AccessDeniedException', { status: 400 }));
    await expect(events.publish([anEvent('evt_1')])).rejects.not.toThrow(TransientFailure);
  });
});
