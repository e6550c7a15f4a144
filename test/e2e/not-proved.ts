/** What this test cannot prove, since the emulator does not do it, or does it otherwise: told after each run. */
export const NOT_PROVED: readonly string[] = [
  'SES: that mail is sent, signed and delivered; that quotas and the sandbox hold it back (calls are recorded)',
  'SES: that it publishes events (the test puts them on the bus, shaped as the developer guide shows them)',
  'SES: that it takes mail by our rules, scans it, and may write to bucket and topic (the test does both in its place)',
  'S3: that GuardDuty sets its tag, and that what is put in the place of an object has none (the test does both)',
  'IAM: as AWS judges it (the emulator enforces what functions may do, and not which service may call them)',
  'TLS: everything is called over plain HTTP, and counts as secure to the policies that ask for it',
  'gateway: preflights (CORS), throttling, its limits of size and time, the access log',
  'Lambda: arm64, memory, time-outs, throttles, how long cold starts take, logs by level',
  'lanes at full width: the emulator hands one batch of a FIFO queue to its function at a time',
  'DynamoDB: lists that lag, throttled partitions, the removal of what has expired',
  'dead letters: a thousand receives of a message that fails (the way back is proved on queues like them)',
  'alarms, metrics and the dashboard: they are made, and nothing feeds or reads them',
  'what keeps data: retention, deletion protection, point-in-time recovery, lifecycles, encryption; its removal',
];
