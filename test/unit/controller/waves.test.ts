import { expect, test } from '@jest/globals';
import { eventsOf } from '../../../src/controller/telemetry/pass-events.ts';
import type { KubernetesObject } from '../../../src/core/index.ts';
import {
  aConfigMap,
  aDefinition,
  aDeployment,
  aMesh,
  anObject,
  refTo,
  rolledOut,
  testOperator,
} from './test-operator.ts';

test('F1: base, control plane and gateways go out in that order', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: aMesh() });
  const order = operator.sent.filter((write) => /Custom|Deployment/.test(write));
  expect(order).toEqual([
    'apply CustomResourceDefinition gateways.networking.istio.io',
    'apply Deployment istiod',
    'apply Deployment istio-ingressgateway',
  ]);
  expect(operator.status('mesh').status).toBe('HEALTHY');
});

test('F1: a control plane that is not ready holds the gateways back, and says so', async () => {
  await using operator = await testOperator({ fake: { workloadsBecomeReady: false } });
  await operator.apply('mesh', { objects: aMesh() });
  expect(operator.sent).not.toContain('apply Deployment istio-ingressgateway');
  expect(operator.status('mesh')).toMatchObject({
    status: 'RECONCILING',
    message: expect.stringContaining('IngressGateways waits for Pilot'),
  });
  operator.cluster.setStatus(refTo(aDeployment('istiod')), rolledOut(1));
  await operator.clock.settle();
  expect(operator.sent).toContain('apply Deployment istio-ingressgateway');
});

test('F1: a component that fails stops those that depend on it, with DependencyNotReady, and nothing else', async () => {
  await using operator = await testOperator();
  operator.cluster.failNext({ verb: 'apply', name: 'istiod', kind: 'Deployment' }, 'ObjectRejected', 9);
  const objects = { ...aMesh(), Cni: [aConfigMap('istio-cni-config')] };
  await operator.apply('mesh', { objects });
  expect(operator.sent).toContain('apply ConfigMap istio-cni-config');
  expect(operator.sent).not.toContain('apply Deployment istio-ingressgateway');
  expect(operator.status('mesh').componentStatus).toMatchObject({
    Base: { status: 'HEALTHY' },
    Pilot: { status: 'ERROR', error: expect.stringContaining('istiod') },
    IngressGateways: { status: 'ERROR', error: expect.stringMatching(/DependencyNotReady.*Pilot/) },
    Cni: { status: 'HEALTHY' },
  });
});

test('F2: istiod is rolled out before an existing node agent, and that before ztunnel', async () => {
  const ambient = (image: string) => ({
    Pilot: [aDeployment('istiod', image)],
    Cni: [aDeployment('istio-cni-node', image)],
    Ztunnel: [aDeployment('ztunnel', image)],
  });
  await using operator = await testOperator({ fake: { workloadsBecomeReady: false } });
  const roll = async (name: string, generation: number) => {
    operator.cluster.setStatus(refTo(aDeployment(name)), rolledOut(1, generation));
    await operator.clock.settle();
  };
  await operator.apply('mesh', { objects: ambient('a') });
  expect(operator.sent).toEqual(['apply Deployment istiod', 'apply Deployment istio-cni-node']);
  for (const name of ['istiod', 'istio-cni-node', 'ztunnel']) await roll(name, 1);
  operator.cluster.clearRequests();

  await operator.apply('mesh', { objects: ambient('b') });
  expect(operator.sent).toEqual(['apply Deployment istiod']);
  await roll('istiod', 2);
  expect(operator.sent).toEqual(['apply Deployment istiod', 'apply Deployment istio-cni-node']);
  await roll('istio-cni-node', 2);
  expect(operator.sent.at(-1)).toBe('apply Deployment ztunnel');
});

test('a repair is never held back: what went missing of an installed gateway is back while istiod is not ready', async () => {
  await using operator = await testOperator();
  await operator.apply('mesh', { objects: aMesh() });
  operator.cluster.setStatus(refTo(aDeployment('istiod')), rolledOut(0));
  operator.cluster.remove(refTo(aDeployment('istio-ingressgateway')));
  await operator.clock.settle();
  expect(operator.cluster.peek(refTo(aDeployment('istio-ingressgateway')))).toBeDefined();
});

/** A mesh in the middle of an upgrade: the new istiod is not ready, and holds the gateways back. */
async function upgrading() {
  const operator = await testOperator({ fake: { workloadsBecomeReady: false } });
  const roll = async (name: string, generation: number) => {
    operator.cluster.setStatus(refTo(aDeployment(name)), rolledOut(1, generation));
    await operator.clock.settle();
  };
  const mesh = (image: string, port: number) => ({
    objects: {
      Pilot: [aDeployment('istiod', image)],
      IngressGateways: [aDeployment('gateway', image), aGatewayService(port)],
    },
  });
  await operator.apply('mesh', mesh('a', 80));
  await roll('istiod', 1);
  await roll('gateway', 1);
  await operator.apply('mesh', mesh('b', 81));
  return { operator, roll };
}

function aGatewayService(port: number): KubernetesObject {
  return anObject('v1', 'Service', 'gateway', { spec: { ports: [{ port }] } });
}

test('D1: what goes missing in the middle of an upgrade is back at once, in its new version', async () => {
  const { operator } = await upgrading();
  await using _ = operator;
  operator.cluster.remove(refTo(aDeployment('gateway')));
  operator.cluster.remove(refTo(aGatewayService(81)));
  await operator.clock.settle();
  expect(operator.cluster.peek(refTo(aDeployment('gateway')))).toMatchObject(withImage('b'));
  expect(operator.cluster.peek(refTo(aGatewayService(81)))).toMatchObject({ spec: { ports: [{ port: 81 }] } });
});

test('D2: an edit in the middle of an upgrade is undone at once, but rolls no pods before their turn', async () => {
  const { operator, roll } = await upgrading();
  await using _ = operator;
  for (const object of [aGatewayService(82), aDeployment('gateway', 'mine')]) {
    const { labels = {} } = operator.cluster.peek(refTo(object))?.metadata ?? {};
    await operator.edit({ ...object, metadata: { ...object.metadata, labels } });
  }
  expect(operator.cluster.peek(refTo(aGatewayService(81)))).toMatchObject({ spec: { ports: [{ port: 81 }] } });
  expect(operator.cluster.peek(refTo(aDeployment('gateway')))).toMatchObject(withImage('mine'));
  expect(operator.status('mesh').message).toContain('IngressGateways waits for Pilot');
  await roll('istiod', 2);
  expect(operator.cluster.peek(refTo(aDeployment('gateway')))).toMatchObject(withImage('b'));
});

/** A Deployment with this image. */
function withImage(image: string) {
  return { spec: { template: { spec: { containers: [{ image }] } } } };
}

test('a failed object does not stop those beside it, and each failure is reported with its object', async () => {
  await using operator = await testOperator();
  operator.cluster.failNext({ verb: 'apply', name: 'one' }, 'ObjectRejected', 9);
  operator.cluster.failNext({ verb: 'apply', name: 'two' }, 'Forbidden', 9);
  await operator.apply('mesh', {
    objects: { Pilot: [aConfigMap('one'), aConfigMap('two'), aConfigMap('three'), aDeployment('istiod')] },
  });
  expect(operator.status('mesh')).toMatchObject({ status: 'ERROR' });
  const message = String(operator.status('mesh').message);
  expect(message).toMatch(/ConfigMap istio-system\/one.*ConfigMap istio-system\/two/);
  expect(operator.cluster.peek(refTo(aConfigMap('three')))).toBeDefined();
  expect(operator.cluster.peek(refTo(aDeployment('istiod')))).toBeUndefined(); // its step comes after a failed one
  expect(operator.passes[0]?.outcome?.applied.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['failed', 'created', 'skipped']),
  );
});

test('UO9.1: a failed pass is tried again without anybody touching the CR', async () => {
  await using operator = await testOperator();
  operator.cluster.failNext({ verb: 'apply', name: 'istio' }, 'ApiError', 3);
  await operator.apply('mesh', { objects: aMesh() });
  expect(operator.status('mesh').status).toBe('ERROR');
  await operator.clock.advance(10_000);
  expect(operator.status('mesh').status).toBe('HEALTHY');
});

test('UO9.4: a component that waits for its health occupies no worker: another CR is finished meanwhile', async () => {
  await using operator = await testOperator({ fake: { workloadsBecomeReady: false }, maxConcurrentReconciles: 1 });
  await operator.apply('slow', { objects: aMesh() });
  await operator.apply('quick', { objects: { Pilot: [aConfigMap('quick')] } });
  expect(operator.status('slow').status).toBe('RECONCILING');
  expect(operator.status('quick').status).toBe('HEALTHY');
});

test('C1: an upgrade removes nothing before everything new is applied and ready, and never what it still holds', async () => {
  await using operator = await testOperator({ fake: { workloadsBecomeReady: false } });
  const gateway = (name: string) => ({ Pilot: [aConfigMap('istio')], IngressGateways: [aDeployment(name)] });
  await operator.apply('mesh', { objects: gateway('old') });
  operator.cluster.setStatus(refTo(aDeployment('old')), rolledOut());
  await operator.clock.settle();
  await operator.apply('mesh', { objects: gateway('new') });
  expect(operator.cluster.peek(refTo(aDeployment('old')))).toBeDefined();
  expect(operator.sent.filter((write) => write.startsWith('delete'))).toEqual([]);
  operator.cluster.setStatus(refTo(aDeployment('new')), rolledOut());
  await operator.clock.settle();
  expect(operator.sent.filter((write) => write.startsWith('delete'))).toEqual(['delete Deployment old']);
  expect(operator.status('mesh').status).toBe('HEALTHY');
});

test('C5: each component that is switched off is removed', async () => {
  const objects = {
    Base: [aConfigMap('base')],
    Pilot: [aConfigMap('pilot')],
    IngressGateways: [aConfigMap('in')],
    EgressGateways: [aConfigMap('out')],
    Cni: [aConfigMap('cni')],
    Ztunnel: [aConfigMap('ztunnel')],
    AddonComponents: [aConfigMap('addon')],
  };
  await using operator = await testOperator();
  await operator.apply('mesh', { objects });
  for (const component of Object.keys(objects) as (keyof typeof objects)[]) {
    const { [component]: off, ...rest } = objects;
    await operator.apply('mesh', { objects: rest });
    for (const object of off) expect(operator.cluster.peek(refTo(object))).toBeUndefined();
    expect(operator.status('mesh').status).toBe('HEALTHY');
    expect(Object.keys(operator.status('mesh').componentStatus as object)).not.toContain(component);
    await operator.apply('mesh', { objects });
  }
});

test('C4: kinds that earlier operators forgot are pruned too', async () => {
  const forgotten = [
    anObject('networking.k8s.io/v1', 'NetworkPolicy', 'istiod'),
    anObject('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy', 'stable-channel'),
    anObject('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding', 'stable-channel'),
    anObject('v1', 'ResourceQuota', 'critical-pods'),
    anObject('discovery.k8s.io/v1', 'EndpointSlice', 'istiod-remote'),
    anObject('k8s.cni.cncf.io/v1', 'NetworkAttachmentDefinition', 'istio-cni'),
  ];
  const kinds = [
    { apiVersion: 'k8s.cni.cncf.io/v1', kind: 'NetworkAttachmentDefinition', namespaced: true },
    { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', namespaced: true },
  ];
  await using operator = await testOperator({ fake: { kinds } });
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio'), ...forgotten] } });
  expect(operator.status('mesh').status).toBe('HEALTHY');
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } });
  for (const object of forgotten) expect(operator.cluster.peek(refTo(object))).toBeUndefined();
});

test('C2: with prune: report nothing is removed before exactly the listed objects were confirmed', async () => {
  await using operator = await testOperator();
  const report = { 'install.istio.io/prune': 'report' };
  const before = { Base: [aDefinition('gateways', 'Gateway')], Pilot: [aConfigMap('istio'), aConfigMap('old')] };
  await operator.apply('mesh', { objects: before }, { annotations: report });
  expect(operator.status('mesh').status).toBe('HEALTHY');
  operator.cluster.clearRequests();

  const after = { objects: { Pilot: [aConfigMap('istio')] } };
  await operator.apply('mesh', after, { annotations: report });
  expect(operator.sent).toEqual([]);
  expect(operator.condition('mesh', 'Stalled')).toMatchObject({ status: 'True', reason: 'ActionRequired' });
  const message = String(operator.status('mesh').message);
  expect(message).toContain('no longer asked for: ConfigMap istio-system/old.'); // a CRD is never removed
  const hash = /confirm-prune: "([0-9a-f]{12})"/.exec(message)?.[1] ?? '';
  await operator.apply('mesh', after, { annotations: { ...report, 'install.istio.io/confirm-prune': hash } });
  expect(operator.sent).toEqual(['delete ConfigMap old']);
  expect(operator.status('mesh').status).toBe('HEALTHY');
});

test('C2: with prune: off nothing is removed, and what is left over is listed', async () => {
  await using operator = await testOperator();
  const off = { annotations: { 'install.istio.io/prune': 'off' } };
  const before = { Base: [aDefinition('gateways', 'Gateway')], Pilot: [aConfigMap('istio'), aConfigMap('old')] };
  const after = { objects: { Pilot: [aConfigMap('istio')] } };
  await operator.apply('mesh', { objects: before }, off);
  await operator.apply('mesh', after, off);
  expect(operator.sent.filter((write) => write.startsWith('delete'))).toEqual([]);
  expect(operator.status('mesh').status).toBe('HEALTHY');
  const { reason, message } = operator.condition('mesh', 'Warnings') ?? {};
  expect(reason).toBe('NotPruned');
  expect(message).toContain('not removed, because pruning is off: ConfigMap istio-system/old.'); // and no CRD
  expect(operator.passes.flatMap((pass) => eventsOf(pass)).filter((note) => note.reason === 'NotPruned')).toHaveLength(
    1,
  );

  await operator.apply('mesh', after, { annotations: {} });
  expect(operator.sent.filter((write) => write.startsWith('delete'))).toEqual(['delete ConfigMap old']);
  expect(operator.condition('mesh', 'Warnings')).toBeUndefined();
});

test('C2: with prune: off what is left over goes with the resource', async () => {
  await using operator = await testOperator();
  const off = { annotations: { 'install.istio.io/prune': 'off' } };
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio'), aConfigMap('old')] } }, off);
  await operator.apply('mesh', { objects: { Pilot: [aConfigMap('istio')] } }, off);
  await operator.remove('mesh');
  expect(operator.cluster.peekAll('ConfigMap')).toEqual([]);
});
