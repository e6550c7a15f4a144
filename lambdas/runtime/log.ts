/** Logs as lines of JSON: ids and counts only. */
import type { Log } from '../../core/ports.ts';

export const log: Log = (level, event, fields = {}) => {
  const at = new Date().toISOString();
  process.stdout.write(`${JSON.stringify({ timestamp: at, level: level.toUpperCase(), event, ...fields })}\n`);
};
