import { once } from './once.ts';
import { enumOf, intOrString, keepingUnknown, list, object, string } from './schema.ts';

/** The status of every resource of Istio: conditions as Kubernetes has them, and what istiod's analysis found. */
export const resourceStatus = once(() =>
  keepingUnknown(
    object({
      observedGeneration: intOrString(),
      conditions: list(condition()),
      validationMessages: list(validationMessage()),
    }),
  ),
);

function condition() {
  return object({
    type: string(),
    status: string(),
    reason: string(),
    message: string(),
    observedGeneration: intOrString(),
    lastProbeTime: string({ format: 'date-time' }),
    lastTransitionTime: string({ format: 'date-time' }),
  });
}

function validationMessage() {
  return object({
    type: object({ name: string(), code: string() }),
    level: enumOf('UNKNOWN', 'ERROR', 'WARNING', 'INFO'),
    documentationUrl: string(),
  });
}
