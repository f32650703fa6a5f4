import { isObject, type Json } from '../../core/index.ts';
import type { Step } from '../field-path.ts';
import type { Edit } from './findings.ts';

/** The value with one change; everything beside its path is shared with the original. */
export function edited(root: Json, edit: Edit): Json {
  return replaced(root, edit.path, edit.value) ?? null;
}

function replaced(node: Json | undefined, path: readonly Step[], value: Json | undefined): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(node)) {
    return node.map((item: Json, index) => (index === step ? (replaced(item, rest, value) ?? null) : item));
  }
  if (!isObject(node)) return node;
  const copy: Record<string, Json | undefined> = { ...node };
  const changed = replaced(node[step], rest, value);
  if (changed === undefined) delete copy[step];
  else copy[step] = changed;
  return copy;
}
