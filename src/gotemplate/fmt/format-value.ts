import { compareText, textOf } from '../text/utf8.ts';
import { GoFunction } from '../values/go-function.ts';
import { integerOf, typeOf } from '../values/types.ts';
import { ANY, GoInteger, GoMap, GoNil, GoObject, GoSlice, type Value } from '../values/values.ts';
import { type Directive, PLAIN, pad } from './directive.ts';
import { formatFloatVerb, formatInteger, formatString } from './format-scalar.ts';

/** The verbs that print a type's own text, where it has one. */
const TEXT_VERBS = 'vsxXq';

/** A value as `%v` prints it. */
export function formatValue(value: Value): string {
  return formatVerb(value, 'v', PLAIN);
}

/** A value for a verb; where the verb does not fit, Go's text that says so. */
export function formatVerb(value: Value, verb: string, directive: Directive): string {
  if (value === undefined || value === null) {
    return verb === 'T' || verb === 'v' ? pad('<nil>', directive) : badVerb(value, verb, directive);
  }
  if (verb === 'T') return formatString(typeOf(value), 's', directive) ?? '';
  return scalar(value, verb, directive) ?? compound(value, verb, directive, 0);
}

function scalar(value: Value, verb: string, given: Directive): string | undefined {
  // `%+v` is about the names of fields, not about signs
  const directive = verb === 'v' && given.plus ? { ...given, plus: false } : given;
  switch (typeof value) {
    case 'string':
      return formatString(value, verb, directive) ?? badVerb(value, verb, directive);
    case 'number':
      return formatFloatVerb(value, verb, directive) ?? badVerb(value, verb, directive);
    case 'boolean':
      return verb === 't' || verb === 'v' ? pad(String(value), directive) : badVerb(value, verb, directive);
    default: {
      const integer = integerOf(value);
      if (integer === undefined) return undefined;
      if (verb === 'v' && directive.sharp && value instanceof GoInteger && value.kind.startsWith('u')) {
        return formatInteger(integer, 'x', directive);
      }
      const plain = verb === 'v' && directive.sharp ? { ...directive, sharp: false } : directive;
      return formatInteger(integer, verb, plain) ?? badVerb(value, verb, directive);
    }
  }
}

function compound(value: Value, verb: string, directive: Directive, depth: number): string {
  const own = ownText(value, verb, directive);
  if (own !== undefined) return formatString(own, verb, directive) ?? '';
  const item = (child: Value) => nested(child, verb, directive, depth + 1);
  if (value instanceof GoSlice) return sliceText(value, verb, directive, item);
  if (value instanceof GoMap) return mapText(value, verb, directive, item);
  if (value instanceof GoObject) return objectText(value, directive, item, depth);
  if (value instanceof GoNil) return verb === 'v' ? nilText(value, directive) : `%!${verb}(${value.typeName}=<nil>)`;
  return verb === 'v' || verb === 'p' ? '0x1' : badVerb(value, verb, directive);
}

function nilText({ typeName }: GoNil, directive: Directive): string {
  return directive.sharp ? `(${typeName})(nil)` : pad('<nil>', directive);
}

/** Inside a list or map a nil is `<nil>` for every verb. */
function nested(value: Value, verb: string, directive: Directive, depth: number): string {
  if (value === undefined || value === null) return directive.sharp && verb === 'v' ? 'interface {}(nil)' : '<nil>';
  return scalar(value, verb, directive) ?? compound(value, verb, directive, depth);
}

/** What a type's `Error` or `String` method gives. */
function ownText(value: Value, verb: string, { sharp }: Directive): string | undefined {
  if (!TEXT_VERBS.includes(verb) || (sharp && verb === 'v')) return undefined;
  return stringerText(value);
}

/** The text of a value that has a method for it (Go's error or Stringer). */
export function stringerText(value: Value): string | undefined {
  const methods = value instanceof GoObject ? value.methods : undefined;
  const method = methods?.get('Error') ?? methods?.get('String');
  if (method === undefined || method.params.length > 0) return undefined;
  // such methods only look at their own value, so they need no frame
  const text = method.implementation([], undefined as never);
  return typeof text === 'string' ? text : undefined;
}

type Item = (value: Value) => string;

function sliceText(value: GoSlice, verb: string, directive: Directive, item: Item): string {
  if (value.elem === 'uint8' && verb !== 'v' && verb !== 'd') {
    return formatString(bytesText(value), verb, directive) ?? badVerb(value, verb, directive);
  }
  if (!directive.sharp || verb !== 'v') return `[${value.items.map(item).join(' ')}]`;
  return value.isNil ? `${typeOf(value)}(nil)` : `${typeOf(value)}{${value.items.map(item).join(', ')}}`;
}

/** The text of a `[]uint8`. */
export function bytesText({ items }: GoSlice): string {
  return textOf(Uint8Array.from(items, (item) => Number(integerOf(item) ?? 0n)));
}

function mapText(value: GoMap, verb: string, directive: Directive, item: Item): string {
  const isSyntax = directive.sharp && verb === 'v';
  const entries = [...value.entries]
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, field]) => `${item(key)}:${item(field)}`);
  if (!isSyntax) return `map[${entries.join(' ')}]`;
  return value.isNil ? `${typeOf(value)}(nil)` : `${typeOf(value)}{${entries.join(', ')}}`;
}

function objectText({ typeName, fields }: GoObject, { plus, sharp }: Directive, item: Item, depth: number): string {
  const isPointer = typeName.startsWith('*');
  // the address of a pointer inside another value means nothing, and would differ from run to run
  if (isPointer && depth > 0) return '0xc000000000';
  const parts = [...fields].map(([name, field]) => (plus || sharp ? `${name}:${item(field)}` : item(field)));
  const body = sharp ? `${typeName.replace('*', '')}{${parts.join(', ')}}` : `{${parts.join(' ')}}`;
  return isPointer ? `&${body}` : body;
}

function badVerb(value: Value, verb: string, directive: Directive): string {
  if (value === undefined || value === null) return `%!${verb}(<nil>)`;
  const type = typeOf(value) === ANY ? '' : typeOf(value);
  if (value instanceof GoFunction) return `%!${verb}(${type}=0x1)`;
  return `%!${verb}(${type}=${formatVerb(value, 'v', { ...directive, sharp: false, plus: false })})`;
}
