import { expect, test } from '@jest/globals';
import type { Call } from '../../../src/cluster/call.ts';
import { responseError } from '../../../src/cluster/status-error.ts';
import type { ErrorCode } from '../../../src/core/index.ts';

function aCall(kind = 'Deployment'): Call {
  return {
    verb: 'apply',
    resource: 'things',
    kind: { apiVersion: 'apps/v1', kind },
    object: { group: 'apps', kind, namespace: 'istio-system', name: 'it' },
    request: { method: 'PATCH', path: '/', headers: {} },
  };
}

function errorFor(code: number, status: object | string, call = aCall(), headers = {}) {
  const body = typeof status === 'string' ? status : JSON.stringify({ kind: 'Status', code, ...status });
  return responseError(call, { status: code, headers, body }, 'https://api.test:6443');
}

const conflict = (manager: string, field: string) => ({
  reason: 'FieldManagerConflict',
  message: `conflict with "${manager}" using apps/v1`,
  field,
});

const cases: Record<string, { code: number; status: object | string; want: ErrorCode; says: string }> = {
  'a conflict of field managers names each field and its owner': {
    code: 409,
    status: {
      reason: 'Conflict',
      message: 'x',
      details: { causes: [conflict('helm', '.spec.a'), conflict('hpa', '.spec.b')] },
    },
    want: 'FieldConflict',
    says: 'Cannot apply Deployment istio-system/it: field .spec.a is owned by manager helm; field .spec.b is owned by manager hpa',
  },
  'a conflict of versions': {
    code: 409,
    status: { reason: 'Conflict', message: 'the object has been modified' },
    want: 'WriteConflict',
    says: 'the object has been modified',
  },
  'an object that exists': {
    code: 409,
    status: { reason: 'AlreadyExists', message: 'x' },
    want: 'AlreadyExists',
    says: 'x',
  },
  'an invalid field whose cause the message has already': {
    code: 422,
    status: {
      reason: 'Invalid',
      message: 'it is invalid: spec.a: Required value',
      details: { causes: [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.a' }] },
    },
    want: 'ObjectRejected',
    says: 'Cannot apply Deployment istio-system/it: it is invalid: spec.a: Required value',
  },
  'a cause that the message does not have': {
    code: 422,
    status: {
      reason: 'Invalid',
      message: 'it is invalid',
      details: { causes: [{ message: 'too long', field: 'spec.b' }] },
    },
    want: 'ObjectRejected',
    says: 'it is invalid (spec.b: too long)',
  },
  'a field that never changes': {
    code: 422,
    status: {
      reason: 'Invalid',
      message: 'it is invalid',
      details: { causes: [{ message: 'Invalid value: {}: field is immutable', field: 'spec.selector' }] },
    },
    want: 'ImmutableField',
    says: 'spec.selector: Invalid value: {}: field is immutable',
  },
  'a bad request': { code: 400, status: { reason: 'BadRequest', message: 'no' }, want: 'ObjectRejected', says: 'no' },
  'a value of the wrong type, which comes as a bare 500': {
    code: 500,
    status: { message: 'failed to create typed patch object (x): .spec.replicas: expected numeric' },
    want: 'ObjectRejected',
    says: '.spec.replicas: expected numeric',
  },
  'a webhook that cannot be called': {
    code: 500,
    status: { reason: 'InternalError', message: 'failed calling webhook "a"' },
    want: 'ApiError',
    says: 'failed calling webhook "a"',
  },
  'a namespace that is being deleted': {
    code: 403,
    status: {
      reason: 'Forbidden',
      message: 'x',
      details: { causes: [{ reason: 'NamespaceTerminating', field: 'metadata.namespace' }] },
    },
    want: 'NamespaceTerminating',
    says: 'x',
  },
  'a missing permission': {
    code: 403,
    status: {
      reason: 'Forbidden',
      message: 'User "u" cannot patch resource "deployments" in the namespace "istio-system"',
    },
    want: 'Forbidden',
    says: 'cannot patch resource "deployments" in the namespace "istio-system"',
  },
  'a missing namespace': {
    code: 404,
    status: { reason: 'NotFound', message: 'namespaces "a" not found' },
    want: 'NotFound',
    says: 'namespaces "a" not found',
  },
  'a kind that the server has not': {
    code: 404,
    status: '404 page not found\n',
    want: 'KindNotServed',
    says: 'Deployment of apps/v1',
  },
  'a gateway in front of the server': {
    code: 503,
    status: '<html>secret</html>',
    want: 'ApiUnavailable',
    says: 'https://api.test:6443 answered 503.',
  },
  'credentials that are not accepted name the server, and not one of many requests': {
    code: 401,
    status: { reason: 'Unauthorized', message: 'Unauthorized' },
    want: 'Unauthorized',
    says: 'The API server https://api.test:6443 does not accept the credentials',
  },
  'a forgotten version': {
    code: 410,
    status: { reason: 'Expired', message: 'too old' },
    want: 'Gone',
    says: 'too old',
  },
};

test.each(Object.entries(cases))('%s', (_name, { code, status, want, says }) => {
  const error = errorFor(code, status);
  expect(error.detail.code).toBe(want);
  expect(error.message).toContain(says);
  expect(error.message).not.toContain('secret');
  expect(error.detail.objects).toEqual([{ group: 'apps', kind: 'Deployment', namespace: 'istio-system', name: 'it' }]);
});

test('what the server says about a Secret is cut down to fields, for it may quote values', () => {
  const causes = [{ reason: 'FieldValueInvalid', message: 'Invalid value: "hunter2"', field: 'data.password' }];
  const error = errorFor(422, { reason: 'Invalid', message: 'bad: hunter2', details: { causes } }, aCall('Secret'));
  expect(error.message).toBe('Cannot apply Secret istio-system/it: Invalid: data.password (FieldValueInvalid)');
});

test('a message that quotes a whole object is cut short', () => {
  const error = errorFor(422, { reason: 'Invalid', message: 'x'.repeat(100_000) });
  expect(error.message.length).toBeLessThan(700);
});

test('Retry-After comes from the header, else from the details', () => {
  const details = { retryAfterSeconds: 3 };
  const status = { reason: 'TooManyRequests', message: 'x', details };
  expect(errorFor(429, status).detail.retryAfterSeconds).toBe(3);
  expect(errorFor(429, status, aCall(), { 'retry-after': '9' }).detail.retryAfterSeconds).toBe(9);
});
