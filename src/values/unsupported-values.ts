import { type JsonObject, OperatorError, valueAt } from '../core/index.ts';

/**
 * Refuses what istiod could only fail on at run time.
 * @throws {OperatorError} `InvalidValue`
 */
export function checkIstiodValues(layered: JsonObject): void {
  if (valueAt(layered, 'global', 'pilotCertProvider') !== 'kubernetes') return;
  const path = 'spec.values.global.pilotCertProvider';
  throw new OperatorError(`${path} is "kubernetes", which Kubernetes has not been able to sign for since 1.22.`, {
    code: 'InvalidValue',
    path,
    hint: 'Use istiod (the default), or k8s.io/<signer> with a signer of your own.',
  });
}
