import { expect, test } from '@jest/globals';
import { type DigestedObject, type LiveObject, withoutTakenFields } from '../../../src/apply/index.ts';
import { asJson, type JsonObject, type KubernetesObject, parseTreePath, valueAt } from '../../../src/core/index.ts';

/** A Deployment with one container. */
function aDeployment(container: JsonObject, spec: JsonObject = {}): KubernetesObject {
  const containers = [{ name: 'discovery', image: 'a', ...container }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'istiod', namespace: 'istio-system' },
    spec: { ...spec, template: { spec: { containers } } },
  } as KubernetesObject;
}

/** What somebody owns in the container. */
function owned(manager: string, container: JsonObject): JsonObject {
  const containers = { 'k:{"name":"discovery"}': { '.': {}, 'f:name': {}, ...container } };
  return {
    manager,
    operation: 'Update',
    fieldsV1: { 'f:spec': { 'f:template': { 'f:spec': { 'f:containers': containers } } } },
  };
}

function liveOf(object: KubernetesObject, ...managedFields: readonly JsonObject[]): LiveObject {
  return { ...object, metadata: { ...object.metadata, managedFields } } as unknown as LiveObject;
}

const AT = 'spec.template.spec.containers.[name:discovery]';

async function sent(object: KubernetesObject, live: LiveObject, ...paths: readonly string[]): Promise<JsonObject> {
  const wanted = { object, ignored: paths.map(parseTreePath) } as unknown as DigestedObject;
  return asJson(await withoutTakenFields(wanted, live, async () => false));
}

function container(object: JsonObject): JsonObject | undefined {
  const containers = valueAt(object, 'spec', 'template', 'spec', 'containers') as readonly JsonObject[] | undefined;
  return containers?.[0];
}

const resources = { requests: { cpu: '1', memory: '1Gi' } };
const env = [
  { name: 'A', value: '1' },
  { name: 'B', value: '2' },
];

test('what somebody else owns below the path is left out, and what only we own is still sent', async () => {
  const others = owned('vpa', { 'f:resources': { 'f:requests': { 'f:cpu': {} } } });
  const result = await sent(aDeployment({ resources }), liveOf(aDeployment({ resources }), others), `${AT}.resources`);
  expect(container(result)).toEqual({ name: 'discovery', image: 'a', resources: { requests: { memory: '1Gi' } } });
});

test('when others own all of it, nothing of it is sent', async () => {
  const others = owned('vpa', { 'f:resources': { 'f:requests': { 'f:cpu': {}, 'f:memory': {} } } });
  const result = await sent(aDeployment({ resources }), liveOf(aDeployment({ resources }), others), `${AT}.resources`);
  expect(container(result)).toEqual({ name: 'discovery', image: 'a' });
});

test('as long as nobody else owns it, what we want is sent', async () => {
  const ours = owned('istio-operator', { 'f:resources': { 'f:requests': { 'f:cpu': {}, 'f:memory': {} } } });
  const live = liveOf(aDeployment({ resources: { requests: { cpu: '1', memory: '1Gi' } } }), ours);
  const wanted = { requests: { cpu: '2', memory: '1Gi' } };
  expect(container(await sent(aDeployment({ resources: wanted }), live, `${AT}.resources`))).toMatchObject({
    resources: wanted,
  });
});

test('what somebody has removed stays removed', async () => {
  const ours = owned('istio-operator', { 'f:resources': { 'f:requests': { 'f:cpu': {} } } });
  const live = liveOf(aDeployment({ resources: { requests: { cpu: '1' } } }), ours);
  expect(container(await sent(aDeployment({ resources }), live, `${AT}.resources`))).toMatchObject({
    resources: { requests: { cpu: '1' } },
  });
});

test('a field beside the path is ours, whoever owns it', async () => {
  const others = owned('kubectl-edit', { 'f:image': {} });
  const live = liveOf(aDeployment({ image: 'theirs', resources }), others);
  expect(container(await sent(aDeployment({ resources }), live, `${AT}.resources`))).toEqual(
    container(asJson(aDeployment({ resources }))),
  );
});

test('in a list, entries are told apart by the keys that Kubernetes has for it', async () => {
  const others = owned('kubectl-edit', { 'f:env': { 'k:{"name":"B"}': { 'f:value': {} } } });
  const ours = owned('istio-operator', { 'f:env': { 'k:{"name":"A"}': { '.': {}, 'f:name': {}, 'f:value': {} } } });
  const live = liveOf(aDeployment({ env: [env[0] ?? {}, { name: 'B', value: 'theirs' }] }), others, ours);
  expect(container(await sent(aDeployment({ env }), live, `${AT}.env`))).toMatchObject({
    env: [env[0], { name: 'B' }],
  });
  const removed = liveOf(aDeployment({ env: [env[0] ?? {}] }), ours);
  expect(container(await sent(aDeployment({ env }), removed, `${AT}.env`))).toMatchObject({ env: [env[0]] });
});

test('a key field that we do not set has the default that the live entry shows', async () => {
  const ports = [
    { name: 'https', containerPort: 443 },
    { name: 'http', containerPort: 80 },
  ];
  const key = (port: number) => `k:{"containerPort":${port},"protocol":"TCP"}`;
  const others = owned('kubectl-edit', { 'f:ports': { [key(443)]: { 'f:name': {} } } });
  const live = liveOf(
    aDeployment({ ports: ports.map((port) => ({ ...port, protocol: 'TCP' })) }),
    others,
    owned('istio-operator', { 'f:ports': { [key(443)]: { '.': {} }, [key(80)]: { '.': {}, 'f:name': {} } } }),
  );
  expect(container(await sent(aDeployment({ ports }), live, `${AT}.ports.[name:https].name`))).toMatchObject({
    ports: [{ containerPort: 443 }, ports[1]],
  });
});

test('where Kubernetes keeps a list as one field, all of it is left out when somebody else has it', async () => {
  const args = ['discovery', '--log=debug'];
  const others = owned('kubectl-edit', { 'f:args': {} });
  const live = liveOf(aDeployment({ args: ['discovery'] }), others);
  expect(container(await sent(aDeployment({ args }), live, `${AT}.args`))).not.toHaveProperty('args');
  const ours = liveOf(aDeployment({ args: ['discovery'] }), owned('istio-operator', { 'f:args': {} }));
  expect(container(await sent(aDeployment({ args }), ours, `${AT}.args`))).toMatchObject({ args });
});

test('a list entry of which anything is sent is sent with its name', async () => {
  const live = liveOf(aDeployment({ resources }), owned('kubectl-edit', { 'f:image': {} }));
  expect(container(await sent(aDeployment({ resources }), live, 'spec.template.spec.containers'))).toEqual({
    name: 'discovery',
    resources,
  });
});

test('a path into a list that Kubernetes keeps as one field leaves our list whole', async () => {
  const tolerations = [{ key: 'other' }, { key: 'edge', operator: 'Exists' }];
  const object = aDeployment({}, { tolerations });
  const ours = { manager: 'istio-operator', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:tolerations': {} } } };
  const result = await sent(object, liveOf(object, ours), 'spec.tolerations.[key:edge].operator');
  expect(valueAt(result, 'spec', 'tolerations')).toEqual(tolerations);
});

test('our own field managers are not others', async () => {
  const ours = [owned('istio-operator', { 'f:image': {} }), owned('istio-operator-handover', { 'f:image': {} })];
  expect(
    container(await sent(aDeployment({}), liveOf(aDeployment({ image: 'b' }), ...ours), `${AT}.image`)),
  ).toMatchObject({
    image: 'a',
  });
});

test('replicas that a person has set stay, where they are to be ignored', async () => {
  const scaled = {
    manager: 'kubectl',
    operation: 'Update',
    subresource: 'scale',
    fieldsV1: { 'f:spec': { 'f:replicas': {} } },
  };
  const live = liveOf(aDeployment({}, { replicas: 7 }), scaled);
  expect(valueAt(await sent(aDeployment({}, { replicas: 2 }), live), 'spec', 'replicas')).toBe(2);
  expect(
    valueAt(await sent(aDeployment({}, { replicas: 2 }), live, 'spec.replicas'), 'spec', 'replicas'),
  ).toBeUndefined();
});
