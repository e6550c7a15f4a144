/** An organisation that customers belong to: what is true of all of them. */
import type { Attributes } from '../thread/thread.ts';

export interface Organisation {
  /** As the business knows it. */
  id: string;
  name: string | null;
  /** Whoever has a proved address there belongs to it, unless an agent says otherwise. In lower case. */
  domains: string[];
  segments: string[];
  attributes: Attributes;
  /** Counts changes, from 1. */
  version: number;
  createdAt: number;
  updatedAt: number;
}

export function blankOrganisation(id: string): Organisation {
  return { id, name: null, domains: [], segments: [], attributes: {}, version: 0, createdAt: 0, updatedAt: 0 };
}
