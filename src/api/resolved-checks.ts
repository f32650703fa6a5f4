import { ISTIO_VERSION, isObject, type Json, type JsonObject, minorOf, type Notice, valueAt } from '../core/index.ts';
import { GATEWAYS } from './gateway-kinds.ts';

/**
 * Warns of settings that contradict each other, which can only be told once the profile is applied.
 * @param spec - the merged spec: profile, CR and `--set`.
 */
export function checkResolved(spec: JsonObject): readonly Notice[] {
  return [...tagNotices(spec), ...ambientNotices(spec), ...enablementNotices(spec), ...cniNotices(spec)];
}

/** A tag that an old resource has kept: its images know neither the flags nor the configuration of today's manifests. */
function tagNotices(spec: JsonObject): readonly Notice[] {
  const inValues = valueAt(spec, 'values', 'global', 'tag');
  const tag = String(inValues ?? spec.tag ?? '');
  const [own, ours] = [minorOf(tag), minorOf(ISTIO_VERSION)];
  if (own === undefined || ours === undefined) return [];
  if (own.major === ours.major && Math.abs(own.minor - ours.minor) <= 1) return [];
  return [
    {
      code: 'RiskySetting',
      path: inValues === undefined ? 'spec.tag' : 'spec.values.global.tag',
      message: `Images of ${tag} are run with the manifests of ${ISTIO_VERSION}, which they were not made for.`,
      hint: `Remove the tag to run ${ISTIO_VERSION}.`,
    },
  ];
}

/** Without the CNI plugin no pod's traffic reaches ztunnel. */
function ambientNotices(spec: JsonObject): readonly Notice[] {
  if (!isEnabled(valueAt(spec, 'components', 'ztunnel')) || isEnabled(valueAt(spec, 'components', 'cni'))) return [];
  return [
    {
      code: 'RiskySetting',
      path: 'spec.components.ztunnel',
      message: 'ztunnel is installed without the CNI plugin, which has to send it the traffic of the pods.',
      hint: 'Set components.cni.enabled: true, unless another resource installs the plugin.',
    },
  ];
}

/** `enabled` in the values is stronger than `enabled` of an entry, which few expect. */
function enablementNotices(spec: JsonObject): readonly Notice[] {
  return GATEWAYS.flatMap(({ list, values }): readonly Notice[] => {
    const entries = valueAt(spec, 'components', list);
    if (valueAt(spec, 'values', 'gateways', values, 'enabled') !== true || !Array.isArray(entries)) return [];
    return entries.flatMap((entry: Json, index): readonly Notice[] => {
      if (valueAt(entry, 'enabled') !== false) return [];
      const path = `spec.components.${list}[${index}].enabled`;
      const message = `The gateway is installed all the same: values.gateways.${values}.enabled is true.`;
      return [{ code: 'IgnoredField', path, message, hint: `Remove values.gateways.${values}.enabled.` }];
    });
  });
}

/** istiod is told of the CNI plugin that this resource installs, whatever the values say. */
function cniNotices(spec: JsonObject): readonly Notice[] {
  const asked = valueAt(spec, 'values', 'pilot', 'cni', 'enabled');
  const installed = valueAt(spec, 'components', 'cni', 'enabled') === true;
  if (typeof asked !== 'boolean' || asked === installed) return [];
  const message = `It has no effect: components.cni.enabled ${installed ? 'is true' : 'is not true'}, and that decides.`;
  const hint = asked
    ? 'Set components.cni.enabled: true; where another resource installs the plugin, unvalidatedValues.pilot.cni.enabled: true.'
    : 'Remove it, or set components.cni.enabled: false.';
  return [{ code: 'IgnoredField', path: 'spec.values.pilot.cni.enabled', message, hint }];
}

function isEnabled(component: Json | undefined): boolean {
  return isObject(component) && component.enabled !== false;
}
