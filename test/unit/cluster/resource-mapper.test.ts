import { expect, test } from '@jest/globals';
import { type Discover, ResourceMapper } from '../../../src/cluster/resource-mapper.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { aScope } from './api-server.ts';

const GATEWAY = { apiVersion: 'networking.istio.io/v1', kind: 'Gateway' };
const SERVED = {
  resources: [
    { name: 'gateways', kind: 'Gateway', namespaced: true },
    { name: 'gateways/status', kind: 'Gateway', namespaced: true },
    { name: '__proto__', kind: '__proto__', namespaced: false },
  ],
};

/** A mapper whose server can be changed; `asked` is what it was asked for. */
function aMapper() {
  const server: { document: object | undefined; asked: string[] } = { document: SERVED, asked: [] };
  const clock = fakeClock();
  const discover: Discover = async (apiVersion) => {
    server.asked.push(apiVersion);
    return server.document as never;
  };
  return { server, clock, mapper: new ResourceMapper(discover, clock, aScope()) };
}

test('built-in kinds need no discovery', async () => {
  const { mapper, server } = aMapper();
  const roles = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole' };
  expect(await mapper.find(roles, aScope())).toMatchObject({ plural: 'clusterroles', namespaced: false });
  expect(await mapper.serves({ apiVersion: 'v1', kind: 'Service' }, aScope())).toBe(true);
  expect(server.asked).toEqual([]);
});

test('another kind is looked up in its group and version, once for all who ask together', async () => {
  const { mapper, server } = aMapper();
  const found = await Promise.all([mapper.find(GATEWAY, aScope()), mapper.find(GATEWAY, aScope())]);
  expect(found[0]).toEqual({ ...GATEWAY, plural: 'gateways', namespaced: true });
  await mapper.find(GATEWAY, aScope());
  expect(server.asked).toEqual(['networking.istio.io/v1']);
});

test('a kind that is missing is asked for again after a tenth of a second, not sooner', async () => {
  const { mapper, server, clock } = aMapper();
  server.document = undefined;
  expect(await mapper.find(GATEWAY, aScope())).toBeUndefined();
  server.document = SERVED;
  await clock.advance(99);
  expect(await mapper.find(GATEWAY, aScope())).toBeUndefined();
  await clock.advance(1);
  expect(await mapper.find(GATEWAY, aScope())).toBeDefined();
});

test('serves notices within seconds that a kind is gone', async () => {
  const { mapper, server, clock } = aMapper();
  expect(await mapper.serves(GATEWAY, aScope())).toBe(true);
  server.document = undefined;
  await clock.advance(5_000);
  expect(await mapper.serves(GATEWAY, aScope())).toBe(false);
});

test('a kind that the server denied is looked up anew', async () => {
  const { mapper, server } = aMapper();
  await mapper.find(GATEWAY, aScope());
  mapper.forget(GATEWAY);
  await mapper.find(GATEWAY, aScope());
  expect(server.asked).toHaveLength(2);
});

test('names that could reach a prototype are names like others', async () => {
  const { mapper } = aMapper();
  expect(await mapper.find({ ...GATEWAY, kind: 'constructor' }, aScope())).toBeUndefined();
  expect(await mapper.find({ ...GATEWAY, kind: '__proto__' }, aScope())).toMatchObject({ plural: '__proto__' });
  expect(await mapper.find({ apiVersion: 'v1', kind: 'constructor' }, aScope())).toBeUndefined();
});

test('the first who asks may give up without taking the answer from the others', async () => {
  const clock = fakeClock();
  const { promise, resolve } = Promise.withResolvers<object>();
  const mapper = new ResourceMapper((async () => promise) as Discover, clock, aScope());
  const stop = new AbortController();
  const first = mapper.find(GATEWAY, aScope(stop.signal));
  const second = mapper.find(GATEWAY, aScope());
  stop.abort(new Error('gone'));
  await expect(first).rejects.toThrow('gone');
  resolve(SERVED);
  expect(await second).toBeDefined();
});

test('who waits for a kind hears of it when another finds it', async () => {
  const { mapper, server, clock } = aMapper();
  server.document = undefined;
  let appeared = false;
  void mapper.appearance(GATEWAY, new AbortController().signal).then(() => {
    appeared = true;
  });
  await mapper.find(GATEWAY, aScope());
  expect(appeared).toBe(false);
  server.document = SERVED;
  await clock.advance(1_000);
  await mapper.find(GATEWAY, aScope());
  expect(appeared).toBe(true);
});
