import { expect, test } from '@jest/globals';
import { rule } from '../../../../../src/components/base/crds/cel.ts';
import {
  anyObject,
  boolean,
  double,
  duration,
  enumOf,
  int32,
  intOrString,
  keepingUnknown,
  list,
  map,
  nullable,
  object,
  port,
  type Schema,
  string,
  uint32,
  uint64,
} from '../../../../../src/components/base/crds/schema.ts';

const NOT_EMPTY = rule('must not be empty', 'self.size() != 0');

const cases: Record<string, { schema: Schema; want: unknown }> = {
  'a plain text has a type only': { schema: string(), want: { type: 'string' } },
  'a text takes limits and rules': {
    schema: string({ minLength: 1, maxLength: 63, pattern: '^a', rules: [NOT_EMPTY] }),
    want: { type: 'string', minLength: 1, maxLength: 63, pattern: '^a', 'x-kubernetes-validations': [NOT_EMPTY] },
  },
  'an enumeration is a text of given values': {
    schema: enumOf('ALLOW', 'DENY'),
    want: { type: 'string', enum: ['ALLOW', 'DENY'] },
  },
  'a boolean has a type only': { schema: boolean(), want: { type: 'boolean' } },
  'a signed integer has a format': { schema: int32(), want: { type: 'integer', format: 'int32' } },
  'a signed integer takes limits': {
    schema: int32({ minimum: 0 }),
    want: { type: 'integer', format: 'int32', minimum: 0 },
  },
  'an unsigned integer of 32 bits has bounds instead of a format': {
    schema: uint32(),
    want: { type: 'integer', minimum: 0, maximum: 4294967295 },
  },
  'limits narrow the bounds of an unsigned integer': {
    schema: uint32({ minimum: 1, maximum: 65535 }),
    want: { type: 'integer', minimum: 1, maximum: 65535 },
  },
  'an unsigned integer of 64 bits has no upper bound': { schema: uint64(), want: { type: 'integer', minimum: 0 } },
  'a floating-point number has a format': {
    schema: double({ minimum: 0, maximum: 100 }),
    want: { type: 'number', format: 'double', minimum: 0, maximum: 100 },
  },
  'a port is checked by a rule, so that the user reads which numbers are ports': {
    schema: port(),
    want: {
      type: 'integer',
      minimum: 0,
      maximum: 4294967295,
      'x-kubernetes-validations': [{ message: 'port must be between 1-65535', rule: '0 < self && self <= 65535' }],
    },
  },
  'a duration is a text that CEL can read as one': {
    schema: duration(),
    want: {
      type: 'string',
      'x-kubernetes-validations': [
        { message: 'must be a valid duration greater than 1ms', rule: "duration(self) >= duration('1ms')" },
      ],
    },
  },
  'an integer or text has no type, as structural schemas want it': {
    schema: intOrString(),
    want: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
  },
  'an object without a schema keeps everything': {
    schema: anyObject(),
    want: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
  'a nullable value keeps its other properties': {
    schema: nullable(int32()),
    want: { type: 'integer', format: 'int32', nullable: true },
  },
  'a list describes its items': {
    schema: list(string(), { minItems: 1, maxItems: 2, rules: [NOT_EMPTY] }),
    want: {
      type: 'array',
      items: { type: 'string' },
      minItems: 1,
      maxItems: 2,
      'x-kubernetes-validations': [NOT_EMPTY],
    },
  },
  'a list with keys is a map to the API server': {
    schema: list(object({ name: string() }, { required: ['name'] }), { keys: ['name'], maxItems: 3 }),
    want: {
      type: 'array',
      items: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
      maxItems: 3,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    },
  },
  'a map describes its values': {
    schema: map(uint64(), { minProperties: 1, maxProperties: 4, rules: [NOT_EMPTY] }),
    want: {
      type: 'object',
      additionalProperties: { type: 'integer', minimum: 0 },
      minProperties: 1,
      maxProperties: 4,
      'x-kubernetes-validations': [NOT_EMPTY],
    },
  },
  'an object lists its fields, those required and its rules': {
    schema: object({ host: string(), subset: string() }, { required: ['host'], rules: [NOT_EMPTY] }),
    want: {
      type: 'object',
      properties: { host: { type: 'string' }, subset: { type: 'string' } },
      required: ['host'],
      'x-kubernetes-validations': [NOT_EMPTY],
    },
  },
  'a group of fields admits none or one of them': {
    schema: object({ exact: string(), prefix: string() }, { oneofs: [['exact', 'prefix']] }),
    want: {
      type: 'object',
      properties: { exact: { type: 'string' }, prefix: { type: 'string' } },
      oneOf: [
        { not: { anyOf: [{ required: ['exact'] }, { required: ['prefix'] }] } },
        { required: ['exact'] },
        { required: ['prefix'] },
      ],
    },
  },
  'several groups of fields hold independently': {
    schema: object({ a: string(), b: string() }, { oneofs: [['a'], ['b']] }),
    want: {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      allOf: [
        { oneOf: [{ not: { anyOf: [{ required: ['a'] }] } }, { required: ['a'] }] },
        { oneOf: [{ not: { anyOf: [{ required: ['b'] }] } }, { required: ['b'] }] },
      ],
    },
  },
  'an object can keep fields that it does not describe': {
    schema: keepingUnknown(object({ a: string() })),
    want: { type: 'object', properties: { a: { type: 'string' } }, 'x-kubernetes-preserve-unknown-fields': true },
  },
};

test.each(Object.entries(cases))('%s', (_name, { schema, want }) => expect(schema).toStrictEqual(want));

test('plain types exist once, however often they are asked for', () => {
  expect(string()).toBe(string());
  expect(port()).toBe(port());
});

test('limits never reach the shared plain type', () => {
  string({ minLength: 1 });
  nullable(uint32({ minimum: 7 }));
  expect(string()).toEqual({ type: 'string' });
  expect(uint32()).toEqual({ type: 'integer', minimum: 0, maximum: 4294967295 });
});

test('the compiler refuses a required field or a group member that the object does not have', () => {
  // @ts-expect-error: `hots` is not a field
  object({ host: string() }, { required: ['hots'] });
  // @ts-expect-error: `regexp` is not a field
  const schema = object({ exact: string() }, { oneofs: [['exact', 'regexp']] });
  expect(schema.oneOf).toHaveLength(3);
});
