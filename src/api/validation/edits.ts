import type { Json, JsonObject } from '../../core/index.ts';
import type { Step } from '../field-path.ts';
import type { Edit } from './findings.ts';

/** A container in the copy that is being edited. */
type Container = Record<Step, Json>;

/** The document with the changes; the original stays as it is, and is returned where there is nothing to change. */
export function edited(document: JsonObject, edits: readonly Edit[]): JsonObject {
  if (edits.length === 0) return document;
  // through text, so that what YAML anchors made one object is several: a change is meant for one place
  const copy = JSON.parse(JSON.stringify(document)) as Container;
  for (const edit of edits) apply(copy, edit);
  return copy as JsonObject;
}

function apply(copy: Container, { path, value }: Edit): void {
  const last = path.at(-1);
  if (last === undefined) return;
  const parent = path.slice(0, -1).reduce<Container>((node, step) => node[step] as Container, copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
}
