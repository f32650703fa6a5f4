import { nearMatch } from '../core/index.ts';
import { oldField } from './removed-fields.ts';
import type { Node } from './schema/schema.ts';
import { specSchema } from './schema/spec-schema.ts';
import { fieldOf } from './validation/check-value.ts';

/** What the API knows about a path. */
export interface FieldLookup {
  /** True for a field of the API, for one that Istio removed, and for any key where the user chooses the keys. */
  readonly known: boolean;
  /** The number of leading steps that are known: all of them where `known` is true. */
  readonly depth: number;
  /** The fields that there are where the first unknown step stands. */
  readonly candidates: readonly string[];
  /** The candidate that was probably meant. */
  readonly near?: string;
}

/**
 * Looks a path up in the schema, for layers that take paths from people (`--set`).
 * @param path - steps below `spec`: `['components', 'pilot', 'k8s', 'replicaCount']`. The step after a list is an index or
 *   a selector in brackets or without; any text is accepted there.
 */
export function knownField(path: readonly string[]): FieldLookup {
  let node: Node = specSchema;
  for (const [depth, step] of path.entries()) {
    if (node.kind === 'any' || node.kind === 'free') break;
    const next = childOf(node, step);
    if (next === undefined) return missing(node, path, depth);
    node = next;
  }
  return { known: true, depth: path.length, candidates: [] };
}

/**
 * Whether a field takes text only, so that what looks like a number is text all the same.
 * @param path - as `knownField` takes it.
 */
export function takesTextOnly(path: readonly string[]): boolean {
  let node: Node | undefined = specSchema;
  for (const step of path) node = node === undefined ? undefined : childOf(node, step);
  return node?.kind === 'text' && node.numbers === 'refuse';
}

function childOf(node: Node, step: string): Node | undefined {
  if (node.kind === 'object') return fieldOf(node, step);
  if (node.kind === 'map') return node.values;
  return node.kind === 'list' ? node.items : undefined;
}

function missing(node: Node, path: readonly string[], depth: number): FieldLookup {
  if (oldField(['spec', ...path.slice(0, depth + 1)]) !== undefined) {
    return { known: true, depth: path.length, candidates: [] };
  }
  const candidates = node.kind === 'object' ? Object.keys(node.fields) : [];
  const near = nearMatch(path[depth] ?? '', candidates);
  return { known: false, depth, candidates, ...(near === undefined ? {} : { near }) };
}
