import { expect, test } from '@jest/globals';
import { cni } from '../../../../src/components/cni/index.ts';
import { asJson, type Json, type JsonObject } from '../../../../src/core/index.ts';
import { cniDefaults } from '../../../../src/values/index.ts';
import { type Build, containerOf, fieldOf, namesOf, objectsFrom } from '../build.ts';

const CNI = { component: cni, defaults: cniDefaults as JsonObject, input: { resourceName: 'istio-cni-node' } };

function agent(values: JsonObject = {}, input: Partial<Build<never>['input']> = {}) {
  return objectsFrom({ ...CNI, input: { ...CNI.input, ...input } }, values);
}

const POD = ['spec', 'template', 'spec'] as const;
const TEMPLATE = ['spec', 'template', 'metadata'] as const;

const NAMESPACED = ['ConfigMap istio-cni-config', 'DaemonSet istio-cni-node', 'ServiceAccount istio-cni'];
const CLUSTER = [
  'ClusterRole istio-cni',
  'ClusterRole istio-cni-repair-role',
  'ClusterRoleBinding istio-cni',
  'ClusterRoleBinding istio-cni-repair-rolebinding',
];

const OBJECTS: Record<string, { values: JsonObject; want: readonly string[] }> = {
  'an agent with its configuration, identity and permissions': { values: {}, want: [...CLUSTER, ...NAMESPACED] },
  'no permission to repair where repair is off': {
    values: { repair: { enabled: false } },
    want: ['ClusterRole istio-cni', 'ClusterRoleBinding istio-cni', ...NAMESPACED],
  },
  'more permissions in ambient mode': {
    values: { ambient: { enabled: true } },
    want: [...CLUSTER, ...NAMESPACED, 'ClusterRole istio-cni-ambient', 'ClusterRoleBinding istio-cni-ambient'],
  },
  'only the part of the cluster’s administrator': {
    values: { global: { resourceScope: 'cluster' } },
    want: CLUSTER,
  },
  'only the part of the mesh’s administrator': {
    values: { global: { resourceScope: 'namespace' } },
    want: NAMESPACED,
  },
  'a definition for Multus': {
    values: { provider: 'multus' },
    want: [...CLUSTER, ...NAMESPACED, 'NetworkAttachmentDefinition istio-cni'],
  },
  'a quota where the platform admits critical pods only under one': {
    values: { resourceQuotas: { enabled: true } },
    want: [...CLUSTER, ...NAMESPACED, 'ResourceQuota istio-cni-resource-quota'],
  },
  'a network policy named after the revision': {
    values: { revision: 'canary', global: { networkPolicy: { enabled: true } } },
    want: [...CLUSTER, ...NAMESPACED, 'NetworkPolicy istio-cni-canary'],
  },
};
test.each(Object.entries(OBJECTS))('objects: %s', (_name, { values, want }) => {
  expect(namesOf(agent(values))).toEqual([...want].sort());
});

test('bindings name the service account in the namespace of the agent, the Multus definition stands in default', () => {
  const objects = agent({ provider: 'multus' }, { namespace: 'kube-system' });
  for (const binding of objects.filter(({ kind }) => kind === 'ClusterRoleBinding')) {
    expect(asJson(binding).subjects).toEqual([{ kind: 'ServiceAccount', name: 'istio-cni', namespace: 'kube-system' }]);
  }
  expect(fieldOf(objects, 'NetworkAttachmentDefinition', 'metadata', 'namespace')).toBe('default');
});

const REPAIRS: Record<string, { repair: JsonObject; want: readonly Json[] }> = {
  'repairing takes no permission': { repair: { repairPods: true, deletePods: true, labelPods: true }, want: [] },
  'deleting goes before labelling': {
    repair: { repairPods: false, deletePods: true, labelPods: true },
    want: [{ apiGroups: [''], resources: ['pods'], verbs: ['delete'] }],
  },
  'labelling takes the status of pods': {
    repair: { repairPods: false, labelPods: true },
    want: [{ apiGroups: [''], resources: ['pods/status'], verbs: ['patch', 'update'] }],
  },
};
test.each(Object.entries(REPAIRS))('repair role: %s', (_name, { repair, want }) => {
  const role = agent({ repair }).find(
    ({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === 'istio-cni-repair-role',
  );
  const rules = role === undefined ? [] : (asJson(role).rules as readonly Json[]);
  expect(rules.slice(2)).toEqual(want);
});

test.each([
  { global: { platform: 'openshift' } },
  { platform: 'openshift' },
])('with %j the agent may use the privileged security context constraint', (values) => {
  const [role] = agent({ ...values, repair: { enabled: false } }).filter(({ kind }) => kind === 'ClusterRole');
  expect(JSON.stringify(role)).toContain('securitycontextconstraints');
  expect(JSON.stringify(agent())).not.toContain('securitycontextconstraints');
});

const SETTINGS: Record<string, { values: JsonObject; key: string; want: string | undefined }> = {
  'the version of the agent': { values: { tag: '1.2' }, key: 'CURRENT_AGENT_VERSION', want: '1.2' },
  'the version of the mesh': { values: { global: { tag: 'g' } }, key: 'CURRENT_AGENT_VERSION', want: 'g' },
  'booleans as text': { values: { chained: false }, key: 'CHAINED_CNI_PLUGIN', want: 'false' },
  'excluded namespaces as a list': {
    values: { excludeNamespaces: ['a', 'b'] },
    key: 'EXCLUDE_NAMESPACES',
    want: 'a,b',
  },
  'the first configuration file unless one is named': { values: {}, key: 'CNI_CONF_NAME', want: undefined },
  'the configuration file': { values: { cniConfFileName: '10.conflist' }, key: 'CNI_CONF_NAME', want: '10.conflist' },
  'a file of Istio’s own': {
    values: { istioOwnedCNIConfig: true, istioOwnedCNIConfigFileName: '02.conflist' },
    key: 'ISTIO_OWNED_CNI_CONF_FILENAME',
    want: '02.conflist',
  },
  'the file of Istio’s own only where it has one': {
    values: { istioOwnedCNIConfigFileName: '02.conflist' },
    key: 'ISTIO_OWNED_CNI_CONF_FILENAME',
    want: undefined,
  },
  'selectors as YAML': {
    values: { ambient: { enablementSelectors: [{ podSelector: { matchLabels: { a: 'b' } } }] } },
    key: 'AMBIENT_ENABLEMENT_SELECTOR',
    want: '- podSelector:\n    matchLabels:\n      a: b',
  },
  'variables of the user win': { values: { env: { AMBIENT_IPV6: false } }, key: 'AMBIENT_IPV6', want: 'false' },
};
test.each(Object.entries(SETTINGS))('configuration: %s', (_name, { values, key, want }) => {
  expect(fieldOf(agent(values), 'ConfigMap', 'data', key)).toBe(want);
});

const FIELDS: Record<string, { values: JsonObject; path: readonly string[]; want: Json | undefined }> = {
  'tolerations that the user gives replace the default ones': {
    values: { tolerations: [{ key: 'a', operator: 'Exists' }] },
    path: [...POD, 'tolerations'],
    want: [{ key: 'a', operator: 'Exists' }],
  },
  'the update strategy': {
    values: { updateStrategy: { rollingUpdate: { maxUnavailable: '50%' } } },
    path: ['spec', 'updateStrategy'],
    want: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '50%' } },
  },
  'an update strategy without its rolling part': {
    values: { updateStrategy: { type: 'OnDelete', rollingUpdate: null } },
    path: ['spec', 'updateStrategy'],
    want: { type: 'OnDelete' },
  },
  'its own network': { values: { ambient: { enabled: true } }, path: [...POD, 'hostNetwork'], want: undefined },
  'the network of the node, in ambient mode': {
    values: { ambient: { enabled: true, shareHostNetworkNamespace: true } },
    path: [...POD, 'hostNetwork'],
    want: true,
  },
  'never the network of the node without ambient mode': {
    values: { ambient: { shareHostNetworkNamespace: true } },
    path: [...POD, 'hostNetwork'],
    want: undefined,
  },
  'no label of the user breaks the selector': {
    values: { podLabels: { 'k8s-app': 'mine', team: 'net' } },
    path: [...TEMPLATE, 'labels', 'k8s-app'],
    want: 'istio-cni-node',
  },
  'labels of the DaemonSet': { values: { daemonSetLabels: { a: 'b' } }, path: ['metadata', 'labels', 'a'], want: 'b' },
  'AppArmor by annotation': {
    values: {},
    path: [...TEMPLATE, 'annotations', 'container.apparmor.security.beta.kubernetes.io/install-cni'],
    want: 'unconfined',
  },
  'no annotation where the security context says it': {
    values: { useAppArmorAnnotation: false },
    path: [...TEMPLATE, 'annotations', 'container.apparmor.security.beta.kubernetes.io/install-cni'],
    want: undefined,
  },
  'the directory of plugins': {
    values: { cniBinDir: '/bin' },
    path: [...POD, 'volumes', '[cni-bin-dir]', 'hostPath', 'path'],
    want: '/bin',
  },
  'the processes of the node only where they are needed': {
    values: { repair: { repairPods: false } },
    path: [...POD, 'volumes', '[cni-host-procfs]'],
    want: undefined,
  },
  'the grace period': {
    values: { terminationGracePeriodSeconds: 60 },
    path: [...POD, 'terminationGracePeriodSeconds'],
    want: 60,
  },
};
test.each(Object.entries(FIELDS))('DaemonSet: %s', (_name, { values, path, want }) => {
  expect(fieldOf(agent(values), 'DaemonSet', ...path)).toEqual(want);
});

const CONTAINER: Record<string, { values: JsonObject; path: readonly string[]; want: Json | undefined }> = {
  'hub, tag and variant of its own': {
    values: { hub: 'h.example', tag: 7, variant: 'debug', image: 'agent' },
    path: ['image'],
    want: 'h.example/agent:7-debug',
  },
  'hub, tag and variant of the mesh': {
    values: { global: { hub: 'g.example', tag: 't', variant: 'v' } },
    path: ['image'],
    want: 'g.example/install-cni:t-v',
  },
  'its own pull policy first': {
    values: { pullPolicy: 'Never', global: { imagePullPolicy: 'Always' } },
    path: ['imagePullPolicy'],
    want: 'Never',
  },
  'its own log level first': {
    values: { logging: { level: 'cni:debug' }, global: { logging: { level: 'info' }, logAsJson: true } },
    path: ['args'],
    want: ['--log_output_level=cni:debug', '--log_as_json'],
  },
  'no arguments at all': { values: { global: { logging: { level: '' } } }, path: ['args'], want: undefined },
  'it switches to the network of the node by itself': {
    values: {},
    path: ['env', '[ALLOW_SWITCH_TO_HOST_NS]', 'value'],
    want: 'true',
  },
  'it is there already': {
    values: { ambient: { enabled: true, shareHostNetworkNamespace: true } },
    path: ['env', '[ALLOW_SWITCH_TO_HOST_NS]'],
    want: undefined,
  },
  'SELinux options get the type that may write to the node': {
    values: { seLinuxOptions: { level: 's0' } },
    path: ['securityContext', 'seLinuxOptions'],
    want: { level: 's0', type: 'spc_t' },
  },
  'AppArmor by security context': {
    values: { useAppArmorAnnotation: false },
    path: ['securityContext', 'appArmorProfile'],
    want: { type: 'Unconfined' },
  },
  'a seccomp profile': {
    values: { seccompProfile: { type: 'RuntimeDefault' } },
    path: ['securityContext', 'seccompProfile'],
    want: { type: 'RuntimeDefault' },
  },
  'the socket of ztunnel in ambient mode': {
    values: { ambient: { enabled: true } },
    path: ['volumeMounts', '[cni-ztunnel-sock-dir]', 'mountPath'],
    want: '/var/run/ztunnel',
  },
};
test.each(Object.entries(CONTAINER))('container: %s', (_name, { values, path, want }) => {
  expect(containerOf(agent(values), 'DaemonSet', ...path)).toEqual(want);
});

test.each([
  { kubernetesVersion: '1.33.1-gke.100' },
  { kubernetesVersion: '1.33.1', platform: 'gke' }, // as a cluster tells it
])('on GKE (%j) the plugins are where GKE looks for them, unless the values say where', (facts) => {
  const path = (values: JsonObject) =>
    fieldOf(agent(values, { facts }), 'DaemonSet', ...[...POD, 'volumes', '[cni-bin-dir]', 'hostPath', 'path']);
  expect(path({ cniBinDir: '' })).toBe('/home/kubernetes/bin');
  expect(path({})).toBe('/opt/cni/bin');
});

test('a variable without a value is set, but empty, in the configuration and in the container', () => {
  const objects = agent({ env: { A: null } });
  expect(fieldOf(objects, 'ConfigMap', 'data', 'A')).toBe('');
  expect(containerOf(objects, 'DaemonSet', 'env')).toContainEqual({ name: 'A', value: '' });
});

test('who takes back all that is requested by default requests nothing', () => {
  expect(containerOf(agent({ resources: { requests: null } }), 'DaemonSet', 'resources')).toBeUndefined();
});
