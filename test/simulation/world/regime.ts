/**
 * What kind of world a seed makes: each has its own mixture of faults and of features, and leaves others out, so that
 * rare things meet each other (swarm testing). One world in six is kind: nothing fails there, and so everything must
 * be exact.
 */
import type { MailOut } from '../../../core/ports.ts';
import type { Random } from '../../support/random.ts';
import { FAULTS, type Fault } from './scheduler.ts';

const FAULT_RATES: Record<Fault, number> = {
  throttled: 0.03,
  'answer lost': 0.02,
  'crash before': 0.01,
  'crash after': 0.02,
  'crash, effect late': 0.01,
  stalled: 0.01,
};
const RATE_FACTORS = [0, 0.5, 1, 1, 2, 5];
const KIND = 1 / 6;
const SKEWS_MS = [50, 1_500, 20_000, 300_000];
/** Where nothing fails, timers can be watched closely. */
const KIND_TIME_PASSES = 0.3;
const KIND_SKEWS_MS = [50, 1_500];
const PROVIDERS = ['harmless', 'send-again', 'await-events'] as const;

/** What may happen beside faults, and how likely at each wish. */
const FEATURE_RATES = {
  'message that nobody understands': 0.03,
  'time passes': 0.13,
  'policy change': 0.04,
  'agents come and go': 0.06,
  'business not served': 0.015,
  defect: 0.03,
  deployment: 0.02,
  'message too large': 0.02,
  'long body': 0.08,
  attachment: 0.06,
  'merge spree': 0.1,
  'record change': 0.08,
  'transcript wanted': 0.1,
  'rating given': 0.1,
  'another writer': 0.03,
};
export type Feature = keyof typeof FEATURE_RATES;
const FEATURE_FACTORS = [0, 1, 1, 3];
/** Of a feature that is a fault of the platform: not in a kind world. */
const UNKIND: Feature[] = ['another writer', 'business not served', 'defect'];

export interface Regime {
  isKind: boolean;
  rates: Record<Fault, number>;
  features: Record<Feature, number>;
  skewMsMax: number;
  provider: MailOut['afterCrash'];
  /** How unkind the provider is, as a factor. */
  providerFaults: number;
  /** When a batch that was not deleted is handed out again. */
  routingVisibilityMs: number;
  mailVisibilityMs: number;
  /** How long the provider may take to answer. */
  providerMsMax: number;
  /** Whether the queue takes some messages twice, as it may. */
  takesTwice: boolean;
  /** Whether reading and keeping policies are calls that can fail. */
  readsPoliciesAfar: boolean;
}

/** What of a regime is not left to chance. */
export interface Wanted extends Partial<Omit<Regime, 'rates' | 'features'>> {
  rates?: Partial<Regime['rates']>;
  features?: Partial<Regime['features']>;
}

export function regimeOf(random: Random, wanted: Wanted = {}): Regime {
  const isKind = random.chance(KIND) ? wanted.isKind !== false : wanted.isKind === true;
  const rateOf = FAULTS.map((fault) => [fault, isKind ? 0 : FAULT_RATES[fault] * random.pick(RATE_FACTORS)]);
  const featureOf = Object.entries(FEATURE_RATES).map(([feature, rate]) => {
    const isLeftOut = isKind && UNKIND.includes(feature as Feature);
    if (isKind && feature === 'time passes') return [feature, KIND_TIME_PASSES];
    return [feature, isLeftOut ? 0 : rate * random.pick(FEATURE_FACTORS)];
  });
  const left = {
    isKind,
    rates: Object.fromEntries(rateOf) as Record<Fault, number>,
    features: Object.fromEntries(featureOf) as Record<Feature, number>,
    skewMsMax: random.pick(isKind ? KIND_SKEWS_MS : SKEWS_MS),
    provider: random.pick(PROVIDERS),
    providerFaults: random.pick([0, 1, 1, 4]),
    // Mostly longer than the work takes; else two functions have the same batch at once.
    routingVisibilityMs: random.pick([60_000, 60_000, 4_000]),
    mailVisibilityMs: random.pick([90_000, 8_000]),
    providerMsMax: random.pick([0, 0, 20_000]),
    takesTwice: !isKind && random.chance(0.3),
    readsPoliciesAfar: random.chance(0.3),
  };
  const { rates, features, ...rest } = wanted;
  return { ...left, ...rest, rates: { ...left.rates, ...rates }, features: { ...left.features, ...features } };
}
