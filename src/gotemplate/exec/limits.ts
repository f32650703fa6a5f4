/** Bounds on one execution, so that no template can hang the process or fill its memory. */
export interface Limits {
  /** Characters of output. Default 16 Mi. */
  readonly maxOutput?: number;
  /** Work: about one unit for each node that runs, item that is visited and character that is made. Default 20 million. */
  readonly maxWork?: number;
  /** How deep templates may call each other. Default 250. */
  readonly maxDepth?: number;
}

/** {@link Limits} with its defaults. */
export const DEFAULT_LIMITS: Required<Limits> = { maxOutput: 16 * 1024 * 1024, maxWork: 20_000_000, maxDepth: 250 };
