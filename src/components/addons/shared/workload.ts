import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { IContainer, IPodSpec, ISecurityContext, IServiceAccount } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../../../core/index.ts';
import { unlessEmpty } from '../../shared/empty.ts';
import { type MountedVolume, mountsOf, volumesOf } from '../../shared/mounted-volume.ts';
import { pullSecrets } from '../../shared/pull-secrets.ts';
import { built, type Draft } from '../../shared/typed.ts';
import { ADDON_IMAGES } from '../versions.ts';
import { type Addon, containerName } from './addon.ts';

/** What one add-on's pods have that others' have not. */
export interface Workload {
  readonly container: Omit<Draft<IContainer>, 'name' | 'image' | 'volumeMounts' | 'securityContext'>;
  readonly volumes: readonly MountedVolume[];
  readonly podAnnotations?: Readonly<Record<string, string>>;
  /**
   * Whether the pods may hold data: then one has to be gone before the next one can have its volume. Also where the data
   * is in no volume yet, because a Deployment does not change from one strategy to the other without a quarrel.
   */
  readonly hasData?: boolean;
  /** Whether the pods talk to the API server. */
  readonly usesApiServer?: boolean;
}

/** The pods of an add-on, which is one pod: none of them shares its data with a second. */
export function deployment(addon: Addon, workload: Workload): KubernetesObject {
  const { name, namespace, labels, selector } = addon;
  return built<IDeployment>({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: selector },
      strategy: workload.hasData === true ? { type: 'Recreate' } : undefined,
      template: {
        metadata: {
          // outside the mesh: what watches the mesh must not depend on it
          labels: { ...labels, 'sidecar.istio.io/inject': 'false', 'istio.io/dataplane-mode': 'none' },
          annotations: workload.podAnnotations,
        },
        spec: podSpec(addon, workload),
      },
    },
  });
}

function podSpec(addon: Addon, { container, volumes, usesApiServer = false }: Workload): Draft<IPodSpec> {
  return {
    serviceAccountName: addon.name,
    automountServiceAccountToken: usesApiServer,
    enableServiceLinks: false, // KIALI_PORT and the like would be taken for settings
    securityContext: podSecurityContext(addon),
    containers: [
      {
        name: containerName(addon.addon),
        image: addon.image,
        imagePullPolicy: unlessEmpty(addon.mesh.imagePullPolicy) as 'Always' | 'IfNotPresent' | 'Never' | undefined,
        ...container,
        securityContext: CONTAINER_SECURITY,
        volumeMounts: unlessEmpty(mountsOf(volumes)),
      },
    ],
    volumes: unlessEmpty(volumesOf(volumes)),
  };
}

const CONTAINER_SECURITY: ISecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** OpenShift gives every namespace its own user ids and refuses others. */
function podSecurityContext({ addon, mesh }: Addon): Draft<IPodSpec['securityContext']> {
  const id = ADDON_IMAGES[addon].userId;
  const user = mesh.platform === 'openshift' ? {} : { runAsUser: id, runAsGroup: id, fsGroup: id };
  return { ...user, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
}

/** The identity of an add-on's pods. */
export function serviceAccount({ name, namespace, labels, mesh }: Addon): KubernetesObject {
  return built<IServiceAccount>({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace, labels },
    imagePullSecrets: pullSecrets(mesh.imagePullSecrets),
  });
}

/** A directory that is empty when the pod starts, on a root file system that is read-only. */
export function scratch(name: string, mountPath: string): MountedVolume {
  return { name, source: { emptyDir: {} }, mount: { mountPath } };
}

/** Annotations by which our Prometheus, and many another, finds the metrics of a pod. */
export function scraped(port: number, path = '/metrics'): Record<string, string> {
  return { 'prometheus.io/scrape': 'true', 'prometheus.io/port': String(port), 'prometheus.io/path': path };
}
