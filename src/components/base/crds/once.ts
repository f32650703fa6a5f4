/**
 * A builder that builds at its first call and then returns the same object: parts that several resources hold
 * cost nothing at import and exist once in memory. What it builds must be constant, so callers see no state.
 */
export function once<T extends object>(build: () => T): () => T {
  let built: T | undefined;
  return () => {
    built ??= build();
    return built;
  };
}
