import { expect, test } from '@jest/globals';
import { ztunnel } from '../../../../src/components/ztunnel/index.ts';
import type { Json, JsonObject } from '../../../../src/core/index.ts';
import { ztunnelDefaults } from '../../../../src/values/index.ts';
import { type Build, containerOf, fieldOf, namesOf, objectsFrom } from '../build.ts';

const ZTUNNEL = { component: ztunnel, defaults: ztunnelDefaults as JsonObject, input: { resourceName: 'ztunnel' } };

function proxy(values: JsonObject = {}, input: Partial<Build<never>['input']> = {}) {
  return objectsFrom({ ...ZTUNNEL, input: { ...ZTUNNEL.input, ...input } }, values);
}

const POD = ['spec', 'template', 'spec'] as const;
const TEMPLATE = ['spec', 'template', 'metadata'] as const;

const NAMESPACED = ['DaemonSet ztunnel', 'ServiceAccount ztunnel'];
const CLUSTER = ['ClusterRole ztunnel', 'ClusterRoleBinding ztunnel'];

const OBJECTS: Record<string, { values: JsonObject; want: readonly string[] }> = {
  'a DaemonSet and its identity': { values: {}, want: NAMESPACED },
  'a permission on OpenShift': { values: { platform: 'openshift' }, want: [...NAMESPACED, ...CLUSTER] },
  'only the part of the cluster’s administrator': {
    values: { platform: 'openshift', resourceScope: 'cluster' },
    want: CLUSTER,
  },
  'only the part of the mesh’s administrator': {
    values: { platform: 'openshift', resourceScope: 'namespace' },
    want: NAMESPACED,
  },
  'nothing where the scope is null': { values: { resourceScope: null }, want: [] },
  'a quota': { values: { resourceQuotas: { enabled: true } }, want: [...NAMESPACED, 'ResourceQuota ztunnel'] },
  'a network policy named after the revision': {
    values: { revision: 'canary', global: { networkPolicy: { enabled: true } } },
    want: [...NAMESPACED, 'NetworkPolicy ztunnel-canary'],
  },
};
test.each(Object.entries(OBJECTS))('objects: %s', (_name, { values, want }) => {
  expect(namesOf(proxy(values))).toEqual([...want].sort());
});

test('another name is the name of all objects and of the account that the pods use', () => {
  const values = {
    platform: 'openshift',
    resourceQuotas: { enabled: true },
    global: { networkPolicy: { enabled: true } },
  };
  const objects = proxy(values, { resourceName: 'zt', namespace: 'kube-system' });
  expect(new Set(objects.map(({ metadata }) => metadata.name))).toEqual(new Set(['zt']));
  expect(fieldOf(objects, 'DaemonSet', ...POD, 'serviceAccountName')).toBe('zt');
  expect(fieldOf(objects, 'ClusterRoleBinding', 'subjects')).toEqual([
    { kind: 'ServiceAccount', name: 'zt', namespace: 'kube-system' },
  ]);
});

const FIELDS: Record<string, { values: JsonObject; path: readonly string[]; want: Json | undefined }> = {
  'a revision is an annotation of the object': {
    values: { revision: 'canary', annotations: { a: 'b' } },
    path: ['metadata', 'annotations'],
    want: { a: 'b', 'istio.io/rev': 'canary' },
  },
  'no annotations, no field': { values: {}, path: ['metadata', 'annotations'], want: undefined },
  'a revision is an annotation of the pods': {
    values: { revision: 'canary' },
    path: [...TEMPLATE, 'annotations', 'istio.io/rev'],
    want: 'canary',
  },
  'no label of the user breaks the selector': {
    values: { podLabels: { app: 'mine' } },
    path: [...TEMPLATE, 'labels', 'app'],
    want: 'ztunnel',
  },
  'node labels come on top of Linux': {
    values: { nodeSelector: { pool: 'mesh' } },
    path: [...POD, 'nodeSelector'],
    want: { 'kubernetes.io/os': 'linux', pool: 'mesh' },
  },
  'DNS settings': {
    values: { dnsPolicy: 'None', dnsConfig: { nameservers: ['1.1.1.1'] } },
    path: [...POD, 'dnsConfig'],
    want: { nameservers: ['1.1.1.1'] },
  },
  'no DNS settings by default': { values: {}, path: [...POD, 'dnsPolicy'], want: undefined },
  'volumes of the user': {
    values: { volumes: [{ name: 'extra', emptyDir: {} }] },
    path: [...POD, 'volumes', '[extra]'],
    want: { name: 'extra', emptyDir: {} },
  },
  'the root certificate has another name': {
    values: { trustBundleName: 'roots' },
    path: [...POD, 'volumes', '[istiod-ca-cert]', 'configMap', 'name'],
    want: 'roots',
  },
  'the root certificate is in a ClusterTrustBundle': {
    values: { env: { ENABLE_CLUSTER_TRUST_BUNDLE_API: true } },
    path: [...POD, 'volumes', '[istiod-ca-cert]', 'projected', 'sources'],
    want: [{ clusterTrustBundle: { name: 'istio.io:istiod-ca:root-cert', path: 'root-cert.pem' } }],
  },
  'the revocation list may be missing': {
    values: { peerCaCrl: { enabled: true } },
    path: [...POD, 'volumes', '[crl-volume]', 'configMap'],
    want: { name: 'istio-ca-crl', optional: true },
  },
  'the update strategy': {
    values: { updateStrategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: '10%' } } },
    path: ['spec', 'updateStrategy', 'rollingUpdate'],
    want: { maxSurge: 0, maxUnavailable: '10%' },
  },
};
test.each(Object.entries(FIELDS))('DaemonSet: %s', (_name, { values, path, want }) => {
  expect(fieldOf(proxy(values), 'DaemonSet', ...path)).toEqual(want);
});

const CONTAINER: Record<string, { values: JsonObject; path: readonly string[]; want: Json | undefined }> = {
  'the image': {
    values: { hub: 'h.example', tag: 4, variant: 'distroless' },
    path: ['image'],
    want: 'h.example/ztunnel:4-distroless',
  },
  'a complete image reference': { values: { image: 'a/b:c', variant: 'debug' }, path: ['image'], want: 'a/b:c' },
  'istiod of the revision is control plane and CA': {
    values: { revision: 'canary', istioNamespace: 'mesh' },
    path: ['env', '[XDS_ADDRESS]', 'value'],
    want: 'istiod-canary.mesh.svc:15012',
  },
  'another CA': { values: { caAddress: 'ca:1' }, path: ['env', '[CA_ADDRESS]', 'value'], want: 'ca:1' },
  'another control plane': { values: { xdsAddress: 'xds:1' }, path: ['env', '[XDS_ADDRESS]', 'value'], want: 'xds:1' },
  'logs as JSON': { values: { logAsJson: true }, path: ['env', '[LOG_FORMAT]', 'value'], want: 'json' },
  'logs as text': { values: {}, path: ['env', '[LOG_FORMAT]'], want: undefined },
  'the network': { values: { network: 'net1' }, path: ['env', '[NETWORK]', 'value'], want: 'net1' },
  'the cluster': {
    values: { multiCluster: { clusterName: 'c1' } },
    path: ['env', '[ISTIO_META_CLUSTER_ID]', 'value'],
    want: 'c1',
  },
  'the time to drain is the time to stop': {
    values: { terminationGracePeriodSeconds: 90 },
    path: ['env', '[TERMINATION_GRACE_PERIOD_SECONDS]', 'value'],
    want: '90',
  },
  'metadata of the mesh': {
    values: { meshConfig: { defaultConfig: { proxyMetadata: { ISTIO_META_ENABLE_HBONE: true } } } },
    path: ['env', '[ISTIO_META_ENABLE_HBONE]', 'value'],
    want: 'true',
  },
  'variables of the user win': {
    values: { env: { RUST_LOG: 'trace' } },
    path: ['env', '[RUST_LOG]', 'value'],
    want: 'trace',
  },
  'the revocation list': {
    values: { peerCaCrl: { enabled: true } },
    path: ['env', '[CRL_PATH]', 'value'],
    want: '/var/run/secrets/istio/crl/ca-crl.pem',
  },
  'SELinux options': {
    values: { seLinuxOptions: { type: 'spc_t' } },
    path: ['securityContext', 'seLinuxOptions'],
    want: { type: 'spc_t' },
  },
  'empty quantities are left out': {
    values: { resources: { requests: { cpu: '', memory: '1Gi' } } },
    path: ['resources'],
    want: { requests: { memory: '1Gi' } },
  },
};
test.each(Object.entries(CONTAINER))('container: %s', (_name, { values, path, want }) => {
  expect(containerOf(proxy(values), 'DaemonSet', ...path)).toEqual(want);
});

test('the network policy opens DNS for both protocols', () => {
  const objects = proxy({ global: { networkPolicy: { enabled: true } } });
  expect(fieldOf(objects, 'NetworkPolicy', 'spec', 'ingress', '[6]')).toEqual({
    ports: [
      { protocol: 'TCP', port: 15053 },
      { protocol: 'UDP', port: 15053 },
    ],
  });
});

test('pull secrets go to the service account', () => {
  expect(fieldOf(proxy({ imagePullSecrets: ['reg'] }), 'ServiceAccount', 'imagePullSecrets')).toEqual([
    { name: 'reg' },
  ]);
});
