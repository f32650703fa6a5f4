import type { KubernetesObject } from '../../core/index.ts';
import { yamlText } from '../../core/index.ts';
import { mergedValues } from '../../values/index.ts';
import { isEmpty } from '../shared/empty.ts';
import { withRevision } from '../shared/revision.ts';
import { configMap } from './config-map.ts';
import { derivedMeshConfig } from './mesh-config.ts';
import type { PilotContext } from './pilot-context.ts';

/** The mesh configuration that istiod reads at start and watches. */
export function meshConfigMap(pilot: PilotContext): KubernetesObject {
  const { meshNetworks } = pilot.values.global;
  return configMap(pilot, withRevision('istio', pilot.revision), {
    mesh: yamlText(mergedValues(derivedMeshConfig(pilot), pilot.values.meshConfig)),
    meshNetworks: yamlText({ networks: isEmpty(meshNetworks) ? {} : meshNetworks }),
  });
}
