import type { Json } from '../core/index.ts';

/** A map of labels, annotations or variables as values files write it: numbers and booleans may stand for text. */
export type TextMap = Readonly<Record<string, Json | undefined>>;

type Quantities = Readonly<Record<string, string | number | null | undefined>>;

/** Limits and requests as values hold them; null where the user deleted a default. */
export interface ResourceValues {
  readonly limits?: Quantities | null;
  readonly requests?: Quantities | null;
}

/** One of the words that a field of the Kubernetes API takes; empty leaves the choice to the API server. */
export type Choice<Word> = NonNullable<Word> | '';
