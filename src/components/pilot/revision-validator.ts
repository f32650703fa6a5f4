import type { KubernetesObject } from '../../core/index.ts';
import { withRevision } from '../shared/revision.ts';
import { validationWebhook } from '../shared/validation-webhook.ts';
import type { PilotContext } from './pilot-context.ts';
import { revisionSelector } from './revision-selector.ts';

/** Validation of the configuration that is labelled for this revision. */
export function revisionValidator(pilot: PilotContext): KubernetesObject {
  return validationWebhook({
    name: `${withRevision('istio-validator', pilot.revision)}-${pilot.istioNamespace}`,
    labels: { ...pilot.labels, istio: 'istiod', 'istio.io/rev': pilot.revisionLabel },
    webhookName: 'rev.validation.istio.io',
    serviceName: pilot.name,
    serviceNamespace: pilot.istioNamespace,
    objectSelector: revisionSelector(pilot),
    settings: pilot.values.base,
  });
}
