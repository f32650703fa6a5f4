import type { PathStep } from '../core/index.ts';
import { OBJECT_TYPES } from './object-types.gen.ts';

/** A field of a Kubernetes type. */
export interface SchemaField {
  readonly isRequired: boolean;
  /** A scalar, `any`, the name of a type, `[entry type]` or `{value type}`. */
  readonly type: string;
}

/** The fields of a type; undefined for types that are not known, and for scalars. */
export function fieldsOf(type: string): ReadonlyMap<string, SchemaField> | undefined {
  if (!Object.hasOwn(OBJECT_TYPES, type)) return undefined;
  const fields = OBJECT_TYPES[type]?.split(' ') ?? [];
  return new Map(
    fields.map((text) => {
      const colon = text.indexOf(':');
      const isRequired = text[colon - 1] === '!';
      return [text.slice(0, isRequired ? colon - 1 : colon), { isRequired, type: text.slice(colon + 1) }];
    }),
  );
}

/** The type of a list's entries or a map's values; undefined for other types. */
export function innerType(type: string): string | undefined {
  return /^[[{](.+)[\]}]$/.exec(type)?.[1];
}

/** The fields that Kubernetes requires of what a path into an object of `kind` leads to. */
export function requiredFieldsAt(kind: string, steps: readonly PathStep[]): readonly string[] {
  let type: string | undefined = kind;
  for (const step of steps) {
    if (type === undefined) return [];
    type = step.kind === 'key' && !type.startsWith('{') ? fieldsOf(type)?.get(step.key)?.type : innerType(type);
  }
  const fields = type === undefined ? undefined : fieldsOf(type);
  return [...(fields ?? [])].filter(([, field]) => field.isRequired).map(([name]) => name);
}
