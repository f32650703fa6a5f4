import { type FunctionTable, helmFunctions, sprigFunctions } from '../../src/gotemplate/index.ts';

/** The moment that all cases run at, the same as in the Go program. */
const NOW_NANOS = BigInt(Date.UTC(2024, 1, 29, 13, 4, 5)) * 1_000_000n + 678_901_234n;

/** sprig's functions and Helm's, with a clock that stands still. */
export function testFunctions(): FunctionTable {
  return { ...sprigFunctions({ nowNanos: () => NOW_NANOS }), ...helmFunctions() };
}
