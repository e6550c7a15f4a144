/** Reports for machines: of delivery (RFC 3464, RFC 6533), of display (RFC 8098). */
import { fieldOf, type Header, lineAt, readHeader } from '../received/header.ts';
import type { ReceivedFile, ReceivedMail } from '../received/received-mail.ts';
import type { MailLabel } from './classify.ts';
import { type Failure, failureOf } from './failure.ts';
import { hasNullReturnPath, isFromMailSystem } from './sender.ts';

const DELIVERY = /^message\/(?:global-)?delivery-status$/;
const RECEIPT = /^message\/(?:global-)?disposition-notification$/;
const REPORT_BYTES_MAX = 256 * 1024;
const RECIPIENTS_MAX = 500;

export interface DeliveryReport {
  /** failed, delayed, delivered, relayed or expanded. */
  action: string;
  failure: Failure;
}

/**
 * What is told of each recipient: by the report's own part, or by fields that a broken one left among the words. What
 * a person has got and passes on is none of ours: a report says in its header that it is one, or who sends it.
 */
export function deliveryReports(mail: ReceivedMail): DeliveryReport[] {
  const isReport = /^\s*multipart\/report\b/i.test(fieldOf(mail.headers, 'content-type') ?? '');
  const isFromPerson = mail.from.length > 0 && !isFromMailSystem(mail) && !hasNullReturnPath(mail);
  if (!isReport && isFromPerson) return [];
  const own = filesOf(mail, DELIVERY).flatMap(({ bytes }) => recipientsIn(bytes));
  const text = mail.text ?? '';
  if (own.length > 0 || !/^(?:final|original)-recipient\s*:/im.test(text)) return own;
  return recipientsIn(Buffer.from(text));
}

/** One failure makes a bounce: whoever else was reached knows nothing of it. */
export function outcomeOf(reports: DeliveryReport[]): MailLabel | null {
  const actions = reports.map(({ action }) => action);
  if (actions.length === 0) return null;
  if (actions.includes('failed')) return 'bounce';
  return actions.includes('delayed') ? 'delay' : 'auto_reply';
}

export function isReceipt(mail: ReceivedMail): boolean {
  return filesOf(mail, RECEIPT).length > 0;
}

/** Fields of a receipt: they name the mail. */
export function receiptFields(mail: ReceivedMail): Header['fields'] {
  return filesOf(mail, RECEIPT).flatMap(({ bytes }) => groupsOf(bytes).flat());
}

/** Fields that a report has of the mail as a whole (RFC 3464 §2.2). */
export function reportFields(mail: ReceivedMail): Header['fields'] {
  return filesOf(mail, DELIVERY).flatMap(({ bytes }) => groupsOf(bytes).flat());
}

function filesOf(mail: ReceivedMail, type: RegExp): ReceivedFile[] {
  return mail.attachments.filter(({ mediaType }) => type.test(mediaType));
}

function recipientsIn(bytes: Uint8Array): DeliveryReport[] {
  return groupsOf(bytes).flatMap((fields): DeliveryReport[] => {
    const [final, original] = [fieldOf(fields, 'final-recipient'), fieldOf(fields, 'original-recipient')];
    if (final === null && original === null) return [];
    const status = fieldOf(fields, 'status');
    const words = `${fieldOf(fields, 'diagnostic-code') ?? ''} ${status?.replace(/^[\d.\s]+/, '') ?? ''}`;
    const failure = failureOf(addressIn(final) ?? addressIn(original) ?? '', status, words);
    return [{ action: actionOf(fieldOf(fields, 'action'), failure.status), failure }];
  });
}

/** `rfc822; <name@domain>` without what is around it (RFC 3464 §2.3.1). */
function addressIn(value: string | null): string | null {
  return /[^\s<>;,"()]+@[^\s<>;,"()]+/.exec(value?.replace(/^[^;@]*;/, '') ?? '')?.[0] ?? null;
}

function actionOf(value: string | null, status: string): string {
  const action = /[a-z]+/.exec(value?.toLowerCase() ?? '')?.[0] ?? '';
  if (['failed', 'delayed', 'delivered', 'relayed', 'expanded'].includes(action)) return action;
  if (/^(?:fail|expired|error)/.test(action)) return 'failed';
  return action === '' && status.startsWith('4') ? 'delayed' : 'failed';
}

/** Groups of fields between empty lines; what is no field is passed over. */
function groupsOf(bytes: Uint8Array): Header['fields'][] {
  const report = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, REPORT_BYTES_MAX));
  const groups: Header['fields'][] = [];
  for (let at = 0; at < report.length && groups.length < RECIPIENTS_MAX; ) {
    const { fields, end } = readHeader(report, at, isNoEnd, nothingCut);
    if (fields.length > 0) groups.push(fields);
    at = end > at ? end : lineAt(report, at)[1];
  }
  return groups;
}

const isNoEnd = (): boolean => false;
const nothingCut = (): void => {};
