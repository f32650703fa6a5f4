import { isObject, type Json, type JsonObject } from '../core/index.ts';
import { STATUS_WORDS, type StatusWord } from './names.ts';
import type { ComponentStatus, Condition, InstallStatus, InventoryItem, ObjectStatus } from './types.ts';

/**
 * Reads the `status` of a custom resource as far as it can be understood; what cannot is left out. Statuses of older
 * operators are read too, with numbers for words (Istio 1.4) and without conditions.
 */
export function readStatus(raw: unknown): InstallStatus {
  if (!isObject(raw)) return {};
  return defined<InstallStatus>({
    status: readWord(own(raw, 'status')),
    message: readText(own(raw, 'message')),
    observedGeneration: readNumber(own(raw, 'observedGeneration')),
    conditions: readList(own(raw, 'conditions'), readCondition),
    componentStatus: readComponents(own(raw, 'componentStatus')),
    inventory: readList(own(raw, 'inventory'), readInventoryItem),
    operator: readText(own(raw, 'operator')),
    plan: readObject(own(raw, 'plan')),
  });
}

function readComponents(raw: Json | undefined): Record<string, ComponentStatus> | undefined {
  if (!isObject(raw)) return undefined;
  const entries = Object.entries(raw).flatMap(([name, value]) => {
    const status = readComponent(value);
    return status === undefined || name === '__proto__' ? [] : [[name, status] as const];
  });
  return Object.fromEntries(entries);
}

function readComponent(raw: Json | undefined): ComponentStatus | undefined {
  if (!isObject(raw)) return undefined;
  return defined<ComponentStatus>({
    status: readWord(own(raw, 'status')) ?? 'NONE',
    version: readText(own(raw, 'version')),
    targetVersion: readText(own(raw, 'targetVersion')),
    error: readText(own(raw, 'error')),
    objects: readList(own(raw, 'objects'), readObjectStatus),
  });
}

function readObjectStatus(raw: JsonObject): ObjectStatus | undefined {
  const kind = readText(own(raw, 'kind'));
  const name = readText(own(raw, 'name'));
  if (kind === undefined || name === undefined) return undefined;
  return defined<ObjectStatus>({
    kind,
    name,
    namespace: readText(own(raw, 'namespace')),
    ready: readNumber(own(raw, 'ready')),
    desired: readNumber(own(raw, 'desired')),
    reason: readText(own(raw, 'reason')),
    message: readText(own(raw, 'message')),
  });
}

function readCondition(raw: JsonObject): Condition | undefined {
  const type = readText(own(raw, 'type'));
  const status = own(raw, 'status');
  if (type === undefined || (status !== 'True' && status !== 'False' && status !== 'Unknown')) return undefined;
  return defined<Condition>({
    type,
    status,
    reason: readText(own(raw, 'reason')) ?? '',
    message: readText(own(raw, 'message')) ?? '',
    lastTransitionTime: readText(own(raw, 'lastTransitionTime')) ?? '',
    observedGeneration: readNumber(own(raw, 'observedGeneration')),
  });
}

/** The entry with everything it holds: only the inventory knows what belongs into one. */
function readInventoryItem(raw: JsonObject): InventoryItem | undefined {
  const group = readText(own(raw, 'group')) ?? '';
  const namespace = readText(own(raw, 'namespace')) ?? '';
  const kind = readText(own(raw, 'kind'));
  const name = readText(own(raw, 'name'));
  return kind === undefined || name === undefined ? undefined : { ...raw, group, kind, namespace, name };
}

function readWord(raw: Json | undefined): StatusWord | undefined {
  if (typeof raw === 'number') return STATUS_WORDS[raw];
  return STATUS_WORDS.find((word) => word === raw);
}

function readObject(raw: Json | undefined): JsonObject | undefined {
  return isObject(raw) ? raw : undefined;
}

function readText(raw: Json | undefined): string | undefined {
  return typeof raw === 'string' ? raw : undefined;
}

function readNumber(raw: Json | undefined): number | undefined {
  return typeof raw === 'number' ? raw : undefined;
}

function readList<T>(raw: Json | undefined, read: (item: JsonObject) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(raw)) return undefined;
  return raw.flatMap((item: Json) => {
    const value = isObject(item) ? read(item) : undefined;
    return value === undefined ? [] : [value];
  });
}

function own(raw: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(raw, key) ? raw[key] : undefined;
}

/** Without the fields that are undefined, which `exactOptionalPropertyTypes` sets apart from absent ones. */
function defined<T extends object>(fields: { readonly [Key in keyof T]-?: T[Key] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
