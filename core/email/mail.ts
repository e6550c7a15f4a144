/** A mail as the product composes it; how it becomes RFC 5322 is the sender's business. */

export interface MailAddress {
  name: string;
  address: string;
}

export interface OutgoingMail {
  from: MailAddress;
  to: MailAddress;
  /** Who else gets it, and is seen to. */
  cc?: MailAddress[];
  subject: string;
  text: string;
  html: string;
  /** Further headers, by their proper names. */
  headers: Record<string, string>;
  /** Files in blobs. */
  attachments: { name: string; mediaType: string; key: string }[];
}
