import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { isObject, type Json, type JsonObject, valueAt } from '../../src/core/index.ts';
import { builtHelm, HAS_GO, HAS_KUBECTL, output, ROOT } from './helm.ts';

const BUILD_MS = 900_000;
const CHART = 'deploy/chart';

let helm = '';

const templated = async (...args: string[]): Promise<readonly JsonObject[]> =>
  objectsIn(await output(helm, ['template', 'istio-operator', CHART, '--namespace', 'istio-operator', ...args]));

function objectsIn(text: string): readonly JsonObject[] {
  const all = parseAllDocuments(text).map((document) => document.toJS() as Json);
  return all.filter(isObject);
}

const nameOf = (object: JsonObject) => `${object.kind}/${valueAt(object, 'metadata', 'name')}`;

/** What is there only while the release goes. */
const isHook = (object: JsonObject) => valueAt(object, 'metadata', 'annotations', 'helm.sh/hook') !== undefined;

/** By kind and name. Helm keeps the CRD, makes the namespace itself, and has hooks. */
function comparable(objects: readonly JsonObject[]): Record<string, JsonObject> {
  const entries = objects
    .filter((object) => object.kind !== 'Namespace' && !isHook(object))
    .map((object) => {
      if (object.kind !== 'CustomResourceDefinition') return [nameOf(object), object] as const;
      const { annotations: _keep, ...metadata } = object.metadata as JsonObject;
      return [nameOf(object), { ...object, metadata }] as const;
    });
  return Object.fromEntries(entries);
}

const find = (objects: readonly JsonObject[], kind: string) => {
  const found = objects.find((object) => object.kind === kind);
  if (found === undefined) throw new Error(`no ${kind} among ${objects.map(nameOf).join(', ')}`);
  return found;
};

const pod = (objects: readonly JsonObject[]) =>
  valueAt(find(objects, 'Deployment').spec as JsonObject, 'template', 'spec') as JsonObject;

const container = (objects: readonly JsonObject[]) => (pod(objects).containers as readonly JsonObject[])[0] ?? {};

const withHelm = HAS_GO ? describe : describe.skip;

withHelm(`the chart${HAS_GO ? '' : ' (skipped: Helm is built with Go, which is not here)'}`, () => {
  beforeAll(async () => {
    helm = await builtHelm();
  }, BUILD_MS);

  (HAS_KUBECTL ? test : test.skip)(
    `installs what kubectl apply -k deploy/ does${HAS_KUBECTL ? '' : ' (skipped: no kubectl)'}`,
    async () => {
      const [chart, kustomized] = await Promise.all([templated(), output('kubectl', ['kustomize', 'deploy'])]);
      expect(comparable(chart)).toEqual(comparable(objectsIn(kustomized)));
    },
  );

  test('passes helm lint', async () => {
    expect(await output(helm, ['lint', '--strict', CHART])).toContain('0 chart(s) failed');
  });

  test('goes to the namespace and carries the name of its release everywhere', async () => {
    const text = await output(helm, ['template', 'other', CHART, '--namespace', 'mesh', '--set', 'crds.install=false']);
    const objects = objectsIn(text);
    const names = objects.map((object) => [
      isHook(object) ? 'other-drain' : 'other',
      valueAt(object, 'metadata', 'name'),
    ]);
    expect(names.filter(([want, is]) => want !== is)).toEqual([]);
    const left = JSON.stringify(objects).match(/"[^"]*istio-operator[^"]*"/g);
    const image = expect.stringContaining('/istio-operator:');
    expect(left).toEqual(['"istio-operator"', image, image]); // a container, its image, and that of the hook
    expect(text).not.toMatch(/namespace: (?!mesh)/);
  });

  test('takes what its values set', async () => {
    const values = {
      'image.repository': 'my.registry/operator',
      'image.pullPolicy': 'Always',
      'imagePullSecrets[0].name': 'pull',
      'watchNamespaces[0]': 'one',
      'watchNamespaces[1]': 'two',
      'args[0]': '--log-level',
      'args[1]': 'debug',
      'env[0].name': 'REVISION',
      'env[0].value': 'canary',
      'resources.limits.memory': '1Gi',
      'nodeSelector.disk': 'fast',
      'tolerations[0].operator': 'Exists',
      'affinity.nodeAffinity.weight': 'any',
      'topologySpreadConstraints[0].topologyKey': 'rack',
      priorityClassName: 'system-cluster-critical',
      'podAnnotations.team': 'mesh',
    };
    const objects = await templated(
      '--set',
      Object.entries(values)
        .map((pair) => pair.join('='))
        .join(','),
    );
    expect(container(objects)).toMatchObject({
      image: expect.stringMatching(/^my\.registry\/operator:\d/),
      imagePullPolicy: 'Always',
      args: expect.arrayContaining(['operator', 'run', '--log-level', 'debug']),
      env: expect.arrayContaining([
        { name: 'WATCH_NAMESPACE', value: 'one,two' },
        { name: 'REVISION', value: 'canary' },
      ]),
      resources: { limits: { memory: '1Gi' } },
    });
    expect(pod(objects)).toMatchObject({
      imagePullSecrets: [{ name: 'pull' }],
      nodeSelector: { disk: 'fast' },
      tolerations: [{ operator: 'Exists' }],
      affinity: { nodeAffinity: { weight: 'any' } },
      topologySpreadConstraints: [{ topologyKey: 'rack' }],
      priorityClassName: 'system-cluster-critical',
    });
    expect(pod(objects).affinity).not.toHaveProperty('podAntiAffinity');
    const template = valueAt(find(objects, 'Deployment').spec as JsonObject, 'template', 'metadata', 'annotations');
    expect(template).toMatchObject({ team: 'mesh', 'prometheus.io/port': '8383' });
  });

  test('watches all namespaces where the list is empty', async () => {
    const objects = await templated('--set-json', 'watchNamespaces=[]');
    expect(container(objects).env).toContainEqual({ name: 'WATCH_NAMESPACE', value: '' });
  });

  test('prefers a digest over a tag', async () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const objects = await templated('--set', `image.digest=${digest},image.repository=r`);
    expect(container(objects).image).toBe(`r@${digest}`);
  });

  test('adds and leaves out what is switched on and off', async () => {
    const all = await templated('--set', 'serviceMonitor.enabled=true,serviceMonitor.labels.release=prometheus');
    expect(find(all, 'ServiceMonitor')).toMatchObject({
      metadata: { labels: { release: 'prometheus' } },
      spec: { endpoints: [{ port: 'http-metrics', interval: '30s' }] },
    });
    const off = 'crds.install=false,networkPolicy.enabled=false,podDisruptionBudget.enabled=false';
    const kinds = (await templated('--set', off)).map(({ kind }) => kind);
    expect(kinds).toContain('Deployment');
    for (const kind of ['CustomResourceDefinition', 'NetworkPolicy', 'PodDisruptionBudget', 'ServiceMonitor']) {
      expect(kinds).not.toContain(kind);
    }
  });

  test('has no disruption budget for a single replica, which would keep nodes from being drained', async () => {
    expect((await templated('--set', 'replicas=1')).map(({ kind }) => kind)).not.toContain('PodDisruptionBudget');
  });

  test('keeps the CRD when the release goes', async () => {
    const crd = find(await templated(), 'CustomResourceDefinition');
    expect(crd.metadata).toMatchObject({ annotations: { 'helm.sh/resource-policy': 'keep' } });
  });

  test('stops the operator before it goes, so that no IstioOperator waits for it, and may do nothing else', async () => {
    const objects = (await templated('--set', 'onUninstall=remove,image.tag=v1,env[0].name=A,env[0].value=b')).filter(
      isHook,
    );
    const job = find(objects, 'Job');
    expect(job.metadata).toMatchObject({ annotations: { 'helm.sh/hook': 'pre-delete' } });
    const { serviceAccountName, containers } = valueAt(job.spec, 'template', 'spec') as JsonObject;
    expect(serviceAccountName).toBe(valueAt(find(objects, 'ServiceAccount'), 'metadata', 'name'));
    const [drain] = containers as readonly JsonObject[];
    expect(drain).toMatchObject({ image: expect.stringMatching(/:v1$/), args: ['operator', 'drain', '--yes'] });
    for (const [name, value] of Object.entries({
      ON_UNINSTALL: 'remove',
      OPERATOR_NAME: 'istio-operator',
      WATCH_NAMESPACE: 'istio-system',
      A: 'b',
    })) {
      expect(drain?.env).toContainEqual({ name, value });
    }
    const rights = objects.flatMap(({ rules }) => (Array.isArray(rules) ? rules : []));
    expect(rights.map((rule) => valueAt(rule, 'resources'))).toEqual([['istiooperators'], ['deployments']]);
    expect(find(objects, 'Role')).toMatchObject({ rules: [{ resourceNames: ['istio-operator'] }] });
    expect((await templated('--set', 'onUninstall=keep')).filter(isHook)).toEqual([]);
  });

  test.each([
    'onUninstall=purge',
    'replica=3',
    'image.tagg=1',
    'watchNamespaces[0]=Not_A_Name',
    'replicas=many',
  ])('refuses the wrong value %s', async (setting) => {
    await expect(templated('--set', setting)).rejects.toThrow(/schema/);
  });
});

test('the schema of the values knows every value, and nothing else', () => {
  const read = (name: string) => readFileSync(join(ROOT, CHART, name), 'utf8');
  const { global: _always, ...known } = JSON.parse(read('values.schema.json')).properties;
  expect(Object.keys(known).sort()).toEqual(Object.keys(parse(read('values.yaml'))).sort());
});
