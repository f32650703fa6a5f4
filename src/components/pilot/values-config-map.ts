import type { KubernetesObject } from '../../core/index.ts';
import { jsonText } from '../shared/json-text.ts';
import { withRevision } from '../shared/revision.ts';
import { configMap } from './config-map.ts';
import type { PilotContext } from './pilot-context.ts';

/** The values that this control plane was made from, for people and tools. istiod does not read it. */
export function valuesConfigMap(pilot: PilotContext): KubernetesObject {
  const { original, merged } = pilot.documents;
  return configMap(
    pilot,
    withRevision('values', pilot.revision),
    { 'original-values': jsonText(original), 'merged-values': jsonText(merged) },
    { annotations: { 'kubernetes.io/description': DESCRIPTION } },
  );
}

const DESCRIPTION =
  'This ConfigMap contains the Helm values used during chart rendering. This ConfigMap is rendered for debugging purposes and external tooling; modifying these values has no effect.';
