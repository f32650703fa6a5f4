/** Random choices that a seed repeats. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** Like `pick`, but undefined when there is nothing to choose from. */
  pickAny<T>(items: readonly T[]): T | undefined;
}

/** Random choices from a seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const pickAny = <T>(items: readonly T[]): T | undefined => items[between(0, items.length - 1)];
  return {
    next,
    between,
    pickAny,
    chance: (probability) => next() < probability,
    pick: ([first, ...others]) => pickAny([first, ...others]) ?? first,
  };
}
