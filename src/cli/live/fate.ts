/**
 * What becomes of the IstioOperators when their operator goes: `release` takes its finalizer off them, so that they can be
 * deleted without it, and Istio stays; `remove` deletes them, and Istio with them; `keep` leaves them as they are.
 */
export const FATES = ['release', 'remove', 'keep'] as const;

/** One of `FATES`. */
export type Fate = (typeof FATES)[number];
