import type { KubernetesObject } from '../../core/index.ts';
import { withRevision } from '../shared/revision.ts';
import { configMap } from './config-map.ts';
import type { PilotContext } from './pilot-context.ts';

/** The name of the ConfigMap with the certificates that istiod trusts when it fetches JWT keys. */
export function jwksConfigMapName({ revision }: PilotContext): string {
  return withRevision('pilot-jwks-extra-cacerts', revision);
}

/** The certificates that istiod trusts when it fetches JWT keys, beside the usual ones. */
export function jwksConfigMap(pilot: PilotContext): KubernetesObject {
  return configMap(pilot, jwksConfigMapName(pilot), { 'extra.pem': pilot.values.jwksResolverExtraRootCA ?? '' });
}
