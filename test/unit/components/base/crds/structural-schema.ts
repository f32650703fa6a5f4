import { isObject, type Json, type JsonObject } from '../../../../../src/core/index.ts';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const JUNCTORS = ['allOf', 'anyOf', 'oneOf', 'not'];
/** What may not stand under `allOf`, `anyOf`, `oneOf` and `not`: these only validate, they do not describe. */
const NOT_UNDER_JUNCTORS = ['additionalProperties', 'default', 'description', 'nullable', 'type'];
const INT_OR_STRING = 'x-kubernetes-int-or-string';

/**
 * What the API server would hold against a schema, one line each, by the rules for structural schemas.
 * CEL is checked for a message only: compiling it takes an API server.
 * @see {@link https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema}
 */
export function structuralFaults(schema: JsonObject, path: string): string[] {
  return [
    ...typeFaults(schema),
    ...fieldFaults(schema),
    ...listFaults(schema),
    ...limitFaults(schema),
    ...ruleFaults(schema),
  ]
    .map((fault) => `${path}: ${fault}`)
    .concat(childrenOf(schema).flatMap(([name, child]) => structuralFaults(child, `${path}.${name}`)));
}

/** The schemas right below a schema, by field name, `[]` for items and `{}` for the values of a map. */
export function childrenOf(schema: JsonObject): [string, JsonObject][] {
  const { properties, items, additionalProperties } = schema;
  const children = isObject(properties) ? Object.entries(properties) : [];
  return [...children, ['[]', items], ['{}', additionalProperties]].filter((child): child is [string, JsonObject] =>
    isObject(child[1] as Json),
  );
}

function typeFaults(schema: JsonObject): string[] {
  if (schema[INT_OR_STRING] === true) {
    const isKnownShape = JSON.stringify(schema.anyOf) === '[{"type":"integer"},{"type":"string"}]';
    return schema.type === undefined && isKnownShape ? [] : ['an integer or string of another shape'];
  }
  const faults = TYPES.includes(String(schema.type)) ? [] : ['no type'];
  if (schema.type === 'array' && !isObject(schema.items)) faults.push('a list without items');
  return faults;
}

function fieldFaults(schema: JsonObject): string[] {
  const faults: string[] = [];
  const fields = isObject(schema.properties) ? Object.keys(schema.properties) : [];
  if (schema.properties !== undefined && schema.additionalProperties !== undefined) {
    faults.push('properties together with additionalProperties');
  }
  for (const name of requiredNames(schema)) {
    if (!fields.includes(name)) faults.push(`requires ${name}, which is not a field`);
  }
  for (const keyword of schema[INT_OR_STRING] === true ? [] : JUNCTORS) {
    faults.push(...junctorFaults(schema[keyword], fields));
  }
  return faults;
}

function junctorFaults(node: Json | undefined, fields: readonly string[]): string[] {
  if (Array.isArray(node)) return node.flatMap((each) => junctorFaults(each, fields));
  if (!isObject(node)) return [];
  return [
    ...NOT_UNDER_JUNCTORS.filter((key) => Object.hasOwn(node, key)).map((key) => `${key} under a junctor`),
    ...requiredNames(node)
      .filter((name) => !fields.includes(name))
      .map((name) => `${name} only under a junctor`),
    ...JUNCTORS.flatMap((keyword) => junctorFaults(node[keyword], fields)),
  ];
}

function listFaults(schema: JsonObject): string[] {
  const keys = schema['x-kubernetes-list-map-keys'];
  if (schema['x-kubernetes-list-type'] !== 'map') return keys === undefined ? [] : ['keys without list type "map"'];
  const required = isObject(schema.items) ? requiredNames(schema.items) : [];
  return (Array.isArray(keys) ? keys : [])
    .filter((key) => !required.includes(key))
    .map((key) => `the key ${key} is not required`);
}

function limitFaults(schema: JsonObject): string[] {
  const faults: string[] = [];
  for (const [low, high] of [
    ['minimum', 'maximum'],
    ['minLength', 'maxLength'],
    ['minItems', 'maxItems'],
    ['minProperties', 'maxProperties'],
  ] as const) {
    if (Number(schema[low] ?? 0) > Number(schema[high] ?? Infinity)) faults.push(`${low} above ${high}`);
  }
  if (Array.isArray(schema.enum) && new Set(schema.enum).size !== schema.enum.length) faults.push('a value twice');
  if (typeof schema.pattern === 'string') new RegExp(schema.pattern);
  return faults;
}

function ruleFaults(schema: JsonObject): string[] {
  const rules = schema['x-kubernetes-validations'] ?? [];
  if (!Array.isArray(rules)) return ['validations are not a list'];
  return rules.flatMap((each: Json) => {
    const { rule, message } = isObject(each) ? each : {};
    if (typeof rule !== 'string' || !/\bself\b/.test(rule)) return ['a rule that does not look at self'];
    if (typeof message !== 'string' || message.trim() === '' || message.includes('\n')) return [`no message: ${rule}`];
    return [];
  });
}

function requiredNames(schema: JsonObject): readonly string[] {
  return Array.isArray(schema.required) ? schema.required : [];
}
