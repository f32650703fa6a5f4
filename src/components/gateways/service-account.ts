import type { IServiceAccount } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { pullSecrets } from '../shared/pull-secrets.ts';
import { asGiven } from '../shared/text.ts';
import { built } from '../shared/typed.ts';
import { type Gateway, objectLabels } from './gateway.ts';

/** The identity that a gateway proves to the CA. */
export function serviceAccount(gateway: Gateway): KubernetesObject {
  return built<IServiceAccount>({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    imagePullSecrets: pullSecrets(gateway.global.imagePullSecrets),
    metadata: {
      name: gateway.serviceAccountName,
      namespace: gateway.namespace,
      labels: objectLabels(gateway),
      annotations: asGiven(gateway.settings.serviceAccount.annotations),
    },
  });
}
