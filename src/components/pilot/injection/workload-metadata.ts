import { hasAnnotation, labelOf, quoted } from './expressions.ts';
import { type Fields, type Part, when } from './template-text.ts';

/** The service that the pod's telemetry is counted for: the first name that the pod or its workload gives. */
const CANONICAL_NAME = `coalesce ${labelOf('service.istio.io/canonical-name')} ${labelOf('app.kubernetes.io/name')} ${labelOf('app')} $.DeploymentMeta.Name | default ""`;

const CANONICAL_REVISION = `coalesce ${labelOf('service.istio.io/canonical-revision')} ${labelOf('app.kubernetes.io/version')} ${labelOf('version')} "latest"`;

/** The labels of the canonical service. */
export function canonicalLabels(): Fields {
  return {
    'service.istio.io/canonical-name': quoted(CANONICAL_NAME),
    'service.istio.io/canonical-revision': quoted(CANONICAL_REVISION),
  };
}

/** The labels of the canonical service, cut to what a label can hold: names of workloads may be longer. */
export function fittingCanonicalLabels(): Fields {
  return {
    ...canonicalLabels(),
    'service.istio.io/canonical-name': quoted(`${CANONICAL_NAME} | trunc 63 | trimSuffix "-"`),
  };
}

/** The revision that injected the pod, and for kubectl the container that is not the proxy. */
export function commonAnnotations(): Fields {
  return {
    'istio.io/rev': quoted('$.Revision | default "default"'),
    'kubectl.kubernetes.io/default-logs-container': firstContainerUnlessSet('default-logs-container'),
    'kubectl.kubernetes.io/default-container': firstContainerUnlessSet('default-container'),
  };
}

function firstContainerUnlessSet(name: string): Part {
  return when(`and $apps (not ${hasAnnotation(`kubectl.kubernetes.io/${name}`)})`, quoted('first $apps'));
}
