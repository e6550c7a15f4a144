/** A lane's message out of a record of its queue. */
import type { SQSRecord } from 'aws-lambda';
import type { LaneMessage } from '../../core/ports.ts';
import { bodyOf } from './queue-batch.ts';

export function laneMessageOf(record: SQSRecord): LaneMessage {
  const { MessageGroupId: lane = '', MessageDeduplicationId: id = record.messageId } = record.attributes;
  return { lane, id, body: bodyOf(record) };
}
