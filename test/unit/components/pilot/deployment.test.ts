import { describe, expect, test } from '@jest/globals';
import { type JsonObject, valueAt } from '../../../../src/core/index.ts';
import { containerOf, environmentOf, podOf, renderPilot, renderValues, theObject } from './render-pilot.ts';

const deploymentOf = (pilot: JsonObject) => theObject(renderValues({ pilot }), 'Deployment istiod');

describe('the image', () => {
  const cases: Record<string, { spec: JsonObject; want: string }> = {
    'is made of hub and tag': { spec: { hub: 'h', tag: 't' }, want: 'h/pilot:t' },
    'a component has its own': {
      spec: { hub: 'h', tag: 't', components: { pilot: { hub: 'own', tag: 2 } } },
      want: 'own/pilot:2',
    },
    'a variant follows the tag': {
      spec: { hub: 'h', tag: 't', values: { global: { variant: 'debug' } } },
      want: 'h/pilot:t-debug',
    },
    'the variant of pilot wins': {
      spec: { hub: 'h', tag: 't', values: { global: { variant: 'debug' }, pilot: { variant: 'distroless' } } },
      want: 'h/pilot:t-distroless',
    },
    'another name': { spec: { hub: 'h', tag: 't', values: { pilot: { image: 'mine' } } }, want: 'h/mine:t' },
    'a whole reference is taken as it is': {
      spec: { hub: 'h', tag: 't', values: { pilot: { image: 'reg/mine@sha256:1' } } },
      want: 'reg/mine@sha256:1',
    },
  };
  test.each(Object.entries(cases))('%s', (_name, { spec, want }) => {
    expect(containerOf(renderPilot(spec)).image).toBe(want);
  });
});

describe('replicas', () => {
  test('are the autoscaler’s while there is one', () => {
    expect(deploymentOf({ replicaCount: 4 })).not.toHaveProperty('spec.replicas');
  });

  test('are replicaCount without it', () => {
    expect(deploymentOf({ autoscaleEnabled: false, replicaCount: 4 })).toMatchObject({ spec: { replicas: 4 } });
  });
});

describe('the environment', () => {
  const environment = (values: JsonObject) => environmentOf(renderValues(values));

  test('says who istiod is', () => {
    expect(environment({})).toMatchObject({
      REVISION: 'default',
      CLUSTER_ID: 'Kubernetes',
      PLATFORM: '',
      CA_TRUSTED_NODE_ACCOUNTS: 'istio-system/ztunnel',
      PILOT_TRACE_SAMPLING: '1',
      PILOT_ENABLE_ANALYSIS: 'false',
    });
  });

  const cases: Record<string, { values: JsonObject; want: JsonObject }> = {
    'numbers and booleans of the user are text': {
      values: { pilot: { env: { A: 1, B: true } } },
      want: { A: '1', B: 'true' },
    },
    'where ztunnel is': {
      values: { pilot: { trustedZtunnelNamespace: 'kube-system', trustedZtunnelName: 'zt' } },
      want: { CA_TRUSTED_NODE_ACCOUNTS: 'kube-system/zt' },
    },
    'the user’s own trusted accounts': {
      values: { pilot: { env: { CA_TRUSTED_NODE_ACCOUNTS: 'a/b' } } },
      want: { CA_TRUSTED_NODE_ACCOUNTS: 'a/b' },
    },
    'taints that istiod takes off': {
      values: { pilot: { taint: { enabled: true } } },
      want: {
        PILOT_ENABLE_NODE_UNTAINT_CONTROLLERS: 'true',
        PILOT_NODE_UNTAINT_CONTROLLERS_TAINT_NAME: 'cni.istio.io/not-ready',
      },
    },
    'a cluster of its own name': {
      values: { global: { multiCluster: { clusterName: 'c1' } } },
      want: { CLUSTER_ID: 'c1' },
    },
    'an external istiod': { values: { global: { externalIstiod: true } }, want: { EXTERNAL_ISTIOD: 'true' } },
    'a trust bundle': { values: { global: { trustBundleName: 'b' } }, want: { PILOT_CA_CERT_CONFIGMAP: 'b' } },
    'the platform': { values: { global: { platform: 'openshift' } }, want: { PLATFORM: 'openshift' } },
  };
  test.each(Object.entries(cases))('%s', (_name, { values, want }) => {
    expect(environment(values)).toMatchObject(want);
  });

  test('without tracing there is no sampling', () => {
    expect(environment({ pilot: { traceSampling: null } })).not.toHaveProperty('PILOT_TRACE_SAMPLING');
  });

  test('has no name twice, for server-side apply refuses that', () => {
    const values = { pilot: { env: { PLATFORM: 'x' }, envVarFrom: [{ name: 'REVISION', value: 'y' }] } };
    const names = (containerOf(renderValues(values)).env as readonly JsonObject[]).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('arguments', () => {
  const args = (values: JsonObject) => containerOf(renderValues(values)).args;

  test('by default', () => {
    expect(args({})).toEqual([
      'discovery',
      '--monitoringAddr=:15014',
      '--log_output_level=default:info',
      '--domain',
      'cluster.local',
      '--keepaliveMaxServerConnectionAge',
      '30m',
    ]);
  });

  test('follow logging, taints and the user, who comes last', () => {
    const pilot = { taint: { namespace: 'cni' }, extraContainerArgs: ['--x'] };
    expect(args({ global: { logAsJson: true, logging: { level: '' }, proxy: { clusterDomain: 'd' } }, pilot })).toEqual(
      [
        'discovery',
        '--monitoringAddr=:15014',
        '--log_as_json',
        '--domain',
        'd',
        '--cniNamespace=cni',
        '--keepaliveMaxServerConnectionAge',
        '30m',
        '--x',
      ],
    );
  });
});

test('a variable without a value is set, but empty', () => {
  const environment = environmentOf(renderValues({ pilot: { env: { A: null } } }));
  expect(environment).toMatchObject({ A: '' });
});

describe('resources', () => {
  const resources = (values: JsonObject) => containerOf(renderValues(values)).resources;
  const cases: Record<string, { values: JsonObject; want: unknown }> = {
    'a deleted request is not asked for': {
      values: { pilot: { resources: { requests: { cpu: null } } } },
      want: { requests: { memory: '2048Mi' } },
    },
    'without any, those of all components count': {
      values: { pilot: { resources: null } },
      want: { requests: { cpu: '10m' } },
    },
    'limits beside the usual requests': {
      values: { pilot: { resources: { limits: { memory: '4Gi' } } } },
      want: { requests: { cpu: '500m', memory: '2048Mi' }, limits: { memory: '4Gi' } },
    },
  };
  test.each(Object.entries(cases))('%s', (_name, { values, want }) => {
    expect(resources(values)).toEqual(want);
  });
});

describe('the pod', () => {
  test('has what the user adds beside its own', () => {
    const pod = podOf(
      renderValues({
        pilot: {
          volumes: [{ name: 'v', emptyDir: {} }],
          volumeMounts: [{ name: 'v', mountPath: '/v' }],
          tolerations: [{ key: 'k', operator: 'Exists' }],
          initContainers: [{ name: 'i', image: 'i' }],
        },
      }),
    );
    expect(pod.volumes).toEqual(
      expect.arrayContaining([{ name: 'v', emptyDir: {} }, expect.objectContaining({ name: 'cacerts' })]),
    );
    expect(pod.tolerations).toEqual([
      { key: 'cni.istio.io/not-ready', operator: 'Exists' },
      { key: 'k', operator: 'Exists' },
    ]);
    expect(pod.initContainers).toEqual([{ name: 'i', image: 'i' }]);
  });

  test('finds extra certificates for JWT keys in the ConfigMap of its revision', () => {
    const objects = renderPilot({ revision: 'r', values: { pilot: { jwksResolverExtraRootCA: 'PEM' } } });
    expect(podOf(objects, 'istiod-r').volumes).toEqual(
      expect.arrayContaining([{ name: 'extracacerts', configMap: { name: 'pilot-jwks-extra-cacerts-r' } }]),
    );
    expect(theObject(objects, 'ConfigMap pilot-jwks-extra-cacerts-r')).toMatchObject({ data: { 'extra.pem': 'PEM' } });
  });

  test.each([
    true,
    'true',
  ])('finds the root certificate in a ClusterTrustBundle where istiod publishes one (%j)', (on) => {
    const pod = podOf(renderValues({ pilot: { env: { ENABLE_CLUSTER_TRUST_BUNDLE_API: on } } }));
    const volumes = pod.volumes as readonly JsonObject[];
    const bundle = volumes.find(({ name }) => name === 'istio-csr-ca-configmap');
    expect(bundle).toMatchObject({
      projected: { sources: [{ clusterTrustBundle: { name: 'istio.io:istiod-ca:root-cert', optional: true } }] },
    });
  });

  test('keeps its own labels where the user’s would take it into the mesh', () => {
    const template = valueAt(
      deploymentOf({ podLabels: { 'istio.io/dataplane-mode': 'ambient', own: 1 } }),
      'spec',
      'template',
    );
    expect(template).toMatchObject({ metadata: { labels: { 'istio.io/dataplane-mode': 'none', own: '1' } } });
  });
});

test('surge and unavailability that are digits are numbers', () => {
  expect(deploymentOf({ rollingMaxSurge: '2', rollingMaxUnavailable: '10%' })).toMatchObject({
    spec: { strategy: { rollingUpdate: { maxSurge: 2, maxUnavailable: '10%' } } },
  });
});

test('the autoscaler watches memory where a target is given', () => {
  const objects = renderValues({
    pilot: { memory: { targetAverageUtilization: 70 }, autoscaleBehavior: { scaleDown: {} } },
  });
  expect(theObject(objects, 'HorizontalPodAutoscaler istiod')).toMatchObject({
    spec: {
      minReplicas: 1,
      maxReplicas: 5,
      metrics: [{ resource: { name: 'cpu' } }, { resource: { name: 'memory', target: { averageUtilization: 70 } } }],
      behavior: { scaleDown: {} },
    },
  });
});

describe('the disruption budget', () => {
  const budget = (pdb: JsonObject) =>
    valueAt(theObject(renderValues({ pilot: { autoscaleMin: 2, pdb } }), 'PodDisruptionBudget istiod'), 'spec');

  test('keeps one replica', () => {
    expect(budget({})).toMatchObject({ minAvailable: 1 });
  });

  test('has maxUnavailable instead where the user sets it', () => {
    expect(budget({ maxUnavailable: '50%' })).toMatchObject({ maxUnavailable: '50%' });
    expect(budget({ maxUnavailable: '50%' })).not.toHaveProperty('minAvailable');
  });
});
