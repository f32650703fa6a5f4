import { expect, test } from '@jest/globals';
import jsonPatch, { type Operation } from 'fast-json-patch';
import { type Json, type JsonObject, type KubernetesObject, silentLogger } from '../../../src/core/index.ts';
import {
  aConfigMap,
  aDeployment,
  anObject,
  fieldOf,
  labelled,
  operatorRef,
  refTo,
  rolledOut,
  type TestOperator,
  testOperator,
  withCalls,
} from './test-operator.ts';

/** One object of each kind that is installed. */
const kinds: readonly KubernetesObject[] = [
  aConfigMap('istio'),
  aDeployment('istiod'),
  anObject('v1', 'Service', 'istiod', { spec: { type: 'ClusterIP' } }),
  anObject('v1', 'ServiceAccount', 'istiod'),
  anObject('v1', 'ResourceQuota', 'critical-pods', { spec: { hard: { pods: '1' } } }),
  anObject('apps/v1', 'DaemonSet', 'istio-cni-node', { spec: { template: {} } }),
  anObject('autoscaling/v2', 'HorizontalPodAutoscaler', 'istiod', { spec: { maxReplicas: 5 } }),
  anObject('policy/v1', 'PodDisruptionBudget', 'istiod', { spec: { minAvailable: 1 } }),
  anObject('networking.k8s.io/v1', 'NetworkPolicy', 'istiod', { spec: { podSelector: {} } }),
  anObject('rbac.authorization.k8s.io/v1', 'Role', 'istiod', { rules: [{ verbs: ['get'] }] }),
  anObject('rbac.authorization.k8s.io/v1', 'RoleBinding', 'istiod', { roleRef: { kind: 'Role' } }),
  anObject('rbac.authorization.k8s.io/v1', 'ClusterRole', 'istiod', { rules: [{ verbs: ['get'] }] }),
  anObject('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'istiod', { roleRef: { kind: 'ClusterRole' } }),
  aWebhook('MutatingWebhookConfiguration', 'injector'),
  aWebhook('ValidatingWebhookConfiguration', 'validator'),
  anObject('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy', 'stable', {
    spec: { failurePolicy: 'Fail' },
  }),
  anObject('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding', 'stable', {
    spec: { policyName: 'x' },
  }),
];

/** What an autoscaler scales as: it is a part of the controller manager. */
const AUTOSCALER = 'kube-controller-manager';

/** What istiod writes into a webhook once it serves it. */
const SERVED = { '/webhooks/0/failurePolicy': 'Fail', '/webhooks/0/clientConfig/caBundle': 'Q0E=' };

test.each(
  kinds.map((object) => [object.kind, object] as const),
)('D1: a deleted %s is back at once', async (_kind, object) => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: { Pilot: [object] } });
  const before = operator.cluster.peek(refTo(object))?.metadata.uid;
  operator.cluster.remove(refTo(object));
  await operator.clock.settle();
  const back = operator.cluster.peek(refTo(object));
  expect(back).toBeDefined();
  expect(back?.metadata.uid).not.toBe(before);
  expect(operator.status('mesh').status).toBe('HEALTHY');
});

test('D2: an edit of an owned field is undone, fields and annotations of others stay', async () => {
  await using operator = await testOperator();
  const istiod = aDeployment('istiod');
  await operator.apply('mesh', { objects: { Pilot: [istiod] } });
  await editLive(operator, istiod, {
    '/spec/template/spec/containers/0/image': 'other',
    '/spec/paused': true,
    '/metadata/annotations': { 'example.com/mine': '1' },
  });
  const live = operator.cluster.peek(refTo(istiod));
  expect(live).toMatchObject({
    metadata: { annotations: { 'example.com/mine': '1' } },
    spec: { paused: true, template: { spec: { containers: [{ image: 'a' }] } } },
  });
  const settled = operator.sent.length;
  await operator.clock.advance(60_000);
  expect(operator.sent).toHaveLength(settled);
});

test('D2: a removed owned field is put back', async () => {
  await using operator = await testOperator();
  const map = aConfigMap('istio', { mesh: 'a', meshNetworks: 'b' });
  await operator.apply('mesh', { objects: { Pilot: [map] } });
  await editLive(operator, map, { '/data/meshNetworks': undefined });
  expect(operator.cluster.peek(refTo(map))).toMatchObject({ data: { mesh: 'a', meshNetworks: 'b' } });
});

/** Another process applies an object under the name of the operator: one that led before, or an installer. */
async function applyAsWeDo(operator: TestOperator, object: KubernetesObject): Promise<void> {
  const ours = labelled(object, 'Pilot', { metadata: { name: 'mesh', namespace: 'istio-system' } });
  const options = { fieldManager: 'istio-operator', force: true };
  await operator.cluster.apply(ours, options, { signal: new AbortController().signal, log: silentLogger });
  operator.cluster.clearRequests();
  await operator.clock.settle();
}

test('D2: an older version that arrives late under our own name is undone, once', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: { Pilot: [aDeployment('istiod', 'old')] } });
  await operator.apply('mesh', { objects: { Pilot: [aDeployment('istiod', 'new')] } });
  await applyAsWeDo(operator, aDeployment('istiod', 'old'));
  expect(operator.cluster.peek(refTo(aDeployment('istiod')))).toMatchObject(containerImage('new'));
  await operator.clock.advance(3_600_000);
  expect(operator.sent).toEqual(['apply Deployment istiod']);
});

test('D8: who applies the same under our name causes no write', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: { Pilot: [aDeployment('istiod')] } });
  await applyAsWeDo(operator, aDeployment('istiod'));
  await operator.clock.advance(3_600_000);
  expect(operator.sent).toEqual([]);
});

test('D7: another operator that writes under our name again and again is left alone, and named in status', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  for (const mesh of ['1', '2', '3']) await applyAsWeDo(operator, aConfigMap('istio', { mesh }));
  expect(operator.cluster.peek(refTo(aConfigMap('istio')))).toMatchObject({ data: { mesh: '3' } });
  expect(operator.condition('mesh', 'Ready')).toMatchObject({ reason: 'FieldConflict' });
  expect(operator.status('mesh').message).toMatch(/ConfigMap istio-system\/istio.*under the name.*istio-operator/);
});

test('a field that leaves the manifest leaves the object', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio', { mesh: 'a', old: 'b' })] } });
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio', { mesh: 'a' })] } });
  expect(fieldOf(operator.cluster.peek(refTo(aConfigMap('istio'))), 'data')).toEqual({ mesh: 'a' });
});

test('D3: replicas that an autoscaler sets are never touched: ten reconciles, no write', async () => {
  await using operator = await testOperator();
  const gateway = aDeployment('gateway', 'a', 2);
  operator.cluster.edit(anAutoscaler('keda-hpa-gateway', 'gateway'), 'keda');
  await operator.apply('mesh', { objects: { IngressGateways: [gateway] } });
  await scale(operator, gateway, 7, AUTOSCALER);
  await operator.apply('mesh', { objects: { IngressGateways: [gateway] }, note: 'seen' });
  operator.cluster.clearRequests();
  for (let round = 0; round < 10; round++) {
    await operator.apply('mesh', { objects: { IngressGateways: [gateway] }, note: String(round) });
    await operator.clock.advance(60_000);
  }
  expect(operator.sent).toEqual([]);
  expect(fieldOf(operator.cluster.peek(refTo(gateway)), 'spec', 'replicas')).toBe(7);
});

test.each([
  AUTOSCALER,
  'kubectl',
])('D3: under an autoscaler a change of the template leaves the replicas alone that %s has set', async (manager) => {
  await using operator = await testOperator();
  operator.cluster.edit(anAutoscaler('keda-hpa-gateway', 'gateway'), 'keda');
  await operator.apply('mesh', { objects: { IngressGateways: [aDeployment('gateway', 'a', 2)] } });
  await scale(operator, aDeployment('gateway'), 7, manager);
  await operator.apply('mesh', { objects: { IngressGateways: [aDeployment('gateway', 'b', 2)] } });
  expect(operator.cluster.peek(refTo(aDeployment('gateway')))).toMatchObject({
    spec: { replicas: 7, template: { spec: { containers: [{ image: 'b' }] } } },
  });
});

test('D3: when our autoscaler goes, the replicas become what is asked for, in the end and without another edit', async () => {
  await using operator = await testOperator();
  const gateway = (replicas?: number) => aDeployment('gateway', 'a', replicas);
  await operator.apply('mesh', { objects: { IngressGateways: [gateway(), anAutoscaler('gateway')] } });
  await scale(operator, gateway(), 5, AUTOSCALER);
  operator.cluster.clearRequests();
  await operator.apply('mesh', { objects: { IngressGateways: [gateway(2)] } });
  expect(operator.sent).toEqual([
    'apply Deployment gateway', // the autoscaler is still there
    'delete HorizontalPodAutoscaler gateway',
    'apply Deployment gateway',
  ]);
  expect(replicasOf(operator)).toBe(2);
  expect(operator.status('mesh').status).toBe('HEALTHY');
  await operator.apply('mesh', { objects: { IngressGateways: [gateway(3)] } });
  expect(replicasOf(operator)).toBe(3);
});

test('D3: an autoscaler that has to be confirmed away keeps the replicas until it is', async () => {
  await using operator = await testOperator();
  const report = { annotations: { 'install.istio.io/prune': 'report' } };
  const gateway = (replicas?: number) => aDeployment('gateway', 'a', replicas);
  await operator.apply('mesh', { objects: { IngressGateways: [gateway(), anAutoscaler('gateway')] } }, report);
  await scale(operator, gateway(), 5, AUTOSCALER);
  await operator.apply('mesh', { objects: { IngressGateways: [gateway(2)] } }, report);
  await operator.clock.advance(600_000);
  expect(replicasOf(operator)).toBe(5);
  await operator.apply('mesh', { objects: { IngressGateways: [gateway(2)] } }, { annotations: {} });
  expect(replicasOf(operator)).toBe(2);
});

test('D3: when somebody else’s autoscaler goes, the replicas are ours again within five minutes', async () => {
  await using operator = await testOperator();
  operator.cluster.edit(anAutoscaler('keda-hpa-gateway', 'gateway'), 'keda');
  await operator.apply('mesh', { objects: { IngressGateways: [aDeployment('gateway', 'a', 2)] } });
  await scale(operator, aDeployment('gateway'), 7, AUTOSCALER);
  operator.cluster.remove(refTo(anAutoscaler('keda-hpa-gateway')));
  await operator.clock.advance(300_000);
  expect(replicasOf(operator)).toBe(2);
  operator.cluster.clearRequests();
  await operator.clock.advance(3_600_000);
  expect(operator.cluster.requests).toEqual([]);
});

test('D3: a restart finds replicas that an autoscaler has left behind', async () => {
  const first = await testOperator();
  first.cluster.edit(anAutoscaler('keda-hpa-gateway', 'gateway'), 'keda');
  await first.apply('mesh', { objects: { IngressGateways: [aDeployment('gateway', 'a', 2)] } });
  await scale(first, aDeployment('gateway'), 7, AUTOSCALER);
  await first[Symbol.asyncDispose]();
  first.cluster.remove(refTo(anAutoscaler('keda-hpa-gateway')));
  await using next = await testOperator({ on: first });
  expect(replicasOf(next)).toBe(2);
});

test('D3: the autoscaler of another Deployment does not count', async () => {
  await using operator = await testOperator();
  operator.cluster.edit(anAutoscaler('other'), 'keda');
  await operator.apply('mesh', { objects: { IngressGateways: [aDeployment('gateway', 'a', 2)] } });
  await scale(operator, aDeployment('gateway'), 7, AUTOSCALER);
  expect(replicasOf(operator)).toBe(2);
});

test('D3, D9: ignored replicas stay with whoever sets them, autoscaler or not', async () => {
  await using operator = await testOperator();
  const objects = { IngressGateways: [aDeployment('gateway', 'a', 2)] };
  await operator.apply('mesh', { objects }, ignoring('Deployment/istio-system/gateway: spec.replicas'));
  await scale(operator, aDeployment('gateway'), 7, 'custom-scaler');
  operator.cluster.clearRequests();
  await operator.clock.advance(3_600_000);
  expect(operator.cluster.requests).toEqual([]);
  expect(replicasOf(operator)).toBe(7);
});

test('D3: autoscalers that cannot be listed hold up nothing else, and their replicas are left alone', async () => {
  await using operator = await testOperator();
  const objects = (mesh: string) => ({
    Pilot: [aConfigMap('istio', { mesh })],
    IngressGateways: [aDeployment('gateway', 'a', 2)],
  });
  operator.cluster.edit(anAutoscaler('keda-hpa-gateway', 'gateway'), 'keda');
  await operator.apply('mesh', { objects: objects('a') });
  await scale(operator, aDeployment('gateway'), 7, AUTOSCALER);
  operator.cluster.failNext({ verb: 'list', kind: 'HorizontalPodAutoscaler' }, 'Forbidden', 99);
  await operator.apply('mesh', { objects: objects('b') });
  expect(operator.cluster.peek(refTo(aConfigMap('istio')))).toMatchObject({ data: { mesh: 'b' } });
  expect(replicasOf(operator)).toBe(7);
  expect(operator.status('mesh').status).toBe('HEALTHY');
});

test('D3: where nobody else has set replicas, nobody asks for autoscalers', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: { IngressGateways: [aDeployment('gateway', 'a', 2)] } });
  await operator.apply('mesh', { objects: { IngressGateways: [aDeployment('gateway', 'b', 3)] } });
  expect(operator.cluster.requests.filter(({ kind }) => kind === 'HorizontalPodAutoscaler')).toEqual([]);
});

test('D3: replicas that leave the manifest keep their value, held until an autoscaler takes them', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: { IngressGateways: [aDeployment('gateway', 'a', 10)] } });
  await operator.apply('mesh', { objects: { IngressGateways: [aDeployment('gateway', 'a')] } });
  const live = operator.cluster.peek(refTo(aDeployment('gateway')));
  expect(fieldOf(live, 'spec', 'replicas')).toBe(10);
  expect(live?.metadata.managedFields?.map(({ manager }) => manager)).toContain('istio-operator-handover');
});

test('D6: caBundle and failurePolicy stay as istiod sets them: ten reconciles, no write', async () => {
  await using operator = await testOperator();
  const validator = aWebhook('ValidatingWebhookConfiguration', 'validator');
  const objects = { Pilot: [validator] };
  await operator.apply('mesh', { objects });
  await editLive(operator, validator, SERVED, 'pilot-discovery');
  operator.cluster.clearRequests();
  for (let round = 0; round < 10; round++) {
    await operator.apply('mesh', { objects, note: String(round) });
    await operator.clock.advance(60_000);
  }
  expect(operator.sent).toEqual([]);
  expect(operator.cluster.peek(refTo(validator))).toMatchObject({
    webhooks: [{ failurePolicy: 'Fail', clientConfig: { caBundle: 'Q0E=' } }],
  });
});

test('D6: a change of the webhook’s rules leaves istiod’s fields alone', async () => {
  await using operator = await testOperator();
  const validator = aWebhook('ValidatingWebhookConfiguration', 'validator');
  await operator.apply('mesh', { objects: { Pilot: [validator] } });
  await editLive(operator, validator, SERVED, 'pilot-discovery');
  await operator.apply('mesh', {
    objects: { Pilot: [aWebhook('ValidatingWebhookConfiguration', 'validator', { timeoutSeconds: 5 })] },
  });
  expect(operator.cluster.peek(refTo(validator))).toMatchObject({
    webhooks: [{ failurePolicy: 'Fail', timeoutSeconds: 5, clientConfig: { caBundle: 'Q0E=' } }],
  });
});

test.each([
  'kubectl-edit',
  'gitops',
])('D2, D6: a failurePolicy that %s changes is set back, whatever istiod has set beside it', async (manager) => {
  await using operator = await testOperator();
  const injector = aWebhook('MutatingWebhookConfiguration', 'injector', { failurePolicy: 'Fail' });
  await operator.apply('mesh', { objects: { Pilot: [injector] } });
  await editLive(operator, injector, { '/webhooks/0/clientConfig/caBundle': 'Q0E=' }, 'pilot-discovery');
  await editLive(operator, injector, { '/webhooks/0/failurePolicy': 'Ignore' }, manager);
  expect(operator.cluster.peek(refTo(injector))).toMatchObject({
    webhooks: [{ failurePolicy: 'Fail', clientConfig: { caBundle: 'Q0E=' } }],
  });
});

test('D5: nothing is sent for the ports and addresses that the cluster chose', async () => {
  await using operator = await testOperator();
  const service = (annotations: Record<string, string>, port: number) => ({
    ...anObject('v1', 'Service', 'gateway', { spec: { type: 'LoadBalancer', ports: [{ name: 'http', port }] } }),
    metadata: { name: 'gateway', namespace: 'istio-system', annotations },
  });
  await operator.apply('mesh', { objects: { IngressGateways: [service({}, 80)] } });
  const chosen = { '/spec/clusterIP': '10.0.0.1', '/spec/healthCheckNodePort': 31_000 };
  await editLive(operator, service({}, 80), { ...chosen, '/spec/ports/0/nodePort': 30_080 }, 'kube-apiserver');
  await operator.apply('mesh', { objects: { IngressGateways: [service({ a: 'b' }, 8080)] } });
  expect(operator.cluster.peek(refTo(service({}, 80)))).toMatchObject({
    metadata: { annotations: { a: 'b' } },
    spec: { clusterIP: '10.0.0.1', healthCheckNodePort: 31_000, ports: [{ port: 8080, nodePort: 30_080 }] },
  });
});

/** A controller that sets a field back whenever somebody else has set it. */
function rival(operator: TestOperator, object: KubernetesObject, path: string, value: Json, manager: string) {
  const fight = async (times: number) => {
    for (let time = 0; time < times; time++) await editLive(operator, object, { [path]: value }, manager);
  };
  return { fight };
}

test('D7: a writer that sets a field back each time is left alone after two repairs, and status names field and writer', async () => {
  await using operator = await testOperator();
  const map = aConfigMap('istio');
  await operator.apply('mesh', { objects: { Pilot: [map] } });
  operator.cluster.clearRequests();
  await rival(operator, map, '/data/mesh', 'theirs', 'gitops').fight(3);
  expect(operator.sent).toEqual(['apply ConfigMap istio', 'apply ConfigMap istio']);
  expect(operator.status('mesh').status).toBe('ERROR');
  expect(operator.condition('mesh', 'Ready')).toMatchObject({ reason: 'FieldConflict' });
  expect(operator.status('mesh').message).toMatch(/ConfigMap istio-system\/istio.*data\.mesh.*gitops/);
  await operator.clock.advance(20_000);
  expect(operator.sent).toHaveLength(2);
});

test('D7: the fight is taken up again ever more rarely, and over when the other one gives up', async () => {
  await using operator = await testOperator();
  const map = aConfigMap('istio');
  await operator.apply('mesh', { objects: { Pilot: [map] } });
  await rival(operator, map, '/data/mesh', 'theirs', 'gitops').fight(3);
  const repairs: number[] = [];
  operator.cluster.clearRequests();
  for (let minute = 0; minute < 120; minute++) {
    const before = operator.sent.length;
    await operator.clock.advance(60_000);
    if (operator.sent.length > before) {
      repairs.push(minute);
      await editLive(operator, map, { '/data/mesh': 'theirs' }, 'gitops');
    }
  }
  expect(repairs.length).toBeGreaterThanOrEqual(4);
  expect(repairs.length).toBeLessThanOrEqual(8);
  await operator.clock.advance(3_600_000);
  expect(operator.cluster.peek(refTo(map))).toMatchObject({ data: { mesh: 'a' } });
  expect(operator.status('mesh').status).toBe('HEALTHY');
});

test('D7: a fight over one object holds up neither the rest of its component nor those that depend on it', async () => {
  await using operator = await testOperator();
  const map = aConfigMap('istio');
  const objects = (image: string) => ({
    Pilot: [map, aDeployment('istiod', image)],
    IngressGateways: [aDeployment('gateway', image)],
  });
  await operator.apply('mesh', { objects: objects('a') });
  await rival(operator, map, '/data/mesh', 'theirs', 'gitops').fight(3);
  await operator.apply('mesh', { objects: objects('b') });
  expect(operator.condition('mesh', 'Ready')).toMatchObject({ reason: 'FieldConflict' });
  for (const name of ['istiod', 'gateway']) {
    const live = operator.cluster.peek(refTo(aDeployment(name)));
    expect(live).toMatchObject({ spec: { template: { spec: { containers: [{ image: 'b' }] } } } });
  }
});

test('D7: a person who edits again and again is corrected each time', async () => {
  await using operator = await testOperator();
  const map = aConfigMap('istio');
  await operator.apply('mesh', { objects: { Pilot: [map] } });
  await rival(operator, map, '/data/mesh', 'typo', 'kubectl-edit').fight(5);
  expect(operator.cluster.peek(refTo(map))).toMatchObject({ data: { mesh: 'a' } });
  expect(operator.status('mesh').status).toBe('HEALTHY');
});

/** An operator in a cluster where somebody deletes the disruption budget as soon as it appears, for as long as `isOn`. */
async function withDeletions() {
  const deletions = { isOn: true, count: 0 };
  const operator = await testOperator({
    through: (cluster) =>
      withCalls(cluster, {
        apply: async (object, options, scope) => {
          const live = await cluster.apply(object, options, scope);
          if (deletions.isOn && object.kind === 'PodDisruptionBudget') {
            deletions.count++;
            queueMicrotask(() => cluster.remove(refTo(object)));
          }
          return live;
        },
      }),
  });
  return { operator, deletions };
}

const budget = anObject('policy/v1', 'PodDisruptionBudget', 'istiod', { spec: { minAvailable: 1 } });

test('D7: what somebody deletes whenever it is back is left away after five repairs, and status says so', async () => {
  const { operator, deletions } = await withDeletions();
  await using _ = operator;
  await operator.apply('mesh', { objects: { Pilot: [aDeployment('istiod'), budget] } });
  expect(deletions.count).toBe(6);
  expect(operator.status('mesh').status).toBe('ERROR');
  expect(operator.condition('mesh', 'Ready')).toMatchObject({ reason: 'DeletionConflict' });
  expect(operator.status('mesh').message).toMatch(/Somebody keeps deleting PodDisruptionBudget istio-system\/istiod/);
  await operator.clock.advance(29_000);
  expect(deletions.count).toBe(6);
});

test('D7: what is deleted again and again is put back ever more rarely, and stays when the deletions end', async () => {
  const { operator, deletions } = await withDeletions();
  await using _ = operator;
  await operator.apply('mesh', { objects: { Pilot: [aDeployment('istiod'), budget] } });
  deletions.count = 0;
  await operator.clock.advance(2 * 3_600_000);
  expect(deletions.count).toBeGreaterThanOrEqual(4);
  expect(deletions.count).toBeLessThanOrEqual(9);
  deletions.isOn = false;
  await operator.clock.advance(3_600_000);
  expect(operator.cluster.peek(refTo(budget))).toBeDefined();
  expect(operator.status('mesh').status).toBe('HEALTHY');
});

test('D7: a fight over the existence of one object holds up nothing else of its component', async () => {
  const { operator } = await withDeletions();
  await using _ = operator;
  const injector = aWebhook('MutatingWebhookConfiguration', 'injector');
  const mesh = (image: string) => ({ objects: { Pilot: [aDeployment('istiod', image), budget, injector] } });
  await operator.apply('mesh', mesh('a'));
  await editLive(operator, injector, { '/webhooks/0/clientConfig/service/path': '/mine' });
  await operator.apply('mesh', mesh('b'));
  expect(operator.cluster.peek(refTo(injector))).toMatchObject({
    webhooks: [{ clientConfig: { service: { path: '/validate' } } }],
  });
  expect(operator.cluster.peek(refTo(aDeployment('istiod')))).toMatchObject(containerImage('b'));
});

test('D7: another version of an object that somebody keeps deleting is sent at once: it may be what ends the fight', async () => {
  const { operator, deletions } = await withDeletions();
  await using _ = operator;
  await operator.apply('mesh', { objects: { Pilot: [budget] } });
  deletions.isOn = false;
  const mended = anObject('policy/v1', 'PodDisruptionBudget', 'istiod', { spec: { minAvailable: 2 } });
  await operator.apply('mesh', { objects: { Pilot: [mended] } });
  expect(operator.cluster.peek(refTo(budget))).toMatchObject({ spec: { minAvailable: 2 } });
  expect(operator.status('mesh').status).toBe('HEALTHY');
});

test('D1: whoever deletes an object five times in a minute has it back at once each time', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: { Pilot: [budget] } });
  for (let time = 0; time < 5; time++) {
    operator.cluster.remove(refTo(budget));
    await operator.clock.settle();
    expect(operator.cluster.peek(refTo(budget))).toBeDefined();
    expect(operator.status('mesh').status).toBe('HEALTHY');
  }
});

test('D7: terms that a platform adds to a webhook’s selector stay, and are not fought over', async () => {
  await using operator = await testOperator();
  const ours = { key: 'istio-injection', operator: 'In', values: ['enabled'] };
  const theirs = { key: 'control-plane', operator: 'DoesNotExist' };
  const hook = aWebhook('MutatingWebhookConfiguration', 'injector', {
    namespaceSelector: { matchExpressions: [ours] },
  });
  await operator.apply('mesh', { objects: { Pilot: [hook] } });
  operator.cluster.clearRequests();
  const path = '/webhooks/0/namespaceSelector';
  await rival(operator, hook, path, { matchExpressions: [ours, theirs] }, 'admissionsenforcer').fight(5);
  expect(operator.sent.length).toBeLessThanOrEqual(2);
  expect(operator.cluster.peek(refTo(hook))).toMatchObject({
    webhooks: [{ namespaceSelector: { matchExpressions: [ours, theirs] } }],
  });
  expect(operator.status('mesh').status).toBe('HEALTHY');
});

test('D7: a platform that takes a term of ours away from a selector is corrected', async () => {
  await using operator = await testOperator();
  const ours = { key: 'istio-injection', operator: 'In', values: ['enabled'] };
  const hook = aWebhook('MutatingWebhookConfiguration', 'injector', {
    namespaceSelector: { matchExpressions: [ours] },
  });
  await operator.apply('mesh', { objects: { Pilot: [hook] } });
  await editLive(operator, hook, { '/webhooks/0/namespaceSelector': { matchExpressions: [] } }, 'somebody');
  expect(operator.cluster.peek(refTo(hook))).toMatchObject({
    webhooks: [{ namespaceSelector: { matchExpressions: [ours] } }],
  });
});

test('D1, D2: while the document is wrong, what was valid last is repaired, and nothing else is sent', async () => {
  await using operator = await testOperator();
  const map = aConfigMap('istio');
  await operator.apply('mesh', { objects: { Pilot: [map, aDeployment('istiod'), aConfigMap('old')] } });
  await operator.apply('mesh', { fails: 'InvalidValue' });
  operator.cluster.clearRequests();
  await editLive(operator, map, { '/data/mesh': 'mine' });
  operator.cluster.remove(refTo(aDeployment('istiod')));
  await operator.clock.settle();
  expect(operator.sent).toEqual(['apply ConfigMap istio', 'apply Deployment istiod']);
  expect(operator.cluster.peek(refTo(map))).toMatchObject({ data: { mesh: 'a' } });
  expect(operator.status('mesh')).toMatchObject({ status: 'ERROR', observedGeneration: 2 });
  expect(operator.status('mesh').message).toContain('This value is wrong.');
  expect(operator.condition('mesh', 'Stalled')).toMatchObject({ status: 'True', reason: 'InvalidValue' });
  expect(operator.status('mesh').inventory).toHaveLength(3);
});

test('D2: while the document is wrong, the status shows how the components are', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: { Pilot: [aDeployment('istiod')] } });
  await operator.apply('mesh', { fails: 'InvalidValue' });
  expect(operator.status('mesh')).toMatchObject({ componentStatus: { Pilot: { status: 'HEALTHY' } } });
  operator.cluster.setStatus(refTo(aDeployment('istiod')), { observedGeneration: 1, replicas: 1, readyReplicas: 0 });
  await operator.clock.settle();
  expect(operator.status('mesh')).toMatchObject({
    status: 'ERROR',
    componentStatus: { Pilot: { status: 'RECONCILING' } },
  });
});

test('D2: what a valid document asked for and was not applied yet is not applied once the document is wrong', async () => {
  await using operator = await testOperator({ fake: { workloadsBecomeReady: false } });
  await operator.apply('mesh', {
    objects: { Pilot: [aDeployment('istiod')], IngressGateways: [aDeployment('gateway'), aConfigMap('edge')] },
  });
  await operator.apply('mesh', { fails: 'InvalidValue' });
  operator.cluster.clearRequests();
  operator.cluster.setStatus(refTo(aDeployment('istiod')), rolledOut());
  await operator.clock.settle();
  expect(operator.sent).toEqual([]);
});

test('D2: nothing is pruned while the document is wrong, not even what a valid one had let go', async () => {
  await using operator = await testOperator();
  const report = { annotations: { 'install.istio.io/prune': 'report' } };
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio'), aConfigMap('old')] } }, report);
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } }, report);
  await operator.apply('mesh', { fails: 'InvalidValue' }, { annotations: {} });
  await operator.clock.advance(600_000);
  expect(operator.cluster.peek(refTo(aConfigMap('old')))).toBeDefined();
});

/** A CR's object that carries the annotation by which people ask to leave it alone. */
async function ignored(operator: TestOperator, object: KubernetesObject): Promise<void> {
  await editLive(operator, object, { '/metadata/annotations': { 'install.istio.io/ignore': 'true' } });
}

test('D9: an object with the annotation ignore is neither repaired nor changed, and everything else goes on', async () => {
  await using operator = await testOperator();
  const map = aConfigMap('istio');
  await operator.apply('mesh', { objects: { Pilot: [map, aConfigMap('other')] } });
  await ignored(operator, map);
  await editLive(operator, map, { '/data/mesh': 'mine' });
  await operator.apply('mesh', {
    objects: { Pilot: [aConfigMap('istio', { mesh: 'b' }), aConfigMap('other', { mesh: 'b' })] },
  });
  expect(operator.cluster.peek(refTo(map))).toMatchObject({ data: { mesh: 'mine' } });
  expect(operator.cluster.peek(refTo(aConfigMap('other')))).toMatchObject({ data: { mesh: 'b' } });
  expect(operator.status('mesh').status).toBe('HEALTHY');
  await editLive(operator, map, { '/metadata/annotations': undefined });
  expect(operator.cluster.peek(refTo(map))).toMatchObject({ data: { mesh: 'b' } });
});

test('D9, C2: an object with the annotation ignore is not pruned, and survives the CR, also after a restart', async () => {
  const first = await testOperator();
  await first.apply('mesh', { objects: { Pilot: [aConfigMap('one'), aConfigMap('two'), aConfigMap('three')] } });
  await ignored(first, aConfigMap('one'));
  await ignored(first, aConfigMap('two'));
  await first.apply('mesh', { objects: { Pilot: [aConfigMap('two'), aConfigMap('three')] } });
  expect(first.cluster.peek(refTo(aConfigMap('one')))).toBeDefined();
  await first[Symbol.asyncDispose]();
  first.cluster.remove(operatorRef('mesh'));
  await using next = await testOperator({ on: first });
  expect(next.resource('mesh')).toBeUndefined();
  expect(
    next.cluster
      .peekAll('ConfigMap')
      .map(({ metadata }) => metadata.name)
      .sort(),
  ).toEqual(['one', 'two']);
});

test('D9: an ignored object that is deleted is back', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  await ignored(operator, aConfigMap('istio'));
  operator.cluster.remove(refTo(aConfigMap('istio')));
  await operator.clock.settle();
  expect(operator.cluster.peek(refTo(aConfigMap('istio')))).toBeDefined();
});

/** The annotation by which a CR leaves fields to others. */
function ignoring(...lines: readonly string[]) {
  return { annotations: { 'install.istio.io/ignore-fields': lines.join('\n') } };
}

test('D9: an ignored field that somebody has set is no drift, and is kept across changes of the CR', async () => {
  await using operator = await testOperator();
  const image = ignoring('Deployment/istio-system/istiod: spec.template.spec.containers.[name:main].image');
  const istiod = (value: string, replicas: number) => ({
    objects: { Pilot: [aDeployment('istiod', value, replicas)] },
  });
  await operator.apply('mesh', istiod('a', 1), image);
  expect(operator.cluster.peek(refTo(aDeployment('istiod')))).toMatchObject(containerImage('a'));
  await operator.apply('mesh', istiod('b', 1), image); // nobody else has set it yet
  expect(operator.cluster.peek(refTo(aDeployment('istiod')))).toMatchObject(containerImage('b'));

  await editLive(operator, aDeployment('istiod'), { '/spec/template/spec/containers/0/image': 'mine' });
  const version = operator.cluster.peek(refTo(aDeployment('istiod')))?.metadata.resourceVersion;
  await operator.clock.advance(600_000);
  expect(operator.cluster.peek(refTo(aDeployment('istiod')))?.metadata.resourceVersion).toBe(version);
  await operator.apply('mesh', istiod('c', 2), image);
  expect(operator.cluster.peek(refTo(aDeployment('istiod')))).toMatchObject({
    spec: { replicas: 2, ...containerImage('mine').spec },
  });
  expect(operator.status('mesh').status).toBe('HEALTHY');
});

test('D9: an edit beside an ignored field is undone, and the ignored one stays', async () => {
  await using operator = await testOperator();
  const map = aConfigMap('istio', { mesh: 'a', networks: 'b' });
  await operator.apply('mesh', { objects: { Pilot: [map] } }, ignoring('ConfigMap/istio-system/istio: data.mesh'));
  await editLive(operator, map, { '/data/mesh': 'mine', '/data/networks': 'mine' });
  expect(operator.cluster.peek(refTo(map))).toMatchObject({ data: { mesh: 'mine', networks: 'b' } });
});

test('D9: an ignored field that somebody removed stays away, and is back when the annotation goes', async () => {
  await using operator = await testOperator();
  const map = aConfigMap('istio', { mesh: 'a', networks: 'b' });
  const objects = { Pilot: [map] };
  await operator.apply('mesh', { objects }, ignoring('ConfigMap/istio-system/istio: data.mesh'));
  await editLive(operator, map, { '/data/mesh': undefined });
  await operator.clock.advance(600_000);
  expect(fieldOf(operator.cluster.peek(refTo(map)), 'data')).toEqual({ networks: 'b' });
  await operator.apply('mesh', { objects }, { annotations: {} });
  expect(fieldOf(operator.cluster.peek(refTo(map)), 'data')).toEqual({ mesh: 'a', networks: 'b' });
});

test('D9: when a field is no longer ignored, what somebody has set is set back', async () => {
  await using operator = await testOperator();
  const map = aConfigMap('istio');
  await operator.apply('mesh', { objects: { Pilot: [map] } }, ignoring('ConfigMap/istio-system/*: data.mesh'));
  await editLive(operator, map, { '/data/mesh': 'mine' });
  await operator.apply('mesh', { objects: { Pilot: [map] } }, { annotations: {} });
  expect(operator.cluster.peek(refTo(map))).toMatchObject({ data: { mesh: 'a' } });
});

test('D9: an object with ignored fields that is deleted is back as it is asked for', async () => {
  await using operator = await testOperator();
  const map = aConfigMap('istio');
  await operator.apply('mesh', { objects: { Pilot: [map] } }, ignoring('ConfigMap/istio-system/istio: data.mesh'));
  await editLive(operator, map, { '/data/mesh': 'mine' });
  operator.cluster.remove(refTo(map));
  await operator.clock.settle();
  expect(operator.cluster.peek(refTo(map))).toMatchObject({ data: { mesh: 'a' } });
});

test('D9: a program that sets an ignored field again and again is no fight', async () => {
  await using operator = await testOperator();
  const map = aConfigMap('istio', { mesh: 'a', networks: 'b' });
  await operator.apply('mesh', { objects: { Pilot: [map] } }, ignoring('ConfigMap/istio-system/istio: data.mesh'));
  for (const value of ['1', '2', '3', '4']) await editLive(operator, map, { '/data/mesh': value }, 'tuner');
  expect(operator.cluster.peek(refTo(map))).toMatchObject({ data: { mesh: '4' } });
  expect(operator.status('mesh').status).toBe('HEALTHY');
});

test('D7, D9: a fight over another field is reported without the ignored one', async () => {
  await using operator = await testOperator();
  const map = aConfigMap('istio', { mesh: 'a', networks: 'b' });
  await operator.apply('mesh', { objects: { Pilot: [map] } }, ignoring('ConfigMap/istio-system/istio: data.mesh'));
  await editLive(operator, map, { '/data/mesh': '1' }, 'tuner');
  await rival(operator, map, '/data/networks', 'theirs', 'gitops').fight(4);
  expect(operator.condition('mesh', 'Ready')).toMatchObject({ reason: 'FieldConflict' });
  expect(operator.status('mesh').message).toContain('data.networks');
  expect(operator.status('mesh').message).not.toContain('data.mesh');
});

test('D9: an entry that leads nowhere is an error in status that names it and what is there', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  await operator.apply(
    'mesh',
    { objects: { Pilot: [aConfigMap('istio')] } },
    ignoring('ConfigMap/istio-system/istio: data.mash'),
  );
  expect(operator.status('mesh')).toMatchObject({ status: 'ERROR' });
  expect(operator.status('mesh').message).toContain(
    '"ConfigMap/istio-system/istio: data.mash" leads nowhere: at data, the map has mesh. Did you mean "mesh"?',
  );
});

/** A Deployment’s spec with this image. */
function containerImage(image: string) {
  return { spec: { template: { spec: { containers: [{ image }] } } } };
}

/** An object of a webhook with one hook. */
function aWebhook(kind: string, name: string, fields: JsonObject = {}): KubernetesObject {
  const clientConfig = { service: { name: 'istiod', namespace: 'istio-system', path: '/validate' } };
  const hook = { name: 'rev.validation.istio.io', failurePolicy: 'Ignore', clientConfig, ...fields };
  return anObject('admissionregistration.k8s.io/v1', kind, name, { webhooks: [hook] });
}

/** Somebody else changes the live object: values by JSON pointer, undefined removes. */
async function editLive(
  operator: TestOperator,
  object: KubernetesObject,
  changes: Readonly<Record<string, Json | undefined>>,
  manager = 'kubectl-edit',
): Promise<void> {
  const live = operator.cluster.peek(refTo(object));
  if (live === undefined) throw new Error(`${object.kind} ${object.metadata.name} does not exist`);
  const { status: _status, ...rest } = live;
  const patch = Object.entries(changes).map(
    ([path, value]): Operation => (value === undefined ? { op: 'remove', path } : { op: 'add', path, value }),
  );
  await operator.edit(jsonPatch.applyPatch(rest as KubernetesObject, patch).newDocument, manager);
}

/** An autoscaler of a Deployment. */
function anAutoscaler(name: string, deployment = name): KubernetesObject {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: deployment };
  return anObject('autoscaling/v2', 'HorizontalPodAutoscaler', name, { spec: { maxReplicas: 9, scaleTargetRef } });
}

/** How many pods the gateway is to have. */
function replicasOf(operator: TestOperator): unknown {
  return fieldOf(operator.cluster.peek(refTo(aDeployment('gateway'))), 'spec', 'replicas');
}

/** Sets the replicas as the scale subresource does. */
async function scale(
  operator: TestOperator,
  object: KubernetesObject,
  replicas: number,
  manager: string,
): Promise<void> {
  operator.cluster.scale(refTo(object), replicas, manager);
  await operator.clock.settle();
}
