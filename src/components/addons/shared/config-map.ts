import type { IConfigMap } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../../../core/index.ts';
import type { MountedVolume } from '../../shared/mounted-volume.ts';
import { built } from '../../shared/typed.ts';
import type { Addon } from './addon.ts';

/** Files for the pods of an add-on. */
export function configMap(
  { namespace, labels }: Addon,
  name: string,
  data: Readonly<Record<string, string>>,
): KubernetesObject {
  return built<IConfigMap>({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, data });
}

/** The files of a ConfigMap as a directory. */
export function configVolume(name: string, mountPath: string): MountedVolume {
  return { name, source: { configMap: { name } }, mount: { mountPath, readOnly: true } };
}

const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;

/**
 * A pod annotation that changes with the configuration, so that a program which reads its configuration only at start is
 * started anew. The digest (FNV-1a) is no secret and has nothing to withstand.
 */
export function configDigest(...texts: readonly string[]): Record<string, string> {
  let hash = OFFSET;
  for (const byte of new TextEncoder().encode(texts.join('\0'))) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME);
  }
  return { 'install.istio.io/config-digest': hash.toString(16).padStart(16, '0') };
}
