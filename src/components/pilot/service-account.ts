import type { IServiceAccount } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { pullSecrets } from '../shared/pull-secrets.ts';
import { asGiven } from '../shared/text.ts';
import { built } from '../shared/typed.ts';
import type { PilotContext } from './pilot-context.ts';

/** The account that istiod runs as. */
export function serviceAccount({ name, istioNamespace, labels, values }: PilotContext): KubernetesObject {
  return built<IServiceAccount>({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace: istioNamespace, labels, annotations: asGiven(values.serviceAccountAnnotations) },
    imagePullSecrets: pullSecrets(values.global.imagePullSecrets),
  });
}
