import type { IServiceAccount } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { pullSecrets } from '../shared/pull-secrets.ts';
import { built } from '../shared/typed.ts';
import { objectAnnotations, objectLabels, type Ztunnel } from './ztunnel.ts';

/** The identity of ztunnel; istiod lets it ask for the certificates of the pods on its node. */
export function serviceAccount(ztunnel: Ztunnel): KubernetesObject {
  return built<IServiceAccount>({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    imagePullSecrets: pullSecrets(ztunnel.values.imagePullSecrets),
    metadata: {
      name: ztunnel.resourceName,
      namespace: ztunnel.namespace,
      labels: objectLabels(ztunnel),
      annotations: objectAnnotations(ztunnel),
    },
  });
}
