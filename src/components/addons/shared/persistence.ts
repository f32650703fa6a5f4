import type { IPersistentVolumeClaim } from 'kubernetes-models/v1';
import { LABELS } from '../../../api/index.ts';
import type { KubernetesObject } from '../../../core/index.ts';
import type { MountedVolume } from '../../shared/mounted-volume.ts';
import { built } from '../../shared/typed.ts';
import type { Addon } from './addon.ts';

/** How large a volume is where the author names no size. */
const DEFAULT_SIZE = '10Gi';

/** Whether the data of an add-on outlives its pod. */
export function isPersistent({ settings }: Addon): boolean {
  return settings.persistence !== undefined && settings.persistence.enabled !== false;
}

/**
 * The claim on a volume. It stays when the add-on is turned off, unless its author says otherwise: metrics and traces
 * cannot be had back, an empty disk can.
 */
export function volumeClaim(addon: Addon): readonly KubernetesObject[] {
  if (!isPersistent(addon)) return [];
  const { name, namespace, labels, settings } = addon;
  const { size, storageClassName, keep } = settings.persistence ?? {};
  const kept = keep === false ? {} : { [LABELS.notPruned]: 'true' };
  return [
    built<IPersistentVolumeClaim>({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, namespace, labels: { ...labels, ...kept } },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: size ?? DEFAULT_SIZE } },
        storageClassName: storageClassName || undefined,
      },
    }),
  ];
}

/**
 * Where an add-on writes its data.
 * @param sizeLimit - of the directory that lives and dies with the pod; a node whose disk fills up loses all its pods.
 */
export function dataVolume(addon: Addon, mountPath: string, sizeLimit: string): MountedVolume {
  const source = isPersistent(addon)
    ? { persistentVolumeClaim: { claimName: addon.name } }
    : { emptyDir: { sizeLimit } };
  return { name: 'data', source, mount: { mountPath } };
}
