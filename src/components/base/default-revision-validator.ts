import type { KubernetesObject } from '../../core/index.ts';
import type { BaseValues } from '../../values/index.ts';
import { istioLabels } from '../shared/labels.ts';
import { withRevision } from '../shared/revision.ts';
import { validationWebhook } from '../shared/validation-webhook.ts';

/** Validation of configuration that names no revision, by the istiod of the default one. */
export function defaultRevisionValidator(values: BaseValues, revision: string): KubernetesObject {
  return validationWebhook({
    name: 'istiod-default-validator',
    labels: { app: 'istiod', istio: 'istiod', 'istio.io/rev': revision, ...istioLabels('istiod') },
    webhookName: 'validation.istio.io',
    serviceName: withRevision('istiod', revision === 'default' ? undefined : revision),
    serviceNamespace: values.global.istioNamespace ?? '',
    settings: values.base,
  });
}
