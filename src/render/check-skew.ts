import {
  type ComponentManifest,
  type ComponentName,
  type Issue,
  imageVersion,
  SKEW_HINT,
  ztunnelSkew,
} from '../core/index.ts';

/** A ztunnel that does not work with the istiod of the same document. What another document installs only the cluster tells. */
export function checkSkew(components: readonly ComponentManifest[]): readonly Issue[] {
  const versionIn = (component: ComponentName, kind: string) => {
    const objects = components.find((each) => each.component === component)?.objects ?? [];
    const workload = objects.find((object) => object.kind === kind);
    return workload && imageVersion(workload);
  };
  const message = ztunnelSkew(versionIn('Ztunnel', 'DaemonSet'), versionIn('Pilot', 'Deployment'));
  if (message === undefined) return [];
  return [{ code: 'VersionSkew', path: 'spec.components.ztunnel', message, hint: SKEW_HINT }];
}
