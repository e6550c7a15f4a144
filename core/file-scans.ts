/** What a scanner of the platform team's own says of files. */

/** `unsure`: it was to look, and cannot say. `waiting`: it has not said anything yet. */
export type ScanVerdict = 'clean' | 'infected' | 'unsure' | 'waiting';

/** Verdicts on blobs, each kept as long as its blob; what is put under a key again is another blob. */
export interface FileScans {
  /** @param key of a blob that there is */
  verdict(key: string): Promise<ScanVerdict>;
}
