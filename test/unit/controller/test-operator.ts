import { API_VERSION, FINALIZER, KIND, LABELS } from '../../../src/api/index.ts';
import type { Cluster, LiveObject, ObjectRef } from '../../../src/apply/index.ts';
import {
  type Metrics,
  type OperatorOptions,
  type PassSummary,
  type Render,
  runOperator,
} from '../../../src/controller/index.ts';
import {
  asJson,
  COMPONENT_NAMES,
  type ComponentName,
  type ErrorCode,
  isObject,
  type JsonObject,
  type KubernetesObject,
  type Logger,
  type Manifest,
  type ObjectMeta,
  OperatorError,
  silentLogger,
  valueAt,
} from '../../../src/core/index.ts';
import { ignoredFieldsOf } from '../../../src/render/index.ts';
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts';
import {
  type FakeCluster,
  type FakeClusterOptions,
  type FakeRequest,
  fakeCluster,
} from '../../support/fake-cluster.ts';

/** What a test CR asks for: the very objects that it renders, or the error that rendering it ends with. */
export interface TestSpec {
  readonly objects?: Partial<Record<ComponentName, readonly KubernetesObject[]>>;
  readonly revision?: string;
  readonly fails?: ErrorCode;
  /** Anything, to make a generation that renders the same. */
  readonly note?: string;
}

/** An operator on a cluster in memory, on a clock that stands still. */
export interface TestOperator extends AsyncDisposable {
  readonly cluster: FakeCluster;
  readonly clock: FakeClock;
  readonly passes: readonly PassSummary[];
  /** Writes besides those to CRs, as `verb Kind name`. */
  readonly sent: readonly string[];
  /** Creates or changes a CR, as a user would, and lets the operator work. */
  apply(name: string, spec: TestSpec, metadata?: Partial<ObjectMeta>): Promise<void>;
  /** Deletes a CR as a user would, and lets the operator work. */
  remove(name: string): Promise<void>;
  /** Somebody else changes an object, and the operator gets to work. */
  edit(object: KubernetesObject, manager?: string): Promise<void>;
  /** The CR, undefined when it is gone. */
  resource(name: string): LiveObject | undefined;
  /** Its status; empty when there is none. */
  status(name: string): JsonObject;
  /** A condition of its status. */
  condition(name: string, type: string): JsonObject | undefined;
}

/** How a test operator is started; a cluster and clock of an earlier one are taken over. */
export interface TestOperatorOptions extends Partial<OperatorOptions> {
  readonly on?: { readonly cluster: FakeCluster; readonly clock: FakeClock };
  readonly fake?: FakeClusterOptions;
  /** Stands between the operator and the cluster. */
  readonly through?: (cluster: FakeCluster) => Cluster;
  readonly render?: Render;
  /** Told of what happens, as by `iop operator run`. */
  readonly metrics?: Metrics;
  /** Default: nothing is logged. */
  readonly log?: Logger;
}

const OPERATORS = { apiVersion: API_VERSION, kind: KIND, namespaced: true };

/** Starts an operator; everything of it ends with its disposal. */
export async function testOperator(options: TestOperatorOptions = {}): Promise<TestOperator> {
  const { on, fake = {}, through, render = renderListed, metrics, log = silentLogger, ...tuning } = options;
  const cluster = on?.cluster ?? fakeCluster({ ...fake, kinds: [OPERATORS, ...(fake.kinds ?? [])] });
  const clock = on?.clock ?? fakeClock();
  const stop = new AbortController();
  const passes: PassSummary[] = [];
  const onPass = (pass: PassSummary) => {
    passes.push(pass);
    metrics?.recordPass(pass);
  };
  const running = runOperator(
    { watchNamespaces: [], ...tuning },
    { cluster: through?.(cluster) ?? cluster, clock, render, onPass, onForget: (key) => metrics?.forget(key) },
    { signal: stop.signal, log },
  );
  await clock.settle();
  const resource = (name: string) => cluster.peek(operatorRef(name));
  const status = (name: string): JsonObject => {
    const live = resource(name)?.status;
    return isObject(live) ? live : {};
  };
  return {
    cluster,
    clock,
    passes,
    get sent() {
      return cluster.writes.filter(({ kind }) => kind !== KIND).map(textOf);
    },
    async apply(name, spec, metadata = {}) {
      cluster.edit(changed(resource(name), name, spec, metadata), 'user');
      await clock.settle();
    },
    async remove(name) {
      cluster.remove(operatorRef(name));
      await clock.settle();
    },
    async edit(object, manager = 'kubectl-edit') {
      cluster.edit(object, manager);
      await clock.settle();
    },
    resource,
    status,
    condition: (name, type) => {
      const conditions = status(name).conditions;
      return Array.isArray(conditions) ? conditions.filter(isObject).find((one) => one.type === type) : undefined;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

/** A request in a word. */
export function textOf({ verb, kind, name }: FakeRequest): string {
  return `${verb} ${kind} ${name}`;
}

/** Where the CR of this name is. */
export function operatorRef(name: string): ObjectRef {
  return { apiVersion: API_VERSION, kind: KIND, namespace: 'istio-system', name };
}

/** Where an object is. */
export function refTo({ apiVersion, kind, metadata }: KubernetesObject): ObjectRef {
  return { apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name };
}

/** A CR as it may have been stored by somebody else. */
export function aResource(name: string, spec: TestSpec, metadata: JsonObject = {}, status?: JsonObject): LiveObject {
  const { apiVersion, kind, namespace } = operatorRef(name);
  const object = { apiVersion, kind, metadata: { name, namespace, ...metadata }, spec, ...(status && { status }) };
  return object as unknown as LiveObject;
}

/** The CR with another spec; finalizers, annotations and status stay. */
function changed(
  live: LiveObject | undefined,
  name: string,
  spec: TestSpec,
  { annotations, labels }: Partial<ObjectMeta>,
): KubernetesObject {
  const kept = live?.metadata.finalizers === undefined ? {} : { finalizers: live.metadata.finalizers };
  return aResource(name, spec, { ...kept, ...(annotations && { annotations }), ...(labels && { labels }) });
}

/** A cluster of which some calls behave otherwise. */
export function withCalls(cluster: FakeCluster, calls: Partial<Cluster>): Cluster {
  const plain: Cluster = {
    facts: (scope) => cluster.facts(scope),
    may: (right, scope) => cluster.may(right, scope),
    serves: (kind, scope) => cluster.serves(kind, scope),
    get: (ref, scope) => cluster.get(ref, scope),
    list: (kind, selection, scope) => cluster.list(kind, selection, scope),
    watch: (kind, selection, handler, scope) => cluster.watch(kind, selection, handler, scope),
    apply: (object, options, scope) => cluster.apply(object, options, scope),
    create: (object, options, scope) => cluster.create(object, options, scope),
    replace: (object, options, scope) => cluster.replace(object, options, scope),
    patch: (ref, patch, options, scope) => cluster.patch(ref, patch, options, scope),
    delete: (ref, options, scope) => cluster.delete(ref, options, scope),
  };
  return { ...plain, ...calls };
}

/** Renders the objects that the spec lists, with the labels that every rendered object carries. */
function renderListed(resource: LiveObject): Manifest {
  const fails = valueAt(resource.spec ?? {}, 'fails');
  if (typeof fails === 'string') {
    throw new OperatorError('This value is wrong.', { code: fails as ErrorCode, path: 'spec.fails', hint: 'Mend it.' });
  }
  const { objects = {}, revision = 'default' } = resource.spec as unknown as TestSpec;
  const components = COMPONENT_NAMES.flatMap((component) => {
    const listed = objects[component];
    return listed === undefined
      ? []
      : [{ component, objects: listed.map((object) => labelled(object, component, resource, revision)) }];
  });
  return { components, revision, version: '1.30.3', ...ignoredFieldsOf(resource.metadata.annotations, components) };
}

/** An object with the labels of the CR that owns it. */
export function labelled(
  object: KubernetesObject,
  component: ComponentName,
  owner: { readonly metadata: ObjectMeta },
  revision = 'default',
): KubernetesObject {
  const labels = {
    ...object.metadata.labels,
    [LABELS.managed]: 'Reconcile',
    [LABELS.component]: component,
    [LABELS.revision]: revision,
    [LABELS.owner]: owner.metadata.name,
    [LABELS.ownerNamespace]: owner.metadata.namespace ?? '',
  };
  return { ...object, metadata: { ...object.metadata, labels } };
}

/** Any object in istio-system; cluster-scoped with `namespace: ''`. */
export function anObject(apiVersion: string, kind: string, name: string, fields: JsonObject = {}): KubernetesObject {
  const isClusterScoped =
    /^(ClusterRole|ClusterRoleBinding|CustomResourceDefinition|.*WebhookConfiguration)$|Policy(Binding)?$/;
  const namespaced = kind === 'NetworkPolicy' || !isClusterScoped.test(kind);
  const metadata = { name, ...(namespaced ? { namespace: 'istio-system' } : {}) };
  return { apiVersion, kind, metadata, ...fields } as KubernetesObject;
}

/** A ConfigMap. */
export function aConfigMap(name: string, data: Record<string, string> = { mesh: 'a' }): KubernetesObject {
  return anObject('v1', 'ConfigMap', name, { data });
}

/** A Deployment; without replicas for those that an autoscaler is to look after. */
export function aDeployment(name: string, image = 'a', replicas?: number): KubernetesObject {
  const template = { spec: { containers: [{ name: 'main', image }] } };
  return anObject('apps/v1', 'Deployment', name, {
    spec: { template, ...(replicas === undefined ? {} : { replicas }) },
  });
}

/** A CRD of the networking group. */
export function aDefinition(plural: string, kind: string): KubernetesObject {
  const spec = {
    group: 'networking.istio.io',
    scope: 'Namespaced',
    names: { kind, plural },
    versions: [{ name: 'v1', served: true, storage: true }],
  };
  return anObject('apiextensions.k8s.io/v1', 'CustomResourceDefinition', `${plural}.networking.istio.io`, { spec });
}

/** A whole little mesh: base with a CRD, a control plane, a gateway. */
export function aMesh(image = 'a'): Partial<Record<ComponentName, readonly KubernetesObject[]>> {
  return {
    Base: [aDefinition('gateways', 'Gateway'), anObject('v1', 'ServiceAccount', 'istio-reader')],
    Pilot: [aConfigMap('istio'), aDeployment('istiod', image), anObject('v1', 'Service', 'istiod', { spec: {} })],
    IngressGateways: [aDeployment('istio-ingressgateway', image)],
  };
}

/** The finalizer that keeps a CR. */
export const OUR_FINALIZER = FINALIZER;

/** A field of an object, for looking into what is live. */
export function fieldOf(object: LiveObject | undefined, ...path: readonly string[]): unknown {
  return object === undefined ? undefined : valueAt(asJson(object), ...path);
}

/** The status of a Deployment whose rollout is through. */
export function rolledOut(replicas = 1, generation = 1): JsonObject {
  const counts = { replicas, readyReplicas: replicas, updatedReplicas: replicas, availableReplicas: replicas };
  return { observedGeneration: generation, ...counts };
}
