import { CR_RIGHTS, INSTALL_VERBS, type ResourceRights, SUPPORT_RIGHTS } from '../../controller/index.ts';
import {
  asJson,
  groupOf,
  isObject,
  type Json,
  type JsonObject,
  type KubernetesObject,
  OFFLINE_FACTS,
  pluralOf,
  valueAt,
} from '../../core/index.ts';
import { PROFILE_NAMES } from '../../profiles/index.ts';
import { renderManifest } from '../../render/index.ts';

/** One rule of a role. */
interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** Settings that switch on what no profile renders, so that every kind and every rule is seen. */
const VARIANTS: readonly JsonObject[] = [
  {},
  { components: { cni: { enabled: true }, ztunnel: { enabled: true }, egressGateways: [{ enabled: true }] } },
  {
    components: { cni: { enabled: true }, ztunnel: { enabled: true } },
    values: {
      global: {
        networkPolicy: { enabled: true },
        platform: 'gke',
        configCluster: true,
        remotePilotAddress: '192.0.2.1',
      },
      cni: { ambient: { enabled: true }, repair: { deletePods: true, labelPods: true } },
    },
  },
  { values: { pilot: { taint: { enabled: true } }, global: { externalIstiod: true } } },
  { addonComponents: { prometheus: { enabled: true, persistence: {}, expose: { host: 'a.example.com' } } } },
  { addonComponents: { prometheus: { enabled: true, expose: { kind: 'HTTPRoute', host: 'a.example.com' } } } },
  { addonComponents: { prometheus: { enabled: true, expose: { kind: 'Gateway', host: 'a.example.com' } } } },
  { revision: 'canary', values: { revisionTags: ['prod'] } },
];

/** What it needs in its own namespace only: the lock by which several replicas agree on one that works. */
const LOCK_RULES: readonly PolicyRule[] = [
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'list', 'watch', 'create', 'update'] },
];

/**
 * The operator's ClusterRole: what it does with the kinds it installs, and every rule of the roles it renders, because
 * RBAC lets nobody grant what he does not hold himself. It has neither `escalate` nor `bind`.
 */
export function operatorClusterRole(): JsonObject {
  const objects = [...PROFILE_NAMES].flatMap((profile) =>
    VARIANTS.flatMap((variant) => rendered({ ...variant, profile })),
  );
  const own = [...CR_RIGHTS, ...SUPPORT_RIGHTS].map(ownRule);
  const rules = [...own, ...objects.map(installRule), ...objects.flatMap(grantedRules)];
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'istio-operator' },
    rules: compact(rules) as unknown as Json,
  };
}

/** All that the operator's account may do: its roles, and their bindings. */
export function operatorRbac(): readonly JsonObject[] {
  return [
    operatorClusterRole(),
    binding('ClusterRole', {}),
    operatorRole(),
    binding('Role', { namespace: 'istio-operator' }),
  ];
}

/** The operator's Role in its own namespace. */
function operatorRole(): JsonObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'istio-operator', namespace: 'istio-operator' },
    rules: compact(LOCK_RULES) as unknown as Json,
  };
}

function binding(kind: 'ClusterRole' | 'Role', metadata: JsonObject): JsonObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: `${kind}Binding`,
    metadata: { name: 'istio-operator', ...metadata },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: 'istio-operator' },
    subjects: [{ kind: 'ServiceAccount', name: 'istio-operator', namespace: 'istio-operator' }],
  };
}

function rendered(spec: JsonObject): readonly KubernetesObject[] {
  return renderManifest({ specs: [spec], facts: OFFLINE_FACTS }).components.flatMap(({ objects }) => objects);
}

function ownRule({ group, resource, verbs }: ResourceRights): PolicyRule {
  return { apiGroups: [group], resources: [resource], verbs };
}

function installRule({ apiVersion, kind }: KubernetesObject): PolicyRule {
  return { apiGroups: [groupOf(apiVersion)], resources: [pluralOf(kind)], verbs: INSTALL_VERBS };
}

function grantedRules(object: KubernetesObject): readonly PolicyRule[] {
  if (object.kind !== 'ClusterRole' && object.kind !== 'Role') return [];
  const rules = valueAt(asJson(object), 'rules');
  return Array.isArray(rules) ? rules.filter(isObject).map((rule) => rule as unknown as PolicyRule) : [];
}

/** The same rights in few rules: one for each API group and set of verbs, no right twice. */
function compact(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const verbsOf = new Map<string, Set<string>>();
  for (const rule of rules) {
    for (const group of rule.apiGroups) {
      for (const resource of rule.resources) {
        const key = JSON.stringify([group, resource, [...(rule.resourceNames ?? [])].sort()]);
        verbsOf.set(key, new Set([...(verbsOf.get(key) ?? []), ...rule.verbs]));
      }
    }
  }
  const merged = Map.groupBy(verbsOf, ([key, verbs]) => {
    const [group, , names] = JSON.parse(key) as [string, string, string[]];
    return JSON.stringify([group, names, verbs.has('*') ? ['*'] : [...verbs].sort()]);
  });
  return [...merged]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, members]) => {
      const [group, names, verbs] = JSON.parse(key) as [string, string[], string[]];
      const resources = members.map(([member]) => (JSON.parse(member) as string[])[1] ?? '').sort();
      return { apiGroups: [group], resources, ...(names.length > 0 ? { resourceNames: names } : {}), verbs };
    });
}
