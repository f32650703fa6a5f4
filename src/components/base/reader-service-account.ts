import type { IServiceAccount } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../../core/index.ts';
import type { BaseValues } from '../../values/index.ts';
import { istioLabels } from '../shared/labels.ts';
import { pullSecrets } from '../shared/pull-secrets.ts';
import { built } from '../shared/typed.ts';

/** Whose token a remote secret holds: with it the istiod of another cluster reads this cluster's endpoints. */
export function readerServiceAccount({ global }: BaseValues): KubernetesObject {
  return built<IServiceAccount>({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      name: 'istio-reader-service-account',
      namespace: global.istioNamespace,
      labels: { app: 'istio-reader', ...istioLabels('istio-reader') },
    },
    imagePullSecrets: pullSecrets(global.imagePullSecrets),
  });
}
