import { type Json, type JsonObject, valueAt } from '../../core/index.ts';
import type { KeptSettings } from '../deploy/operator-manifests.ts';

/** The name of the Deployment in `deploy/`. */
export const OPERATOR_NAME = 'istio-operator';

/** What the Deployment of an operator says of how that is set up; what it does not say is undefined. */
export function settingsIn(deployment: object | undefined): KeptSettings {
  const pod = podIn(deployment);
  const image = valueAt(firstContainer(deployment), 'image');
  const secrets = valueAt(pod, 'imagePullSecrets');
  return {
    image: typeof image === 'string' ? image : undefined,
    imagePullSecrets: Array.isArray(secrets) ? secrets.map((secret) => String(valueAt(secret, 'name'))) : undefined,
    watchedNamespaces: variableIn(deployment, 'WATCH_NAMESPACE'),
  };
}

/** A variable in the environment of the operator; undefined where its value does not stand there. */
export function variableIn(deployment: object | undefined, name: string): string | undefined {
  const env = valueAt(firstContainer(deployment), 'env');
  const entry = Array.isArray(env) ? env.find((each) => valueAt(each, 'name') === name) : undefined;
  if (entry === undefined || valueAt(entry, 'valueFrom') !== undefined) return undefined;
  return String(valueAt(entry, 'value') ?? ''); // the API server leaves out an empty one
}

function firstContainer(deployment: object | undefined): Json | undefined {
  const containers = valueAt(podIn(deployment), 'containers');
  return Array.isArray(containers) ? containers[0] : undefined;
}

function podIn(deployment: object | undefined): Json | undefined {
  return valueAt(deployment as JsonObject | undefined, 'spec', 'template', 'spec');
}
