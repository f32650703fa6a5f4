/**
 * An expected failure of the test cluster tool.
 *
 * Its message is one line that a person can act on; the command line prints it alone, without a stack.
 */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
}

/**
 * Whether a system call failed with one of these codes, such as `ENOENT`.
 *
 * Not by `instanceof`: jest runs tests in a realm of their own, where the errors of Node are of another class.
 */
export function hasErrorCode(error: unknown, ...codes: readonly string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code));
}
