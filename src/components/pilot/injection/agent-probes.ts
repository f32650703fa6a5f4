import { annotatedOr, setting } from './expressions.ts';
import { type Fields, print } from './template-text.ts';

/** The port on which the agent reports readiness to the kubelet. */
export const HEALTH_PORT = 15021;

const HEALTH_PATH = '/healthz/ready';

/** The probe of an injected proxy: the pod's annotations come before the installation's values. */
export function readinessByPod(port: number): Fields {
  return readiness(
    port,
    annotatedOr(
      'readiness.status.sidecar.istio.io/initialDelaySeconds',
      setting('global.proxy.readinessInitialDelaySeconds'),
    ),
    annotatedOr('readiness.status.sidecar.istio.io/periodSeconds', setting('global.proxy.readinessPeriodSeconds')),
    annotatedOr(
      'readiness.status.sidecar.istio.io/failureThreshold',
      setting('global.proxy.readinessFailureThreshold'),
    ),
  );
}

/** The probe of an injected gateway: the installation's values. */
export function readinessByInstallation(): Fields {
  return readiness(
    HEALTH_PORT,
    setting('global.proxy.readinessInitialDelaySeconds'),
    setting('global.proxy.readinessPeriodSeconds'),
    setting('global.proxy.readinessFailureThreshold'),
  );
}

function readiness(port: number, delay: string, period: string, failures: string): Fields {
  return {
    httpGet: { path: HEALTH_PATH, port },
    initialDelaySeconds: print(delay),
    periodSeconds: print(period),
    timeoutSeconds: 3,
    failureThreshold: print(failures),
  };
}

/** Keeps the readiness probe away until the proxy has started, at a pace that finds that out soon. */
export function startup(): Fields {
  return {
    httpGet: { path: HEALTH_PATH, port: HEALTH_PORT },
    initialDelaySeconds: 0,
    periodSeconds: 1,
    timeoutSeconds: 3,
    failureThreshold: print(setting('global.proxy.startupProbe.failureThreshold')),
  };
}

/** The probes of a proxy that istiod deploys for a Gateway. */
export function deployedProbes(): Fields {
  const httpGet = { path: HEALTH_PATH, port: HEALTH_PORT, scheme: 'HTTP' };
  return {
    startupProbe: {
      httpGet,
      initialDelaySeconds: 1,
      periodSeconds: 1,
      timeoutSeconds: 1,
      successThreshold: 1,
      failureThreshold: 30,
    },
    readinessProbe: {
      httpGet,
      initialDelaySeconds: 0,
      periodSeconds: 15,
      timeoutSeconds: 1,
      successThreshold: 1,
      failureThreshold: 4,
    },
  };
}
