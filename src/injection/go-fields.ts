import { GO_TYPES } from './go-types.ts';

/** A field of a Go struct. */
export interface GoField {
  readonly name: string;
  readonly goName: string;
  /** Written even when it is empty. */
  readonly always: boolean;
  readonly shape: 'value' | 'pointer' | 'list' | 'map';
  /** The type of the value, or of what the pointer, list or map holds. */
  readonly type: string;
  /** How a list merges: by this field of its items, by value when empty, not at all when undefined. */
  readonly mergeKey: string | undefined;
}

const SHAPES = [
  ['*', 'pointer'],
  ['[]', 'list'],
  ['map[string]', 'map'],
] as const;

/** True for a struct whose fields are known. */
export function isStruct(type: string): boolean {
  return STRUCTS.has(type);
}

/** The fields of a type by name, in the order in which Go writes them; none for a type that is not known. */
export function fieldsOf(type: string): ReadonlyMap<string, GoField> {
  return STRUCTS.get(type) ?? NO_FIELDS;
}

/** The field of a type that JSON calls `name`. */
export function fieldOf(type: string, name: string): GoField | undefined {
  return fieldsOf(type).get(name);
}

function field(text: string): GoField {
  const colon = text.indexOf(':');
  const [head = '', alias] = text.slice(0, colon).split('=');
  const [spelled = '', mergeKey] = text.slice(colon + 1).split('@');
  const name = head.replace('!', '');
  const [prefix, shape] = SHAPES.find(([start]) => spelled.startsWith(start)) ?? ['', 'value' as const];
  return {
    name,
    goName: alias ?? name.charAt(0).toUpperCase() + name.slice(1),
    always: head.endsWith('!'),
    shape,
    type: spelled.slice(prefix.length),
    mergeKey,
  };
}

const NO_FIELDS: ReadonlyMap<string, GoField> = new Map();

/** The table as data: every pod goes through it many times. */
const STRUCTS: ReadonlyMap<string, ReadonlyMap<string, GoField>> = new Map(
  Object.entries(GO_TYPES).map(([type, text]) => [
    type,
    new Map(
      text
        .split(' ')
        .map(field)
        .map((one) => [one.name, one]),
    ),
  ]),
);
