import type { KubernetesObject } from '../../core/index.ts';
import { isObject, type Json, type JsonObject, once, yamlText } from '../../core/index.ts';
import { isEmpty } from '../shared/empty.ts';
import { jsonText } from '../shared/json-text.ts';
import { withRevision } from '../shared/revision.ts';
import { textMap } from '../shared/text.ts';
import { configMap } from './config-map.ts';
import { INJECTION_TEMPLATES, injectionTemplate } from './injection/templates.ts';
import type { PilotContext } from './pilot-context.ts';

/** What istiod injects into pods: which pods, which templates, and the values that templates read. */
export function injectorConfigMap(pilot: PilotContext): KubernetesObject {
  return configMap(pilot, withRevision('istio-sidecar-injector', pilot.revision), {
    config: yamlText(injectorConfig(pilot)),
    values: jsonText(templateValues(pilot.documents.merged)),
  });
}

function injectorConfig({ values }: PilotContext): JsonObject {
  const injector = values.sidecarInjectorWebhook;
  return {
    defaultTemplates: isEmpty(injector.defaultTemplates) ? ['sidecar'] : injector.defaultTemplates,
    policy: values.global.proxy.autoInject,
    alwaysInjectSelector: injector.alwaysInjectSelector as unknown as Json,
    neverInjectSelector: injector.neverInjectSelector as unknown as Json,
    injectedAnnotations: textMap(injector.injectedAnnotations),
    // Older istiods read only this field; they fail on it with a message instead of injecting something half right.
    template: '{{ Template_Version_And_Istio_Version_Mismatched_Check_Installation }}',
    templates: { ...builtInTemplates(), ...injector.templates },
  };
}

const builtInTemplates = once(
  (): Readonly<Record<string, string>> =>
    Object.fromEntries(INJECTION_TEMPLATES.map((name) => [name, injectionTemplate(name)])),
);

/** Only what templates use: pods are injected at a rate at which the size counts. */
function templateValues(merged: JsonObject): JsonObject {
  const gateways = isObject(merged.gateways) ? merged.gateways : {};
  return {
    ...picked(merged, ['global', 'sidecarInjectorWebhook', 'revision']),
    pilot: picked(merged, ['cni', 'env']),
    gateways: picked(gateways, ['securityContext', 'seccompProfile']),
  };
}

function picked(values: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.filter((key) => Object.hasOwn(values, key)).map((key) => [key, values[key]]));
}
