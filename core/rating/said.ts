/** What became of the form that was sent last: kept, on its way, without a choice, or nothing. */
export const SAID = ['kept', 'taken', 'missing', 'failed'] as const;
export type Said = (typeof SAID)[number];
