import type {
  IClusterRole,
  IClusterRoleBinding,
  IPolicyRule,
  IRole,
  IRoleBinding,
  ISubject,
} from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type { KubernetesObject } from '../../../core/index.ts';
import { built } from '../../shared/typed.ts';
import type { Addon } from './addon.ts';

const API_GROUP = 'rbac.authorization.k8s.io';
const API_VERSION = `${API_GROUP}/v1`;

/**
 * A role in the whole cluster and who has it: the account of the add-on. The namespace is in the name, because another
 * installation may have the same add-on elsewhere.
 */
export function clusterWideRights(addon: Addon, rules: readonly IPolicyRule[]): readonly KubernetesObject[] {
  const metadata = { name: rightsName(addon), labels: addon.labels };
  return [
    built<IClusterRole>({ apiVersion: API_VERSION, kind: 'ClusterRole', metadata, rules }),
    built<IClusterRoleBinding>({
      apiVersion: API_VERSION,
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { apiGroup: API_GROUP, kind: 'ClusterRole', name: metadata.name },
      subjects: [subject(addon)],
    }),
  ];
}

/** A role in one namespace, which need not be the add-on's own, and who has it: the account of the add-on. */
export function rightsIn(namespace: string, addon: Addon, rules: readonly IPolicyRule[]): readonly KubernetesObject[] {
  const metadata = { name: rightsName(addon), namespace, labels: addon.labels };
  return [
    built<IRole>({ apiVersion: API_VERSION, kind: 'Role', metadata, rules }),
    built<IRoleBinding>({
      apiVersion: API_VERSION,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: API_GROUP, kind: 'Role', name: metadata.name },
      subjects: [subject(addon)],
    }),
  ];
}

function rightsName({ name, namespace }: Addon): string {
  return `${name}-${namespace}`;
}

function subject({ name, namespace }: Addon): ISubject {
  return { kind: 'ServiceAccount', name, namespace };
}
