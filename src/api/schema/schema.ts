/**
 * The vocabulary in which the API is written down once. From a schema come its TypeScript type (`Infer`), the offline
 * validation (`validation/`) and the OpenAPI schema of the CRD (`crd.ts`).
 *
 * A schema is plain data. Every field is optional and may be null, because people write `values:` with nothing after it
 * and because null removes what a profile set; only `required` says otherwise.
 */

/** Says what is wrong with a text that has the right type; undefined when nothing is. */
export type TextCheck = (text: string) => TextFault | undefined;

/** A finding of a `TextCheck`: the end of the sentence that begins with the value, and what to do instead. */
export interface TextFault {
  readonly problem: string;
  readonly hint: string;
}

/**
 * Says what is wrong with an object each of whose fields is right by itself.
 * @param object - its fields; those of the mesh configuration by their names in camelCase.
 */
export type ObjectCheck = (object: JsonMap) => readonly ObjectFault[];

/** A finding of an `ObjectCheck`. */
export interface ObjectFault {
  /** The way from the object to what is wrong; none where it is the object itself. */
  readonly at?: readonly (string | number)[];
  readonly message: string;
  readonly hint: string;
}

interface Described {
  /** One short sentence for `kubectl explain`. */
  readonly description?: string;
}

/** A string. */
export interface TextNode extends Described {
  readonly kind: 'text';
  /**
   * What happens to a number, which is what YAML makes of `revision: 2`: refused, kept as it is, or turned into text;
   * `convertWhole` refuses fractions.
   */
  readonly numbers: 'refuse' | 'keep' | 'convert' | 'convertWhole';
  /** The words that are accepted; the empty one always is. */
  readonly oneOf?: readonly string[];
  /** Whether a newer Kubernetes may know more words. */
  readonly openEnded?: boolean;
  readonly check?: TextCheck;
}

/** `true` or `false`; a quoted one is not. */
export interface FlagNode extends Described {
  readonly kind: 'flag';
}

/** A number; whole and within bounds where they are given. */
export interface NumberNode extends Described {
  readonly kind: 'number';
  readonly whole: boolean;
  /** Where a number in quotes is one too: whether it is handed on as a number or as it is. */
  readonly quoted?: 'convert' | 'keep';
  readonly min?: number;
  readonly max?: number;
}

/** `1` or `"25%"`. */
export interface IntOrTextNode extends Described {
  readonly kind: 'intOrText';
}

/** A Kubernetes quantity: `"500m"`, `"1Gi"`, `2`, `0.5`. */
export interface QuantityNode extends Described {
  readonly kind: 'quantity';
}

/** A string, number or boolean: what ends up as text, such as the value of an environment variable. */
export interface ScalarNode extends Described {
  readonly kind: 'scalar';
}

/** Any JSON value. */
export interface AnyNode extends Described {
  readonly kind: 'any';
}

/** Any JSON object. */
export interface FreeNode extends Described {
  readonly kind: 'free';
}

/** An object whose keys are the user's own. */
export interface MapNode extends Described {
  readonly kind: 'map';
  readonly values: Node;
}

/** A list. */
export interface ListNode extends Described {
  readonly kind: 'list';
  readonly items: Node;
}

/** An object with known fields. */
export interface ObjectNode extends Described {
  readonly kind: 'object';
  readonly fields: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly check?: ObjectCheck;
  /**
   * Whose object it is. A field of a Kubernetes type that we do not know may be one of a newer Kubernetes; a field of
   * the mesh configuration may be written in snake_case.
   */
  readonly origin: 'istio' | 'kubernetes' | 'meshConfig';
  /**
   * How much of it the CRD describes, where that is less than usual: its fields but not what is inside them, or nothing.
   * Validation always knows everything.
   */
  readonly inCrd?: 'fields' | 'nothing';
}

/** Any schema, without its TypeScript type. */
export type Node =
  | TextNode
  | FlagNode
  | NumberNode
  | IntOrTextNode
  | QuantityNode
  | ScalarNode
  | AnyNode
  | FreeNode
  | MapNode
  | ListNode
  | ObjectNode;

declare const described: unique symbol;

/** A schema that describes values of type `T`. */
export type Schema<T> = Node & { readonly [described]?: { readonly type: T } };

/** The TypeScript type of what a schema describes. */
export type Infer<S> = S extends { readonly [described]?: infer D } ? (D extends { type: infer T } ? T : never) : never;

type Fields = Readonly<Record<string, Node>>;
type InferFields<F extends Fields> = { readonly [Key in keyof F]?: Infer<F[Key]> | null };

/** Any JSON as `Json` of the core layer has it, repeated because that type must not be widened by inference. */
type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };
type JsonMap = { readonly [key: string]: JsonValue | undefined };

type TextOptions = Omit<TextNode, 'kind' | 'numbers' | 'description'>;

/** A string. */
export function text(description?: string, options: TextOptions = {}): Schema<string> {
  return { kind: 'text', numbers: 'refuse', ...options, ...about(description) };
}

/** A string that YAML may have read as a number; it is handed on as a string. */
export function textFromNumber(description?: string, options: TextOptions = {}): Schema<string> {
  return { kind: 'text', numbers: 'convert', ...options, ...about(description) };
}

/** A string that YAML may have read as a whole number; it is handed on as a string. */
export function textFromInteger(description?: string, options: TextOptions = {}): Schema<string> {
  return { kind: 'text', numbers: 'convertWhole', ...options, ...about(description) };
}

/** A string or a number, handed on as it is. */
export function textOrNumber(description?: string, options: TextOptions = {}): Schema<string | number> {
  return { kind: 'text', numbers: 'keep', ...options, ...about(description) };
}

/** One of a few words, or the empty string. */
export function oneOf(words: readonly string[], description?: string): Schema<string> {
  return { kind: 'text', numbers: 'refuse', oneOf: words, ...about(description) };
}

/** One of the words that Kubernetes knows in a field of its API. */
export function kubernetesWord(words: readonly string[]): Schema<string> {
  return { kind: 'text', numbers: 'refuse', oneOf: words, openEnded: true };
}

/** `true` or `false`. */
export function flag(description?: string): Schema<boolean> {
  return { kind: 'flag', ...about(description) };
}

/** A whole number of at least `min`; -2^31 to 2^63 where nothing is given. */
export function integer(
  description?: string,
  bounds: { readonly min?: number; readonly max?: number } = {},
): Schema<number> {
  return { kind: 'number', whole: true, ...bounds, ...about(description) };
}

/** A whole number that is not negative. */
export function count(description?: string): Schema<number> {
  return { kind: 'number', whole: true, min: 0, ...about(description) };
}

/** The same number, in quotes or not: Istio reads its values so, but no field of Kubernetes. */
export function quotable(schema: Schema<number>): Schema<number> {
  return schema.kind === 'number' ? { ...schema, quoted: 'convert' } : schema;
}

/** The same number, in quotes or not, handed on as it is. */
export function keptQuotable(schema: Schema<number>): Schema<number | string> {
  return schema.kind === 'number' ? { ...schema, quoted: 'keep' } : (schema as Schema<number | string>);
}

/** Any number. */
export function decimal(description?: string): Schema<number> {
  return { kind: 'number', whole: false, ...about(description) };
}

/** `1` or `"25%"`. */
export function intOrText(description?: string): Schema<number | string> {
  return { kind: 'intOrText', ...about(description) };
}

/** A Kubernetes quantity, as a string or a number. */
export function quantity(description?: string): Schema<number | string> {
  return { kind: 'quantity', ...about(description) };
}

/** A string, number or boolean. */
export function scalar(description?: string): Schema<string | number | boolean> {
  return { kind: 'scalar', ...about(description) };
}

/** Any JSON value. */
export function anything(description?: string): Schema<JsonValue> {
  return { kind: 'any', ...about(description) };
}

/** Any JSON object. */
export function free(description?: string): Schema<JsonMap> {
  return { kind: 'free', ...about(description) };
}

/** An object with keys of the user's choice. */
export function mapOf<V extends Node>(
  values: V,
  description?: string,
): Schema<{ readonly [key: string]: Infer<V> | null }> {
  return { kind: 'map', values, ...about(description) };
}

/** A list. */
export function listOf<I extends Node>(items: I, description?: string): Schema<readonly Infer<I>[]> {
  return { kind: 'list', items, ...about(description) };
}

/** An object with known fields; `required` ones must be there and not null. */
export function object<F extends Fields>(
  fields: F,
  description?: string,
  options: Partial<Pick<ObjectNode, 'required' | 'check' | 'origin' | 'inCrd'>> = {},
): Schema<InferFields<F>> {
  return { kind: 'object', fields, origin: 'istio', ...options, ...about(description) };
}

/** An object of the Kubernetes API. */
export function kubernetes<F extends Fields>(fields: F): Schema<InferFields<F>> {
  return { kind: 'object', fields, origin: 'kubernetes' };
}

/** The same schema with another description. */
export function withDescription<S extends Node>(schema: S, description: string): S {
  return { ...schema, description };
}

/** The same schema, of which the CRD describes less. */
export function briefly<S extends Node>(schema: S, inCrd: 'fields' | 'nothing'): S {
  return { ...schema, inCrd };
}

function about(description: string | undefined): Described {
  return description === undefined ? {} : { description };
}
