import type { IVolume, IVolumeMount } from 'kubernetes-models/v1';
import type { Draft } from './typed.ts';

/** A volume of a pod and where its main container sees it; the two lists of a pod spec, kept in one. */
export interface MountedVolume {
  readonly name: string;
  readonly source: Draft<Omit<IVolume, 'name'>>;
  /** Absent: the pod has the volume, the container does not see it. */
  readonly mount?: Draft<Omit<IVolumeMount, 'name'>> | undefined;
}

/** The pod's side of the list. */
export function volumesOf(mounted: readonly MountedVolume[]): Draft<IVolume>[] {
  return mounted.map(({ name, source }) => ({ name, ...source }));
}

/** The container's side of the list. */
export function mountsOf(mounted: readonly MountedVolume[]): Draft<IVolumeMount>[] {
  return mounted.flatMap(({ name, mount }) => (mount === undefined ? [] : [{ name, ...mount }]));
}
