/**
 * A constant that is made at its first use and kept, for what is costly to build and the same every time.
 * @param make - pure; called once.
 */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
