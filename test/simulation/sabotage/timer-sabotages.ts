/** Ways to break time: timers that are lost, late, or not told apart. */
import type { LaneMessage, Wait, WaitQueue } from '../../../core/ports.ts';
import { HOUR } from '../../builders.ts';
import { performing } from './broken-ports.ts';
import type { Sabotage } from './sabotage.ts';

const KIND = { isKind: true };
/** Where nothing fails and clocks differ little, a timer is late by a wait's rounding and a few calls. */
const EXACT = { isKind: true, skewMsMax: 50 };

export const TIMER_SABOTAGES = {
  'near timers not armed by the commit': () => ({
    lane: performing((whole) => ({ ...whole, timers: [] })),
    worlds: KIND,
  }),
  'near timers armed three seconds too late': () => ({
    lane: performing((whole) => ({ ...whole, timers: whole.timers.map(longer) })),
    worlds: EXACT,
  }),
  'early timers dropped': () => ({
    lane: (deps) => ({ ...deps, waits: { put: async () => {} } }),
    worlds: KIND,
  }),
  'early timers that wait three seconds too long': () => ({ lane: waitingLonger, worlds: KIND }),
  'sweeps that wait three seconds too long': () => ({ sweep: waitingLonger, worlds: EXACT }),
  'timers an hour late': () => ({
    sweep: (deps) => ({ ...deps, clock: { now: () => deps.clock.now() - HOUR } }),
    worlds: KIND,
  }),
  'timer ids without generation': () => ({
    waitOver: (deps) => ({ ...deps, lanes: { send: (all) => deps.lanes.send(all.map(withoutGeneration)) } }),
  }),
} satisfies Record<string, () => Sabotage>;

function waitingLonger<D extends { waits: WaitQueue }>(deps: D): D {
  return { ...deps, waits: { put: (all: Wait[]) => deps.waits.put(all.map(longer)) } };
}

function longer(wait: Wait): Wait {
  return { ...wait, delayMs: wait.delayMs + 3_000 };
}

/** All timers of a thread have the same id. */
function withoutGeneration(message: LaneMessage): LaneMessage {
  const { id } = message.body as { id: string };
  return { ...message, body: { ...(message.body as object), id: id.slice(0, id.lastIndexOf('_')) } };
}
