import type { IConfigMap } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { built } from '../shared/typed.ts';
import type { PilotContext } from './pilot-context.ts';

/** A ConfigMap of this revision in istiod's namespace. */
export function configMap(
  { namespace, revisionLabels }: PilotContext,
  name: string,
  data: Readonly<Record<string, string>>,
  extra: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  } = {},
): KubernetesObject {
  return built<IConfigMap>({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, labels: { ...revisionLabels, ...extra.labels }, annotations: extra.annotations },
    data,
  });
}
