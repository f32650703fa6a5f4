import type { Cluster, LiveObject, ObjectRef } from '../../src/apply/index.ts';
import { idKey, idOf, type JsonObject, type KubernetesObject, type Scope } from '../../src/core/index.ts';
import { CLASH } from './world.ts';

/** An object that the operator must never touch, as it was made. */
export interface Foreign {
  readonly ref: ObjectRef;
  readonly uid: string;
  readonly resourceVersion: string;
}

const MANAGER = { fieldManager: 'somebody-else' };
/** The labels of an installation by an operator that is not here. */
const ELSEWHERE = {
  'operator.istio.io/component': 'Pilot',
  'operator.istio.io/managed': 'Reconcile',
  'install.operator.istio.io/owning-resource': 'elsewhere',
  'install.operator.istio.io/owning-resource-namespace': 'istio-system',
};
const RBAC = 'rbac.authorization.k8s.io/v1';

/** Names close to ours, labels like ours, the same namespaces, and one Service in the way of a gateway. */
const OBJECTS: readonly JsonObject[] = [
  namespace('istio-system'),
  namespace('tenants'),
  namespace('edge-1'),
  namespace(CLASH.namespace),
  object('v1', 'ConfigMap', 'istio-system', 'istio-mine', { data: { mesh: 'mine' } }),
  object('v1', 'ConfigMap', 'istio-system', 'istio-elsewhere', { data: {} }, ELSEWHERE),
  object('v1', 'ServiceAccount', 'istio-system', 'istiod-mine', {}),
  service('istio-system', 'istiod-mine', { app: 'istiod' }),
  service('istio-system', 'istio-ingressgateway-mine', { app: 'istio-ingressgateway' }),
  service('edge-1', 'edge-1-mine', { app: 'edge-1', istio: 'ingressgateway' }),
  service(CLASH.namespace, CLASH.name, { app: 'somebody-else' }),
  object(RBAC, 'ClusterRole', '', 'istiod-clusterrole-mine', { rules: [] }),
  object(RBAC, 'ClusterRole', '', 'istiod-clusterrole-elsewhere', { rules: [] }, ELSEWHERE),
  object(RBAC, 'Role', 'istio-system', 'istiod-mine', { rules: [] }),
  object('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', '', 'istio-sidecar-injector-mine', {
    webhooks: [],
  }),
];

/** Creates what is not ours to touch. @returns each as it is now. */
export async function createForeignObjects(client: Cluster, scope: Scope): Promise<readonly Foreign[]> {
  const created: Foreign[] = [];
  for (const document of OBJECTS) {
    const live = await client.create(document as unknown as KubernetesObject, MANAGER, scope);
    created.push(foreignOf(live));
  }
  return created;
}

/** What has happened to foreign objects. */
export async function changedForeigners(
  foreign: readonly Foreign[],
  client: Cluster,
  scope: Scope,
): Promise<readonly string[]> {
  const changes = await Promise.all(
    foreign.map(async ({ ref, uid, resourceVersion }) => {
      const live = await client.get(ref, scope);
      if (live?.metadata.uid === uid && live.metadata.resourceVersion === resourceVersion) return [];
      const what = live === undefined ? 'is gone' : `was changed: ${JSON.stringify(live.metadata)}`;
      return [`the foreign ${idKey(idOf({ ...ref, metadata: ref } as never))} ${what}`];
    }),
  );
  return changes.flat();
}

function foreignOf({ apiVersion, kind, metadata }: LiveObject): Foreign {
  const { name, namespace: where = '', uid, resourceVersion } = metadata;
  return { ref: { apiVersion, kind, namespace: where, name }, uid, resourceVersion };
}

function namespace(name: string): JsonObject {
  return object('v1', 'Namespace', '', name, {});
}

function service(where: string, name: string, selector: JsonObject): JsonObject {
  const ports = [{ name: 'http2', port: 80, targetPort: 9_999 }];
  return object('v1', 'Service', where, name, { spec: { selector, ports } }, { app: name });
}

function object(
  apiVersion: string,
  kind: string,
  where: string,
  name: string,
  content: JsonObject,
  labels: JsonObject = {},
): JsonObject {
  const metadata = { name, ...(where === '' ? {} : { namespace: where }), labels };
  return { apiVersion, kind, metadata, ...content };
}
