import type { ILabelSelector } from '@kubernetes-models/apimachinery/apis/meta/v1/LabelSelector';
import type { IValidatingWebhookConfiguration } from 'kubernetes-models/admissionregistration.k8s.io/v1';
import type { KubernetesObject } from '../../core/index.ts';
import type { BaseValues } from '../../values/index.ts';
import { VALIDATED_GROUPS } from './istio-api-groups.ts';
import { built } from './typed.ts';

/** Which istiod validates which configuration. */
export interface ValidationWebhook {
  /** The name of the configuration object. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly webhookName: string;
  /** The Service of the istiod that answers, unless `settings` name a URL. */
  readonly serviceName: string;
  readonly serviceNamespace: string;
  readonly objectSelector?: ILabelSelector;
  readonly settings: Pick<BaseValues['base'], 'validationURL' | 'validationCABundle' | 'validationFailurePolicy'>;
}

/** The webhook through which an istiod refuses Istio configuration that is not valid. */
export function validationWebhook(webhook: ValidationWebhook): KubernetesObject {
  const { settings } = webhook;
  return built<IValidatingWebhookConfiguration>({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: webhook.name, labels: webhook.labels },
    webhooks: [
      {
        name: webhook.webhookName,
        clientConfig: {
          ...(settings.validationURL
            ? { url: settings.validationURL }
            : { service: { name: webhook.serviceName, namespace: webhook.serviceNamespace, path: '/validate' } }),
          caBundle: settings.validationCABundle || undefined,
        },
        rules: [
          { operations: ['CREATE', 'UPDATE'], apiGroups: VALIDATED_GROUPS, apiVersions: ['*'], resources: ['*'] },
        ],
        failurePolicy: failurePolicy(settings),
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        objectSelector: webhook.objectSelector,
      },
    ],
  });
}

/**
 * Nothing is refused before istiod can answer: once it does, it writes its certificate and `Fail` itself. With a
 * certificate from the user it leaves the webhook alone, so that has to start out right.
 */
function failurePolicy(settings: ValidationWebhook['settings']): 'Fail' | 'Ignore' {
  if (settings.validationCABundle) return 'Fail';
  return settings.validationFailurePolicy || 'Ignore';
}
