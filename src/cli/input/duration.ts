import { OperatorError } from '../../core/index.ts';

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * A duration as Go programs write it (`300s`, `1m30s`, `2h`), in milliseconds.
 * @throws {OperatorError} `Usage`, naming the flag.
 */
export function parseDurationMs(text: string, flag: string): number {
  const parts = [...text.matchAll(/(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) {
    throw new OperatorError(`${flag}: "${text}" is not a duration.`, {
      code: 'Usage',
      hint: 'Write it like 90s, 5m or 1h30m.',
    });
  }
  return parts.reduce((sum, [, amount = '0', unit = 'ms']) => sum + Number(amount) * (UNITS_MS[unit] ?? 1), 0);
}
