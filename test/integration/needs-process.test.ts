import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { mapConcurrently } from '../../src/apply/index.ts';
import type { KubernetesObject } from '../../src/core/index.ts';
import { operatorInPod } from '../chaos/operator-process.ts';
import { buildBundle } from '../support/pod-environment.ts';
import { writeKubeconfig } from '../support/proxied-cluster.ts';
import { anOperator, applyOperator, until, untilStatus, useLab } from './operator-harness.ts';
import { startOperatorProcess } from './operator-process.ts';

const lab = await useLab();
const { folder } = lab;
await lab.kubectl('apply', '-k', 'deploy');

const inOperator = ['-n', 'istio-operator'];
const get = async (...args: string[]) => JSON.parse(await lab.kubectl('get', ...args, '-o', 'json'));

async function operatorKubeconfig(): Promise<string> {
  const token = (await lab.kubectl('create', 'token', 'istio-operator', ...inOperator)).trim();
  return await writeKubeconfig(join(folder, 'kubeconfig.yaml'), lab.cluster, { token });
}

interface Container {
  readonly args: readonly string[];
  readonly env: readonly { name: string; value?: string; valueFrom?: { fieldRef: { fieldPath: string } } }[];
  readonly ports: readonly { name: string; containerPort: number }[];
  readonly livenessProbe: { httpGet: { path: string; port: string } };
  readonly readinessProbe: { httpGet: { path: string; port: string } };
}

/** The environment that the kubelet would give to the container of a pod. */
function environmentOf({ env }: Container, pod: { metadata: Record<string, string> }): Record<string, string> {
  const fieldOf = (path = '') => pod.metadata[path.replace('metadata.', '')] ?? '';
  return Object.fromEntries(
    env.map(({ name, value, valueFrom }) => [name, value ?? fieldOf(valueFrom?.fieldRef.fieldPath)]),
  );
}

test('I6: where the Service leads to, an operator started as the shipped Deployment says answers scrapes and probes', async () => {
  // No kube-proxy here, so the way from the Service's address to the pod is what the API server's controllers make of it.
  const slice = await until('the Service to have an endpoint', async () => {
    const { items } = await get('endpointslices', '-l', 'kubernetes.io/service-name=istio-operator', ...inOperator);
    return items.find(
      ({ endpoints }: { endpoints?: { conditions: { ready: boolean } }[] }) => endpoints?.[0]?.conditions.ready,
    );
  });
  const pod = await get('pod', slice.endpoints[0].targetRef.name, ...inOperator);
  const [container]: [Container] = pod.spec.containers;
  const [{ port }] = slice.ports as [{ port: number }];
  // A pod has an address of its own, on which its port is free; here one of the loopback addresses stands for it.
  const address = `127.8.${Math.floor(Math.random() * 256)}.${2 + Math.floor(Math.random() * 250)}`;
  const args = container.args.map((arg) => (arg === '0.0.0.0' ? address : arg));
  const env = { ...environmentOf(container, pod), KUBECONFIG: await operatorKubeconfig() };
  await using operator = await startOperatorProcess(args, env, address);
  const scrape = async (path: string) => {
    const response = await fetch(`http://${address}:${port}${path}`);
    return { status: response.status, body: await response.text() };
  };
  for (const { httpGet } of [container.livenessProbe, container.readinessProbe]) {
    expect(container.ports.find(({ name }) => name === httpGet.port)?.containerPort).toBe(port);
    await until(`${httpGet.path} to be well`, async () => (await scrape(httpGet.path)).status === 200);
  }
  await applyOperator(lab, anOperator('wrong', { profile: 'dmeo' }));
  await untilStatus(lab, 'wrong', 'ERROR');
  const { status, body } = await scrape('/metrics');
  expect(status).toBe(200);
  expect(body).toContain('istio_install_operator_cr_validation_error_total{code="ProfileNotFound"} 1');
  for (const name of ['version', 'reconcile_request_total', 'owned_resource_total', 'resource_prune_total']) {
    expect(body).toContain(`# TYPE istio_install_operator_${name} `);
  }
  for (const line of operator.log) expect(JSON.parse(line)).toHaveProperty('msg');
  await lab.kubectl('delete', 'iop', 'wrong', '-n', 'istio-system', '--timeout=30s');
});

/** So many of each are in the cluster; none of them has to do with Istio. */
const CROWD = 5_000;

async function fillCluster(): Promise<void> {
  await lab.kubectl('create', 'namespace', 'crowd');
  const text = 'x'.repeat(8_192);
  const pod = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'crowd', annotations: { note: text } },
    spec: { schedulerName: 'nobody', containers: [{ name: 'main', image: 'example.com/app' }] },
  });
  const secret = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'crowd' },
    stringData: { text },
  });
  const objects = Array.from({ length: CROWD }, (_unused, index) => [pod(`p-${index}`), secret(`s-${index}`)]).flat();
  await mapConcurrently(objects as KubernetesObject[], 14, (object) =>
    lab.client.create(object, { fieldManager: 'test-user' }, lab.scope),
  );
}

test('I1: with 5,000 pods and 5,000 Secrets in the cluster the operator stays below 256 MiB, and does not grow', async () => {
  await fillCluster();
  const entry = await buildBundle(join(folder, 'dist'));
  await using operator = await operatorInPod(lab.cluster, { name: 'operator', folder, entry });
  operator.start();
  await applyOperator(
    lab,
    anOperator('mesh', { profile: 'demo', components: { cni: { enabled: true, namespace: 'kube-system' } } }),
  );
  await untilStatus(lab, 'mesh', 'HEALTHY');
  /** The most that it takes while it repairs six times. */
  const peakMb = async () => {
    let peak = 0;
    for (const ref of REPAIRED) {
      await lab.client.delete(ref, {}, lab.scope);
      await until(
        'the repair',
        async () => {
          peak = Math.max(peak, await operator.residentMb());
          return (await lab.client.get(ref, lab.scope)) !== undefined;
        },
        async () => operator.lastLines.join('\n'),
      );
    }
    return peak;
  };
  const [, second, third] = [await peakMb(), await peakMb(), await peakMb()];
  process.stderr.write(`memory: ${second} MB, then ${third} MB\n`);
  expect(Math.max(second, third)).toBeLessThan(256);
  expect(third - second).toBeLessThan(16);
  await operator.terminate();
  expect(operator.takeFailures()).toEqual([]);
}, 300_000);

/** Not one again and again: who deletes the same thing all the time is met with growing pauses. */
const REPAIRED = [
  ...['istiod', 'istio-ingressgateway', 'istio-egressgateway'].map((name) => ({ kind: 'Service', name })),
  ...['istio', 'values', 'istio-sidecar-injector'].map((name) => ({ kind: 'ConfigMap', name })),
].map((object) => ({ apiVersion: 'v1', namespace: 'istio-system', ...object }));
