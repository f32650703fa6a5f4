import { pino } from 'pino';
import { type Logger, OperatorError } from '../../core/index.ts';

/** From the least to the most talkative. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** JSON lines on stderr, the time as people and log stores read it. Error objects keep type, message and stack, no more. */
export function createLogger(level: LogLevel): Logger {
  return pino(
    {
      level,
      base: { controller: 'istio-operator' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error: unknown) => describeError(error) },
    },
    pino.destination({ fd: 2, sync: true }),
  );
}

/** Only what is known to be safe: fields of unknown errors could hold request bodies and headers. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const cause = error.cause instanceof Error ? { cause: `${error.cause.name}: ${error.cause.message}` } : {};
  // a stack is for bugs; of what is expected to happen the message says all
  const stack = error instanceof OperatorError ? {} : { stack: error.stack };
  return { type: error.name, message: error.message, ...stack, ...cause };
}
