import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ADDON_IMAGES } from '../../../../src/components/addons/versions.ts';
import { formatId, idOf, type JsonObject, valueAt } from '../../../../src/core/index.ts';
import { containerOf, ofKind, one, podOf, rendered } from './rendered.ts';

const DEMO: JsonObject = { profile: 'demo' };
const ZIPKIN: JsonObject = { addonComponents: { zipkin: {} } };
const WORKLOADS = [
  ['prometheus', DEMO],
  ['grafana', DEMO],
  ['kiali', DEMO],
  ['istio-tracing', DEMO],
  ['zipkin', ZIPKIN],
] as const;

const namesOf = (spec: JsonObject, kind: string) => ofKind(spec, kind).map((each) => valueAt(each, 'metadata', 'name'));

test('workloads and Services have the names that people know', () => {
  expect(namesOf(DEMO, 'Deployment')).toEqual(['grafana', 'istio-tracing', 'kiali', 'prometheus']);
  expect(namesOf(DEMO, 'Service')).toEqual(['grafana', 'jaeger-collector', 'kiali', 'prometheus', 'tracing', 'zipkin']);
  expect(namesOf(ZIPKIN, 'Deployment')).toEqual(['zipkin']);
  expect(namesOf(ZIPKIN, 'Service')).toEqual(['zipkin']);
});

test('every object says which component it belongs to', () => {
  const labels = rendered(DEMO).objects.map(({ metadata }) => metadata.labels?.['operator.istio.io/component']);
  expect(new Set(labels)).toEqual(new Set(['AddonComponents']));
});

describe.each(WORKLOADS)('%s', (name, spec) => {
  test('runs without any right on its node', () => {
    expect(valueAt(podOf(spec, name), 'spec', 'securityContext')).toMatchObject({
      runAsNonRoot: true,
      runAsUser: expect.any(Number),
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(containerOf(spec, name).securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  test('leaves the choice of a user to OpenShift', () => {
    const openshift = { ...spec, values: { global: { platform: 'openshift' } } };
    expect(valueAt(podOf(openshift, name), 'spec', 'securityContext')).toEqual({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });

  test('stays outside the mesh and is scraped', () => {
    expect(valueAt(podOf(spec, name), 'metadata', 'labels')).toMatchObject({
      'sidecar.istio.io/inject': 'false',
      'istio.io/dataplane-mode': 'none',
    });
    expect(valueAt(podOf(spec, name), 'metadata', 'annotations', 'prometheus.io/scrape')).toBe('true');
  });

  test('asks for what a laptop has, and no more than a bounded amount of memory', () => {
    expect(containerOf(spec, name).resources).toEqual({
      requests: { cpu: expect.stringMatching(/^[1-5]0m$/), memory: expect.stringMatching(/^(128|192|256)Mi$/) },
      limits: { memory: expect.any(String) },
    });
  });

  test('can be reached by its peers only', () => {
    const policy = one(spec, 'NetworkPolicy', name);
    expect(valueAt(policy, 'spec', 'policyTypes')).toEqual(['Ingress']);
    expect(valueAt(policy, 'spec', 'podSelector', 'matchLabels')).toEqual(
      valueAt(one(spec, 'Deployment', name), 'spec', 'selector', 'matchLabels'),
    );
  });

  test('has a Service that selects its pods and whose ports its container has', () => {
    const labels = valueAt(podOf(spec, name), 'metadata', 'labels') as JsonObject;
    const services = ofKind(spec, 'Service').filter((each) => {
      const selector = valueAt(each, 'spec', 'selector') as JsonObject;
      return Object.entries(selector).every(([key, value]) => labels[key] === value);
    });
    expect(services.length).toBeGreaterThan(0);
    const ports = containerOf(spec, name).ports as readonly JsonObject[];
    const targets = services.flatMap((each) => valueAt(each, 'spec', 'ports') as readonly JsonObject[]);
    expect(ports.map((port) => port.name)).toEqual(
      expect.arrayContaining([...new Set(targets.map((port) => port.targetPort))]),
    );
  });
});

test('only Prometheus and Kiali talk to the API server', () => {
  const mounts = WORKLOADS.map(([name, spec]) => [
    name,
    valueAt(podOf(spec, name), 'spec', 'automountServiceAccountToken'),
  ]);
  expect(mounts.filter(([, mounted]) => mounted === true).map(([name]) => name)).toEqual(['prometheus', 'kiali']);
});

test('no add-on may change anything in the cluster', () => {
  const rules = ofKind(DEMO, 'ClusterRole').flatMap(({ rules }) => rules as readonly JsonObject[]);
  const writing = rules.filter(({ verbs }) => !JSON.stringify(verbs).match(/^\["get","list","watch"\]$/));
  expect(writing).toEqual([{ apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] }]);
  expect(rules.flatMap(({ resources }) => resources)).not.toContain('secrets');
});

test('Kiali may ask istiod, wherever Kiali is, and no other pod', () => {
  const spec = { addonComponents: { kiali: { namespace: 'console' } } };
  expect(ofKind(spec, 'Role')).toMatchObject([
    {
      metadata: { name: 'kiali-console', namespace: 'istio-system' },
      rules: [{ apiGroups: [''], resources: ['pods/portforward'], verbs: ['create'] }],
    },
  ]);
  expect(ofKind(spec, 'RoleBinding')).toMatchObject([
    {
      metadata: { name: 'kiali-console', namespace: 'istio-system' },
      subjects: [{ kind: 'ServiceAccount', name: 'kiali', namespace: 'console' }],
    },
  ]);
});

test('whoever installs only the cluster-wide part, or only the rest, gets that part of the add-ons', () => {
  const kindsOf = (resourceScope: string) =>
    new Set(rendered({ profile: 'demo', values: { global: { resourceScope } } }).objects.map(({ kind }) => kind));
  expect(kindsOf('cluster')).toEqual(new Set(['ClusterRole', 'ClusterRoleBinding']));
  expect(kindsOf('namespace')).not.toContain('ClusterRole');
  expect(kindsOf('namespace')).toContain('Deployment');
});

describe('the image', () => {
  const imageOf = (kiali: JsonObject) => containerOf({ addonComponents: { kiali } }, 'kiali').image;
  const { hub, image, tag } = ADDON_IMAGES.kiali;

  test.each([
    [{}, `${hub}/${image}:${tag}`],
    [{ hub: 'registry.example.com/kiali' }, `registry.example.com/kiali/${image}:${tag}`],
    [{ tag: 2 }, `${hub}/${image}:2`],
    [{ image: 'kiali-distroless' }, `${hub}/kiali-distroless:${tag}`],
    [{ image: 'example.com/my/kiali@sha256:0123', tag: 'x' }, 'example.com/my/kiali@sha256:0123'],
  ])('%j is %s', (settings, expected) => {
    expect(imageOf(settings)).toBe(expected);
  });

  test('is not that of Istio’s hub and tag', () => {
    const spec = { hub: 'registry.example.com/istio', tag: '1.30.3', addonComponents: { kiali: {} } };
    expect(containerOf(spec, 'kiali').image).toBe(`${hub}/${image}:${tag}`);
  });
});

test('the documentation names the releases that are installed, and when they were chosen', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/addons.md'), 'utf8');
  for (const { hub, image, tag, chosen } of Object.values(ADDON_IMAGES)) {
    expect(page).toContain(`| \`${hub}/${image}:${tag}\` | ${chosen} |`);
  }
});

describe('the k8s block', () => {
  test('reaches pod, container and Service', () => {
    const k8s = {
      replicaCount: 2,
      nodeSelector: { disk: 'fast' },
      env: [{ name: 'MORE', value: '1' }],
      resources: { requests: { cpu: '2' } },
      podAnnotations: { note: 'x' },
      serviceAnnotations: { 'example.com/lb': 'y' },
      service: { type: 'LoadBalancer' },
    };
    const spec = { addonComponents: { tracing: { k8s } } };
    expect(rendered(spec).notices).toEqual([]);
    expect(valueAt(one(spec, 'Deployment', 'istio-tracing'), 'spec', 'replicas')).toBe(2);
    expect(valueAt(podOf(spec, 'istio-tracing'), 'spec', 'nodeSelector')).toEqual({ disk: 'fast' });
    expect(valueAt(podOf(spec, 'istio-tracing'), 'metadata', 'annotations', 'note')).toBe('x');
    expect(containerOf(spec, 'istio-tracing')).toMatchObject({
      env: [{ name: 'MORE', value: '1' }],
      resources: { requests: { cpu: '2', memory: '128Mi' } },
    });
    expect(valueAt(one(spec, 'Service', 'tracing'), 'spec', 'type')).toBe('LoadBalancer');
    expect(valueAt(one(spec, 'Service', 'tracing'), 'metadata', 'annotations', 'example.com/lb')).toBe('y');
  });

  test('has overlays that change any object', () => {
    const overlays = [
      { kind: 'ConfigMap', name: 'kiali', patches: [{ path: 'data.extra', value: 'x' }] },
      {
        kind: 'Deployment',
        name: 'kiali',
        patches: [{ path: 'spec.template.spec.containers.[name:kiali].args.[-1]', value: '--v' }],
      },
    ];
    const spec = { addonComponents: { kiali: { k8s: { overlays } } } };
    expect(valueAt(one(spec, 'ConfigMap', 'kiali'), 'data', 'extra')).toBe('x');
    expect((containerOf(spec, 'kiali').args as readonly string[]).at(-1)).toBe('--v');
  });
});

describe('a volume', () => {
  const PERSISTENT: JsonObject = {
    addonComponents: { prometheus: { persistence: { size: '20Gi', storageClassName: 'fast' } } },
  };

  test('is claimed on request, and taken over by one pod after the other', () => {
    expect(valueAt(one(PERSISTENT, 'PersistentVolumeClaim', 'prometheus'), 'spec')).toEqual({
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '20Gi' } },
      storageClassName: 'fast',
    });
    expect(valueAt(one(PERSISTENT, 'Deployment', 'prometheus'), 'spec', 'strategy')).toEqual({ type: 'Recreate' });
    expect(valueAt(podOf(PERSISTENT, 'prometheus'), 'spec', 'volumes')).toContainEqual({
      name: 'data',
      persistentVolumeClaim: { claimName: 'prometheus' },
    });
  });

  test('outlives the add-on unless its author says otherwise', () => {
    const label = 'install.operator.istio.io/owning-resource-not-pruned';
    const keep = (persistence: JsonObject) =>
      valueAt(
        one({ addonComponents: { grafana: { persistence } } }, 'PersistentVolumeClaim', 'grafana'),
        'metadata',
        'labels',
        label,
      );
    expect(keep({ enabled: true })).toBe('true');
    expect(keep({ keep: false })).toBeUndefined();
  });

  test('is an emptyDir with a limit otherwise', () => {
    expect(ofKind(DEMO, 'PersistentVolumeClaim')).toEqual([]);
    expect(
      ofKind({ addonComponents: { grafana: { persistence: { enabled: false } } } }, 'PersistentVolumeClaim'),
    ).toEqual([]);
    expect(valueAt(podOf(DEMO, 'prometheus'), 'spec', 'volumes')).toContainEqual({
      name: 'data',
      emptyDir: { sizeLimit: '4Gi' },
    });
  });
});

describe('turning an add-on of demo off', () => {
  const idsOf = (addonComponents: JsonObject) =>
    rendered({ profile: 'demo', addonComponents }).objects.map((object) => formatId(idOf(object)));

  test.each([
    ['prometheus', /prometheus/],
    ['grafana', /grafana/],
    ['kiali', /kiali/],
    ['tracing', /istio-tracing|\/tracing$|\/zipkin$|jaeger-collector/],
  ])('takes away the objects of %s and no others', (addon, own) => {
    const left = idsOf({ [addon]: { enabled: false } });
    const gone = idsOf({}).filter((id) => !left.includes(id));
    expect(gone.length).toBeGreaterThan(4);
    expect(gone.filter((id) => !own.test(id))).toEqual([]);
    expect(left.filter((id) => own.test(id))).toEqual([]);
    expect(idsOf({}).length).toBe(left.length + gone.length);
  });
});
