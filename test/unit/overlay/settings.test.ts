import { expect, test } from '@jest/globals';
import { asJson, type Json, type JsonObject, type KubernetesObject, valueAt } from '../../../src/core/index.ts';
import { applySettings, type SettingsTarget } from '../../../src/overlay/index.ts';
import { aDeployment, anAutoscaler, anObject, aService } from './builders.ts';

const ISTIOD: SettingsTarget = { kind: 'Deployment', name: 'istiod', container: 'discovery' };
const CNI: SettingsTarget = { kind: 'DaemonSet', name: 'istio-cni-node', container: 'install-cni' };

function settled(
  settings: JsonObject,
  objects: readonly KubernetesObject[] = [aDeployment()],
  target: SettingsTarget | undefined = ISTIOD,
) {
  return applySettings(objects, settings, target, 'spec.components.pilot.k8s');
}

function field(object: KubernetesObject | undefined, ...path: readonly string[]): Json | undefined {
  return object === undefined ? undefined : valueAt(asJson(object), ...path);
}

function container(object: KubernetesObject | undefined): JsonObject {
  const [first] = field(object, 'spec', 'template', 'spec', 'containers') as readonly JsonObject[];
  return first ?? {};
}

function aDaemonSet(): KubernetesObject {
  const spec = {
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
    template: { spec: { containers: [{ name: 'install-cni', image: 'cni' }] } },
  };
  return anObject({ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'istio-cni-node' }, spec });
}

const podFields: Record<string, { settings: JsonObject; want: JsonObject }> = {
  affinity: { settings: { affinity: { nodeAffinity: {} } }, want: { affinity: { nodeAffinity: {} } } },
  nodeSelector: { settings: { nodeSelector: { a: 'b' } }, want: { nodeSelector: { a: 'b' } } },
  tolerations: { settings: { tolerations: [{ operator: 'Exists' }] }, want: { tolerations: [{ operator: 'Exists' }] } },
  priorityClassName: { settings: { priorityClassName: 'high' }, want: { priorityClassName: 'high' } },
  securityContext: { settings: { securityContext: { fsGroup: 1 } }, want: { securityContext: { fsGroup: 1 } } },
  volumes: {
    settings: { volumes: [{ name: 'extra', emptyDir: {} }] },
    want: {
      volumes: [
        { name: 'certs', secret: { secretName: 'cacerts' } },
        { name: 'extra', emptyDir: {} },
      ],
    },
  },
};
test.each(Object.entries(podFields))('%s goes to the pod', (_name, { settings, want }) => {
  const { objects, notices } = settled(settings);
  expect(notices).toEqual([]);
  expect(field(objects[0], 'spec', 'template', 'spec')).toMatchObject(want);
});

const containerFields: Record<string, { settings: JsonObject; want: JsonObject }> = {
  'env merges by name': {
    settings: {
      env: [
        { name: 'NEW', value: '1' },
        { name: 'REVISION', value: 'x' },
      ],
    },
    want: {
      env: [
        { name: 'REVISION', value: 'x' },
        { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'NEW', value: '1' },
      ],
    },
  },
  'a value takes the place of a reference': {
    settings: { env: [{ name: 'POD_NAME', value: 'me' }] },
    want: {
      env: [
        { name: 'REVISION', value: 'default' },
        { name: 'POD_NAME', value: 'me' },
      ],
    },
  },
  '$patch: delete removes an entry': {
    settings: { env: [{ name: 'REVISION', $patch: 'delete' }] },
    want: { env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] },
  },
  '$patch: replace replaces a list': {
    settings: { env: [{ $patch: 'replace' }, { name: 'A', value: 'b' }] },
    want: { env: [{ name: 'A', value: 'b' }] },
  },
  'resources merge': {
    settings: { resources: { requests: { cpu: '1' } } },
    want: { resources: { requests: { cpu: '1', memory: '2048Mi' } } },
  },
  'null inside a map removes a field': {
    settings: { resources: { requests: { memory: null } } },
    want: { resources: { requests: { cpu: '500m' } } },
  },
  'another probe handler takes the place of the first': {
    settings: { readinessProbe: { tcpSocket: { port: 1 } } },
    want: { readinessProbe: { tcpSocket: { port: 1 }, periodSeconds: 3 } },
  },
  'the same probe handler merges': {
    settings: { readinessProbe: { httpGet: { port: 1 } } },
    want: { readinessProbe: { httpGet: { path: '/ready', port: 1 }, periodSeconds: 3 } },
  },
  'volumeMounts merge by path': {
    settings: { volumeMounts: [{ mountPath: '/extra', name: 'extra' }] },
    want: {
      volumeMounts: [
        { name: 'certs', mountPath: '/etc/cacerts' },
        { mountPath: '/extra', name: 'extra' },
      ],
    },
  },
  'imagePullPolicy is set': { settings: { imagePullPolicy: 'Always' }, want: { imagePullPolicy: 'Always' } },
};
test.each(Object.entries(containerFields))('in the container, %s', (_name, { settings, want }) => {
  const { objects, notices } = settled(settings);
  expect(notices).toEqual([]);
  const changed = container(objects[0]);
  for (const [key, value] of Object.entries(want)) expect(changed[key]).toEqual(value);
});

test('a volume of the same name gets the new source alone', () => {
  const { objects } = settled({ volumes: [{ name: 'certs', emptyDir: {} }] });
  expect(field(objects[0], 'spec', 'template', 'spec', 'volumes')).toEqual([{ name: 'certs', emptyDir: {} }]);
});

test('podAnnotations, replicaCount and strategy go to the workload', () => {
  const { objects } = settled({
    podAnnotations: { a: 'b' },
    replicaCount: 0,
    strategy: { rollingUpdate: { maxSurge: '0%' } },
  });
  expect(field(objects[0], 'spec', 'template', 'metadata', 'annotations')).toEqual({
    'prometheus.io/port': '15014',
    a: 'b',
  });
  expect(field(objects[0], 'spec', 'replicas')).toBe(0);
  expect(field(objects[0], 'spec', 'strategy')).toEqual({ rollingUpdate: { maxSurge: '0%', maxUnavailable: '25%' } });
});

test('the strategy Recreate drops the settings of a rolling update', () => {
  const { objects } = settled({ strategy: { type: 'Recreate' } });
  expect(field(objects[0], 'spec', 'strategy')).toEqual({ type: 'Recreate' });
});

test('a field that is null counts as not given', () => {
  expect(settled({ env: null, resources: null, replicaCount: null, hpaSpec: null })).toEqual({
    objects: [aDeployment()],
    notices: [],
  });
});

test('an autoscaled Deployment has no replicas, and replicaCount says why', () => {
  const { objects, notices } = settled({ replicaCount: 3 }, [aDeployment(), anAutoscaler()]);
  expect(field(objects[0], 'spec', 'replicas')).toBeUndefined();
  expect(notices).toEqual([
    {
      code: 'ReplicasWithAutoscaling',
      path: 'spec.components.pilot.k8s.replicaCount',
      message: 'replicaCount is left out: the HorizontalPodAutoscaler of istiod decides how many pods run.',
      hint: 'Set hpaSpec.minReplicas and maxReplicas instead, or switch autoscaling off.',
    },
  ]);
});

test('an autoscaler that is turned to another workload leaves replicas alone', () => {
  const settings = { replicaCount: 3, hpaSpec: { scaleTargetRef: { name: 'other' } } };
  const { objects, notices } = settled(settings, [aDeployment(), anAutoscaler()]);
  expect(field(objects[0], 'spec', 'replicas')).toBe(3);
  expect(field(objects[1], 'spec', 'scaleTargetRef')).toEqual({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: 'other',
  });
  expect(notices).toEqual([]);
});

const oldMetrics: Record<string, { metric: JsonObject; want: JsonObject }> = {
  'resource utilization': {
    metric: { type: 'Resource', resource: { name: 'cpu', targetAverageUtilization: 80 } },
    want: { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
  },
  'resource value': {
    metric: { type: 'Resource', resource: { name: 'memory', targetAverageValue: '1Gi' } },
    want: { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } } },
  },
  pods: {
    metric: { type: 'Pods', pods: { metricName: 'rps', targetAverageValue: '10' } },
    want: { type: 'Pods', pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '10' } } },
  },
  object: {
    metric: { type: 'Object', object: { metricName: 'rps', target: { kind: 'Ingress', name: 'i' }, targetValue: '5' } },
    want: {
      type: 'Object',
      object: {
        metric: { name: 'rps' },
        describedObject: { kind: 'Ingress', name: 'i' },
        target: { type: 'Value', value: '5' },
      },
    },
  },
  external: {
    metric: {
      type: 'External',
      external: { metricName: 'q', metricSelector: { matchLabels: { a: 'b' } }, targetAverageValue: '3' },
    },
    want: {
      type: 'External',
      external: {
        metric: { name: 'q', selector: { matchLabels: { a: 'b' } } },
        target: { type: 'AverageValue', averageValue: '3' },
      },
    },
  },
};
test.each(Object.entries(oldMetrics))('an autoscaler metric in the old form is translated: %s', (_name, {
  metric,
  want,
}) => {
  const { objects, notices } = settled({ hpaSpec: { metrics: [metric] } }, [aDeployment(), anAutoscaler()]);
  expect(field(objects[1], 'spec', 'metrics')).toEqual([want]);
  expect(notices).toEqual([
    {
      code: 'ConvertedField',
      path: 'spec.components.pilot.k8s.hpaSpec.metrics',
      message: 'The metrics are in the form of autoscaling/v2beta1, which Kubernetes removed; they were translated.',
      hint: 'Write them as autoscaling/v2: target: {type: Utilization, averageUtilization: 80}.',
    },
  ]);
});

test('service and serviceAnnotations go to the Service; ports merge by number', () => {
  const settings = {
    serviceAnnotations: { a: 'b' },
    service: {
      type: 'NodePort',
      ports: [
        { port: 15012, name: 'x' },
        { port: 1, name: 'y' },
      ],
    },
  };
  const { objects } = settled(settings, [aDeployment(), aService()]);
  expect(objects[1]?.metadata.annotations).toEqual({ a: 'b' });
  expect(field(objects[1], 'spec')).toEqual({
    type: 'NodePort',
    selector: { app: 'istiod' },
    ports: [
      { name: 'grpc-xds', port: 15010 },
      { name: 'x', port: 15012 },
      { port: 1, name: 'y' },
    ],
  });
});

test('ports that the builder has already taken are not merged again', () => {
  const { objects } = settled({ service: { type: 'NodePort', ports: [{ port: 1 }] } }, [aDeployment(), aService()], {
    ...ISTIOD,
    hasOwnPorts: true,
  });
  expect(field(objects[1], 'spec', 'ports')).toEqual(field(aService(), 'spec', 'ports'));
  expect(field(objects[1], 'spec', 'type')).toBe('NodePort');
});

const budgets: Record<string, { given: JsonObject; want: JsonObject; notices: number }> = {
  'the other limit goes': {
    given: { maxUnavailable: 1 },
    want: { maxUnavailable: 1, selector: { matchLabels: { a: 'b' } } },
    notices: 0,
  },
  'of two limits maxUnavailable stays': {
    given: { minAvailable: 2, maxUnavailable: 1 },
    want: { maxUnavailable: 1, selector: { matchLabels: { a: 'b' } } },
    notices: 1,
  },
  'a selector replaces the selector': {
    given: { selector: { matchLabels: { c: 'd' } } },
    want: { minAvailable: 1, selector: { matchLabels: { c: 'd' } } },
    notices: 0,
  },
};
test.each(Object.entries(budgets))('in a disruption budget, %s', (_name, { given, want, notices }) => {
  const budget = anObject({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'istiod' },
    spec: { minAvailable: 1, selector: { matchLabels: { a: 'b' } } },
  });
  const changed = settled({ podDisruptionBudget: given }, [aDeployment(), budget]);
  expect(field(changed.objects[1], 'spec')).toEqual(want);
  expect(changed.notices.map(({ code, message }) => [code, message])).toEqual(
    notices === 0 ? [] : [['IgnoredField', 'minAvailable has no effect: maxUnavailable is set too.']],
  );
});

test('a DaemonSet takes strategy as its update strategy and no replicas', () => {
  const settings = { strategy: { rollingUpdate: { maxUnavailable: '50%' } }, replicaCount: 2 };
  const { objects, notices } = settled(settings, [aDaemonSet()], CNI);
  expect(field(objects[0], 'spec', 'updateStrategy')).toEqual({
    type: 'RollingUpdate',
    rollingUpdate: { maxUnavailable: '50%', maxSurge: 0 },
  });
  expect(field(objects[0], 'spec', 'strategy')).toBeUndefined();
  expect(field(objects[0], 'spec', 'replicas')).toBeUndefined();
  expect(notices.map((notice) => notice.message)).toEqual([
    'replicaCount has no effect: a DaemonSet runs one pod on each node.',
  ]);
});

const limits: Record<string, { given: JsonObject; want: JsonObject }> = {
  'a surge leaves no node without its pod': { given: { maxSurge: 1 }, want: { maxSurge: 1, maxUnavailable: 0 } },
  'a surge of none says nothing about the other limit': {
    given: { maxSurge: 0 },
    want: { maxSurge: 0, maxUnavailable: 1 },
  },
  'both limits are taken as they are': {
    given: { maxSurge: '0%', maxUnavailable: 2 },
    want: { maxSurge: '0%', maxUnavailable: 2 },
  },
};
test.each(Object.entries(limits))('in a DaemonSet, %s', (_name, { given, want }) => {
  const { objects } = settled({ strategy: { rollingUpdate: given } }, [aDaemonSet()], CNI);
  expect(field(objects[0], 'spec', 'updateStrategy', 'rollingUpdate')).toEqual(want);
});

test('a DaemonSet that is updated by hand has no settings of a rolling update', () => {
  const { objects } = settled({ strategy: { type: 'OnDelete' } }, [aDaemonSet()], CNI);
  expect(field(objects[0], 'spec', 'updateStrategy')).toEqual({ type: 'OnDelete' });
});

test('a DaemonSet cannot take the strategy Recreate', () => {
  const { objects, notices } = settled({ strategy: { type: 'Recreate' } }, [aDaemonSet()], CNI);
  expect(objects).toEqual([aDaemonSet()]);
  expect(notices.map((notice) => notice.message)).toEqual([
    'strategy has no effect: a DaemonSet cannot be recreated at once.',
  ]);
});

test('a setting whose object is not rendered is a notice', () => {
  const { objects, notices } = settled(
    { hpaSpec: { maxReplicas: 3 }, env: [{ name: 'A' }], service: { type: 'NodePort' } },
    [],
  );
  expect(objects).toEqual([]);
  expect(notices.map(({ path, message }) => [path, message])).toEqual([
    ['spec.components.pilot.k8s.hpaSpec', 'hpaSpec has no effect: no HorizontalPodAutoscaler istiod is rendered.'],
    ['spec.components.pilot.k8s.service', 'service has no effect: no Service istiod is rendered.'],
    ['spec.components.pilot.k8s.env', 'env has no effect: no Deployment istiod is rendered.'],
  ]);
});

test('a component without workload takes overlays only', () => {
  const { notices } = applySettings([aService()], { overlays: [], env: [] }, undefined, 'spec.components.base.k8s');
  expect(notices).toEqual([
    {
      code: 'IgnoredField',
      path: 'spec.components.base.k8s.env',
      message: 'env has no effect: the component has no workload of its own.',
    },
  ]);
});

test('the rendered objects are not changed in place', () => {
  const deployment = aDeployment();
  settled({ env: [{ name: 'REVISION', value: 'x' }], resources: { requests: { cpu: '1' } } }, [deployment]);
  expect(deployment).toEqual(aDeployment());
});

test('a variable that is deleted and given again stands at the end, one that is given twice is merged', () => {
  const env = [
    { name: 'REVISION', $patch: 'delete' },
    { name: 'A', value: '1' },
    { name: 'REVISION', value: 'again' },
    { name: 'A', value: '2' },
  ];
  const names = (container(settled({ env }).objects[0]).env as readonly JsonObject[]).map(({ name }) => name);
  expect(names.slice(-2)).toEqual(['A', 'REVISION']);
  expect(container(settled({ env }).objects[0]).env).toContainEqual({ name: 'A', value: '2' });
});

test('many entries are merged in a time that grows with their number', () => {
  const env = Array.from({ length: 50_000 }, (_, index) => ({ name: `V${index}`, value: 'x' }));
  const merged = container(settled({ env }).objects[0]).env as readonly JsonObject[];
  expect(merged.length).toBeGreaterThanOrEqual(env.length);
});
