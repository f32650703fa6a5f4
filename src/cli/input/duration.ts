import { OperatorError, readDurationMs } from '../../core/index.ts';

/**
 * The duration that a flag holds, in milliseconds.
 * @throws {OperatorError} `Usage`, naming the flag.
 */
export function parseDurationMs(text: string, flag: string): number {
  const durationMs = readDurationMs(text);
  if (durationMs !== undefined) return durationMs;
  throw new OperatorError(`${flag}: "${text}" is not a duration.`, {
    code: 'Usage',
    hint: 'Write it like 90s, 5m or 1h30m.',
  });
}
