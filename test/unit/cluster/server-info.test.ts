import { expect, test } from '@jest/globals';
import { aClient, answer, aScope, startApiServer, until } from './api-server.ts';

const status = (code: number) => ({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason: 'NotFound' });

test('a cluster with the API group of OpenShift is one', async () => {
  await using server = await startApiServer((request, response) => {
    if (request.path === '/version') answer(response, 200, { gitVersion: 'v1.33.1' });
    else answer(response, 200, { kind: 'APIGroup', apiVersion: 'v1', name: 'security.openshift.io' });
  });
  using client = aClient(server);
  expect(await client.cluster.facts(aScope())).toEqual({ kubernetesVersion: '1.33.1', platform: 'openshift' });
  expect(server.requests.map(({ path }) => path)).toEqual(['/version', '/apis/security.openshift.io']);
});

test('one without it is none, and GKE is known by its version alone', async () => {
  let gitVersion = 'v1.33.1';
  await using server = await startApiServer((request, response) => {
    if (request.path === '/version') answer(response, 200, { gitVersion });
    else answer(response, 404, status(404));
  });
  using client = aClient(server);
  expect(await client.cluster.facts(aScope())).toEqual({ kubernetesVersion: '1.33.1' });
  gitVersion = 'v1.33.1-gke.1';
  expect(await client.cluster.facts(aScope())).toMatchObject({ platform: 'gke' });
  expect(server.requests.filter(({ path }) => path !== '/version')).toHaveLength(1);
});

test('a right is asked for with its parts, and repeated after a dropped connection, for it changes nothing', async () => {
  let dropped = 0;
  await using server = await startApiServer((_request, response) => {
    if (dropped++ === 0) response.destroy();
    else answer(response, 201, { kind: 'SelfSubjectAccessReview', status: { allowed: true } });
  });
  using client = aClient(server);
  const right = { verb: 'patch', group: 'install.istio.io', resource: 'istiooperators/status', namespace: 'team-a' };
  const asked = client.cluster.may(right, aScope());
  await until(() => client.clock.pending > 1); // the deadline, and the pause before the next attempt
  await client.clock.advance(1_000);
  expect(await asked).toBe(true);
  const { spec } = JSON.parse(server.requests.at(-1)?.body ?? '') as { spec: object };
  expect(spec).toEqual({
    resourceAttributes: { ...right, resource: 'istiooperators', subresource: 'status' },
  });
});
