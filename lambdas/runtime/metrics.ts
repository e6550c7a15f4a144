/** Metrics as lines of log (CloudWatch embedded metric format): collected while a function runs, written at its end. */
import { Metrics as Collected, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MetricName, Metrics } from '../../core/ports.ts';
import { METRIC_NAMESPACE } from './metric-names.ts';

const collected = new Collected({ namespace: METRIC_NAMESPACE, serviceName: 'meanwhile' });

export const metrics: Metrics = (name, value) => collected.addMetric(name, unitOf(name), value);

/** Runs a function's work, and writes what it counted, also when it fails. */
export async function withMetrics<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    if (collected.hasStoredMetrics()) collected.publishStoredMetrics();
  }
}

function unitOf(name: MetricName) {
  if (name.endsWith('Ms')) return MetricUnit.Milliseconds;
  return name.endsWith('Seconds') ? MetricUnit.Seconds : MetricUnit.Count;
}
