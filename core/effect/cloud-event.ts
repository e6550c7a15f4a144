/** The envelope of public events (CloudEvents 1.0, JSON format). */
import type { EventName } from './effect.ts';

export interface CloudEvent {
  specversion: '1.0';
  id: string;
  source: string;
  type: `meanwhile.${EventName}`;
  subject: string;
  time: string;
  datacontenttype: 'application/json';
  data: Record<string, string | number | null>;
}
