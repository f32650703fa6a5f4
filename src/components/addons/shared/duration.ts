const SECONDS: Readonly<Record<string, number>> = {
  y: 31_536_000,
  w: 604_800,
  d: 86_400,
  h: 3_600,
  m: 60,
  s: 1,
};

/** A duration such as `1d12h`, which the API has checked, in seconds. */
export function durationSeconds(duration: string): number {
  let seconds = 0;
  for (const [, count = '', unit = ''] of duration.matchAll(/([0-9]+)([ywdhms])/g)) {
    seconds += Number(count) * (SECONDS[unit] ?? 0);
  }
  return seconds;
}
