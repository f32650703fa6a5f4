import { parseOperator } from '../../api/index.ts';
import { isObject, type Json, type JsonObject, type Notice } from '../../core/index.ts';
import { readOperators, type SourceFile } from '../../render/index.ts';
import { moveFields } from './migrate-moves.ts';

/** An old IstioOperator in today's form. */
export interface Migrated {
  readonly metadata: JsonObject;
  readonly spec: JsonObject;
  readonly notices: readonly Notice[];
}

/** What kubectl leaves in the metadata of an object that is read from a cluster. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Reads an IstioOperator and brings it into today's form; status and what the server added are left out. */
export function readMigrated(file: SourceFile): Migrated {
  const { operators, notices: fileNotices } = readOperators([file]);
  const document = operators[0]?.document ?? {};
  const { operator, notices } = parseOperator(document);
  const original = isObject(document.spec) ? document.spec : {};
  const moved = moveFields(original, operator.spec as JsonObject, notices);
  return {
    metadata: authored(isObject(document.metadata) ? document.metadata : {}),
    spec: withoutEmptied(moved.spec, original),
    notices: [...fileNotices, ...moved.notices],
  };
}

/** Without maps that are empty only because what was in them is left out. */
function withoutEmptied(spec: JsonObject, original: JsonObject): JsonObject {
  const kept = Object.entries(spec).flatMap(([key, value]): readonly (readonly [string, Json])[] => {
    const before = Object.hasOwn(original, key) ? original[key] : undefined;
    if (value === undefined) return [];
    if (!isObject(value) || !isObject(before)) return [[key, value]];
    const inner = withoutEmptied(value, before);
    return Object.keys(inner).length === 0 && Object.keys(before).length > 0 ? [] : [[key, inner]];
  });
  return Object.fromEntries(kept);
}

function authored({ name, namespace, labels, annotations }: JsonObject): JsonObject {
  const kept = Object.entries(isObject(annotations) ? annotations : {}).filter(([key]) => key !== LAST_APPLIED);
  const all = { name, namespace, labels, annotations: kept.length === 0 ? undefined : Object.fromEntries(kept) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== null));
}
