import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { JsonObject, KubernetesObject } from '../../src/core/index.ts';
import { startCluster, type TestCluster } from '../cluster/index.ts';
import { kubectl } from '../support/kubectl.ts';
import { objectsOf } from './rendered-addons.ts';

// The first run on a machine builds the cluster.
const TIMEOUT_MS = 20 * 60_000;

let cluster: TestCluster;
let dir: string;

beforeAll(async () => {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  cluster = await startCluster({}, signal);
  dir = await mkdtemp(join(tmpdir(), 'addons-'));
  await kubectl(cluster, ['create', 'namespace', 'istio-system']);
  const crds = objectsOf({}).filter(({ kind }) => kind === 'CustomResourceDefinition');
  await apply(crds);
  await kubectl(cluster, ['wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s']);
}, TIMEOUT_MS);

afterAll(async () => {
  await cluster?.stop();
  await rm(dir, { recursive: true, force: true });
});

const volume = { size: '1Gi', storageClassName: 'fast' };
const cases: Record<string, JsonObject> = {
  'as the profile demo has them': { profile: 'demo' },
  'with volumes, exposed by an Ingress, with logins': {
    profile: 'demo',
    addonComponents: {
      prometheus: { persistence: volume, expose: { host: 'p.example.com', tlsSecret: 'tls' } },
      grafana: { persistence: volume, expose: { host: 'g.example.com' }, auth: { secretName: 'admin' } },
      kiali: { expose: { host: 'k.example.com', ingressClassName: 'nginx' }, auth: { secretName: 'login' } },
      tracing: { persistence: volume, expose: { host: 't.example.com' } },
    },
  },
  'exposed by a Gateway of Istio, with Zipkin': {
    addonComponents: {
      prometheus: { expose: { kind: 'Gateway', host: 'p.example.com', tlsSecret: 'tls' } },
      zipkin: { expose: { kind: 'Gateway', host: 'z.example.com' } },
    },
  },
};

test.each(Object.entries(cases))('the API server takes the add-ons %s, every field of them', async (_name, spec) => {
  const addons = objectsOf(spec).filter(isAddon);
  const printed = await apply(addons);
  expect(printed.trim().split('\n')).toHaveLength(addons.length);
  await kubectl(cluster, ['rollout', 'status', 'deployment', '-n', 'istio-system', '--timeout=30s', '-l', 'app=kiali']);
});

function isAddon({ metadata }: KubernetesObject): boolean {
  return metadata.labels?.['operator.istio.io/component'] === 'AddonComponents';
}

/** Strictly: a field that the server does not know is an error. */
async function apply(objects: readonly KubernetesObject[]): Promise<string> {
  const file = join(dir, 'objects.json');
  await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  return await kubectl(cluster, ['apply', '--server-side', '--force-conflicts', '--validate=strict', '-f', file]);
}
