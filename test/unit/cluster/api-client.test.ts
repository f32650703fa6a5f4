import { expect, test } from '@jest/globals';
import type { Authentication, Credentials } from '../../../src/cluster/credentials.ts';
import type { JsonObject, KubernetesObject } from '../../../src/core/index.ts';
import {
  aClient,
  answer,
  aScope,
  fail,
  failureOf,
  listOf,
  liveConfigMap,
  startApiServer,
  until,
} from './api-server.ts';

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' };
const REF = { ...CONFIG_MAP, namespace: 'default', name: 'it' };
const OBJECT = { ...CONFIG_MAP, metadata: { name: 'it', namespace: 'default' } };
const OURS = { fieldManager: 'istio-operator', force: true };

test('an apply is a PATCH with the object, field manager and force, and without what ties it to one version', async () => {
  await using server = await startApiServer((_request, response) => answer(response, 200, liveConfigMap('it')));
  using client = aClient(server);
  const metadata = { ...OBJECT.metadata, resourceVersion: '7', managedFields: [] };
  await client.cluster.apply({ ...OBJECT, metadata } as KubernetesObject, OURS, aScope());
  const [request] = server.requests;
  expect(request?.method).toBe('PATCH');
  expect(request?.path).toBe('/api/v1/namespaces/default/configmaps/it');
  expect(Object.fromEntries(request?.query ?? [])).toEqual({ fieldManager: 'istio-operator', force: 'true' });
  expect(request?.headers['content-type']).toBe('application/apply-patch+yaml');
  expect(JSON.parse(request?.body ?? '')).toEqual(OBJECT);
});

test('a server may live below a path, as behind Rancher', async () => {
  await using server = await startApiServer((_request, response) => answer(response, 200, liveConfigMap('it')));
  using client = aClient({ url: `${server.url}/k8s/clusters/c-1/` });
  await client.cluster.get(REF, aScope());
  expect(server.requests[0]?.path).toBe('/k8s/clusters/c-1/api/v1/namespaces/default/configmaps/it');
});

test('names are encoded and otherwise kept as they are', async () => {
  await using server = await startApiServer((_request, response) => answer(response, 200, liveConfigMap('it')));
  using client = aClient(server);
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', namespace: '', name: 'a/b:Upper?x' };
  await client.cluster.get(role, aScope());
  expect(server.requests[0]?.path).toBe('/apis/rbac.authorization.k8s.io/v1/clusterroles/a%2Fb%3AUpper%3Fx');
});

test('objects are byte-equal on the wire, whatever their fields are called', async () => {
  await using server = await startApiServer((_request, response) => answer(response, 200, liveConfigMap('it')));
  using client = aClient(server);
  const objects: readonly JsonObject[] = [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'it', namespace: 'default' },
      spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }], _from: 'kept' }] },
    },
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'its.test' },
      spec: {
        default: 1,
        enum: ['a'],
        'x-kubernetes-int-or-string': true,
        'x-kubernetes-validations': [{ rule: 'ü' }],
      },
    },
  ];
  for (const object of objects) await client.cluster.apply(object as unknown as KubernetesObject, OURS, aScope());
  expect(server.requests.map((request) => request.body)).toEqual(objects.map((object) => JSON.stringify(object)));
});

test('500 applies use at most 16 connections', async () => {
  await using server = await startApiServer((_request, response) => answer(response, 200, liveConfigMap('it')));
  using client = aClient(server);
  await Promise.all(Array.from({ length: 500 }, () => client.cluster.apply(OBJECT, OURS, aScope())));
  expect(server.requests).toHaveLength(500);
  expect(server.connections).toBeLessThanOrEqual(16);
});

test('a Lease is written while all other requests hang', async () => {
  await using server = await startApiServer((request, response) => {
    if (request.path.includes('leases')) answer(response, 200, liveConfigMap('it'));
  });
  using client = aClient(server, { connections: 4 });
  const stop = new AbortController();
  const hanging = Array.from({ length: 8 }, () => client.cluster.apply(OBJECT, OURS, aScope(stop.signal)));
  const ended = Promise.allSettled(hanging);
  await until(() => server.requests.length === 2);
  const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'it', namespace: 'default' } };
  await client.cluster.apply(lease, { ...OURS, priority: 'high' }, aScope());
  expect(server.requests).toHaveLength(3);
  stop.abort(new Error('over'));
  await ended;
});

test('429 is tried again after the time that the server asks for, and not before', async () => {
  await using server = await startApiServer((_request, response) => {
    if (server.requests.length > 1) answer(response, 200, liveConfigMap('it'));
    else fail(response, 429, 'TooManyRequests', { headers: { 'retry-after': '7' } });
  });
  using client = aClient(server);
  const call = client.cluster.create(OBJECT, OURS, aScope());
  await until(() => client.clock.pending === 2);
  await client.clock.advance(6_999);
  expect(server.requests).toHaveLength(1);
  await client.clock.advance(1);
  expect((await call).metadata.name).toBe('it');
  expect(client.reports.map((report) => report.code)).toEqual([429, 200]);
});

test('a wait that would outlast the deadline is left to the caller', async () => {
  await using server = await startApiServer((_request, response) =>
    fail(response, 429, 'TooManyRequests', { headers: { 'retry-after': '60' } }),
  );
  using client = aClient(server);
  const error = await failureOf(client.cluster.get(REF, aScope()));
  expect(error.detail).toMatchObject({ code: 'TooManyRequests', retryAfterSeconds: 60 });
  expect(server.requests).toHaveLength(1);
});

test.each([502, 503, 504])('%d is tried again with growing delays, four times in all', async (status) => {
  await using server = await startApiServer((_request, response) => answer(response, status, {}));
  using client = aClient(server);
  const call = failureOf(client.cluster.apply(OBJECT, OURS, aScope()));
  const delays: (number | undefined)[] = [];
  for (let attempt = 1; attempt < 4; attempt++) {
    await until(() => server.requests.length === attempt && client.clock.pending === 2);
    delays.push(client.clock.nextInMs);
    await client.clock.advance(client.clock.nextInMs ?? 0);
  }
  expect((await call).detail.code).toBe(status === 504 ? 'ApiTimeout' : 'ApiUnavailable');
  expect(delays).toEqual([187.5, 375, 750]);
  expect(server.requests).toHaveLength(4);
});

test('a create that the server may have seen is not sent again', async () => {
  await using server = await startApiServer((_request, response) => response.destroy());
  using client = aClient(server);
  const error = await failureOf(client.cluster.create(OBJECT, OURS, aScope()));
  expect(error.detail.code).toBe('ApiUnavailable');
  expect(error.message).toContain('the connection was dropped');
  expect(server.requests).toHaveLength(1);
});

test('an apply whose connection drops is sent again', async () => {
  await using server = await startApiServer((_request, response) => {
    if (server.requests.length > 1) answer(response, 200, liveConfigMap('it'));
    else response.destroy();
  });
  using client = aClient(server);
  const call = client.cluster.apply(OBJECT, OURS, aScope());
  await until(() => client.clock.pending === 2);
  await client.clock.advance(1_000);
  expect((await call).metadata.name).toBe('it');
});

test('an answer that breaks off in the middle is tried again', async () => {
  await using server = await startApiServer((_request, response) => {
    if (server.requests.length > 1) return answer(response, 200, liveConfigMap('it'));
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{"kind":', () => response.destroy());
  });
  using client = aClient(server);
  const call = client.cluster.get(REF, aScope());
  await until(() => client.clock.pending === 2);
  await client.clock.advance(1_000);
  expect((await call)?.metadata.name).toBe('it');
});

test('a server that is down is ApiUnavailable with address, reason and hint; a create is tried again', async () => {
  const server = await startApiServer(() => {});
  await server[Symbol.asyncDispose]();
  using client = aClient(server);
  const call = failureOf(client.cluster.create(OBJECT, OURS, aScope()));
  for (let attempt = 1; attempt < 4; attempt++) {
    await until(() => client.reports.length === attempt && client.clock.pending === 2);
    await client.clock.advance(client.clock.nextInMs ?? 0);
  }
  const { message, detail } = await call;
  expect(detail.code).toBe('ApiUnavailable');
  expect(message).toBe(`The API server ${server.url} cannot be reached: nothing listens there (connection refused).`);
  expect(detail.hint).toContain('cluster is running');
  expect(client.reports.map((report) => report.code)).toEqual([0, 0, 0, 0]);
});

test('a call ends at its deadline, and its connection is closed', async () => {
  await using server = await startApiServer(() => {});
  using client = aClient(server);
  const call = failureOf(client.cluster.get(REF, aScope()));
  await until(() => server.requests.length === 1);
  await client.clock.advance(30_000);
  const error = await call;
  expect(error.detail.code).toBe('ApiTimeout');
  expect(error.message).toContain('did not answer within 30 s');
  expect(error.detail.hint).toContain('overloaded');
  await until(() => server.open.size === 0);
});

test('aborting the scope closes the connection and rejects with the reason', async () => {
  await using server = await startApiServer(() => {});
  using client = aClient(server);
  const stop = new AbortController();
  const call = client.cluster.get(REF, aScope(stop.signal));
  await until(() => server.requests.length === 1);
  const reason = new Error('shutdown');
  stop.abort(reason);
  await expect(call).rejects.toBe(reason);
  await until(() => server.open.size === 0);
});

test('after a 401 the credentials are loaded again, once for all requests that were refused', async () => {
  let token = 'old';
  const loaded: string[] = [];
  await using server = await startApiServer((request, response) => {
    if (request.headers.authorization === 'Bearer new') answer(response, 200, liveConfigMap('it'));
    else fail(response, 401, 'Unauthorized');
  });
  let current: Authentication = { headers: { authorization: 'Bearer old' }, tls: {} };
  const credentials: Credentials = {
    authenticate: async () => current,
    expire: (refused) => {
      if (refused !== current) return;
      current = { headers: { authorization: `Bearer ${token}` }, tls: {} };
      loaded.push(token);
    },
  };
  token = 'new';
  using client = aClient(server, {}, credentials);
  await Promise.all(Array.from({ length: 5 }, () => client.cluster.get(REF, aScope())));
  expect(loaded).toEqual(['new']);
});

test('a second 401 in a row is Unauthorized', async () => {
  await using server = await startApiServer((_request, response) => fail(response, 401, 'Unauthorized'));
  using client = aClient(server);
  const error = await failureOf(client.cluster.get(REF, aScope()));
  expect(error.detail.code).toBe('Unauthorized');
  expect(server.requests).toHaveLength(2);
});

test('a list follows the pages and fills in what items of lists lack', async () => {
  await using server = await startApiServer((request, response) => {
    const { apiVersion: _version, kind: _kind, ...item } = liveConfigMap(request.query.get('continue') ?? 'first');
    answer(response, 200, listOf([item], '5', request.query.has('continue') ? undefined : 'second'));
  });
  using client = aClient(server);
  const items = await client.cluster.list(CONFIG_MAP, { labelSelector: 'a=b' }, aScope());
  expect(items.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'ConfigMap first',
    'ConfigMap second',
  ]);
  expect(server.requests.map(({ path, query }) => `${path}?${query}`)).toEqual([
    '/api/v1/configmaps?labelSelector=a%3Db&limit=500',
    '/api/v1/configmaps?labelSelector=a%3Db&limit=500&continue=second',
  ]);
});

test('a list with a limit asks for no more, and for no other page', async () => {
  await using server = await startApiServer((_request, response) =>
    answer(response, 200, listOf([liveConfigMap('a'), liveConfigMap('b')], '5', 'more')),
  );
  using client = aClient(server);
  expect(await client.cluster.list(CONFIG_MAP, { limit: 2 }, aScope())).toHaveLength(2);
  expect(server.requests.map(({ query }) => `${query}`)).toEqual(['limit=2']);
});

test('a list begins again when the server has forgotten the state of the next page', async () => {
  await using server = await startApiServer((request, response) => {
    if (request.query.has('continue') && server.requests.length === 2) fail(response, 410, 'Expired');
    else answer(response, 200, listOf([liveConfigMap('a')], '5', request.query.has('continue') ? undefined : 'more'));
  });
  using client = aClient(server);
  expect(await client.cluster.list(CONFIG_MAP, {}, aScope())).toHaveLength(2);
  expect(server.requests.map(({ query }) => query.get('continue'))).toEqual([null, 'more', null, 'more']);
});

test('an answer that is not JSON is an error that does not quote it', async () => {
  await using server = await startApiServer((_request, response) => response.end('<html>secret</html>'));
  using client = aClient(server);
  const error = await failureOf(client.cluster.get(REF, aScope()));
  expect(error.detail.code).toBe('ApiError');
  expect(String(error.message) + JSON.stringify(error.detail)).not.toContain('secret');
});

const versions: Record<string, { gitVersion: string; facts: object }> = {
  'a plain release': { gitVersion: 'v1.34.4', facts: { kubernetesVersion: '1.34.4' } },
  'a build suffix': { gitVersion: 'v1.33.1+k3s1', facts: { kubernetesVersion: '1.33.1' } },
  GKE: { gitVersion: 'v1.32.2-gke.1182003', facts: { kubernetesVersion: '1.32.2', platform: 'gke' } },
  EKS: { gitVersion: 'v1.31.5-eks-5d632ec', facts: { kubernetesVersion: '1.31.5' } },
};
test.each(Object.entries(versions))('the version of %s is understood', async (_name, { gitVersion, facts }) => {
  await using server = await startApiServer((_request, response) => answer(response, 200, { gitVersion }));
  using client = aClient(server);
  expect(await client.cluster.facts(aScope())).toEqual(facts);
});
