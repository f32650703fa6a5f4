import { type ClusterFacts, isGke, isObject, type JsonObject, valueAt } from '../core/index.ts';
import { mergeSpec } from './merge-spec.ts';

/**
 * The settings that follow from where the cluster runs, as a layer between profile and CR. They never switch a
 * component on: the CNI plug-in gets its namespace only where profile or CR already have a `cni` entry.
 */
export function platformLayer(facts: ClusterFacts, visible: JsonObject): JsonObject {
  const onGke = isGke(facts);
  const platform = onGke ? 'gke' : facts.platform;
  if (platform === undefined || platform === '') return {};
  const layer: JsonObject = { values: { global: { platform } } };
  if (!onGke) return layer;
  // kube-system may run critical pods without a quota there
  const gke: JsonObject = { values: { cni: { resourceQuotas: { enabled: false } } } };
  const cni: JsonObject = isObject(valueAt(visible, 'components', 'cni'))
    ? { components: { cni: { namespace: 'kube-system' } } }
    : {};
  return mergeSpec(mergeSpec(layer, gke), cni);
}
