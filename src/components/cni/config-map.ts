import type { IConfigMap } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { yamlText } from '../../core/index.ts';
import { variablesOf } from '../shared/environment.ts';
import { textMap } from '../shared/text.ts';
import { built } from '../shared/typed.ts';
import { CONFIG_MAP_NAME, type NodeAgent, objectLabels } from './node-agent.ts';

/** The agent's configuration; each entry becomes a variable of its environment. */
export function configMap(agent: NodeAgent): KubernetesObject {
  const { values, namespace } = agent;
  return built<IConfigMap>({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: CONFIG_MAP_NAME, namespace, labels: objectLabels(agent) },
    data: textMap({
      CURRENT_AGENT_VERSION: values.tag || values.global.tag,
      NATIVE_NFTABLES: values.global.nativeNftables,
      EXCLUDE_NAMESPACES: values.excludeNamespaces.join(','),
      ...ambientSettings(agent),
      ...pluginSettings(agent),
      ...repairSettings(agent),
      ...Object.fromEntries(variablesOf(values.env).map(({ name, value }) => [name, value])),
    }),
  });
}

function ambientSettings({ values: { ambient } }: NodeAgent) {
  const selectors = ambient.enablementSelectors;
  return {
    AMBIENT_ENABLED: ambient.enabled,
    AMBIENT_ENABLEMENT_SELECTOR: selectors === undefined ? undefined : yamlText(selectors).trimEnd(),
    AMBIENT_DNS_CAPTURE: ambient.dnsCapture,
    AMBIENT_IPV6: ambient.ipv6,
    AMBIENT_RECONCILE_POD_RULES_ON_STARTUP: ambient.reconcileIptablesOnStartup,
    ENABLE_AMBIENT_DETECTION_RETRY: ambient.enableAmbientDetectionRetry,
  };
}

function pluginSettings({ values }: NodeAgent) {
  return {
    CNI_CONF_NAME: values.cniConfFileName || undefined,
    CHAINED_CNI_PLUGIN: values.chained,
    ISTIO_OWNED_CNI_CONFIG: values.istioOwnedCNIConfig,
    ISTIO_OWNED_CNI_CONF_FILENAME: values.istioOwnedCNIConfig ? values.istioOwnedCNIConfigFileName : undefined,
  };
}

function repairSettings({ values: { repair } }: NodeAgent) {
  return {
    REPAIR_ENABLED: repair.enabled,
    REPAIR_LABEL_PODS: repair.labelPods,
    REPAIR_DELETE_PODS: repair.deletePods,
    REPAIR_REPAIR_PODS: repair.repairPods,
    REPAIR_INIT_CONTAINER_NAME: repair.initContainerName,
    REPAIR_BROKEN_POD_LABEL_KEY: repair.brokenPodLabelKey,
    REPAIR_BROKEN_POD_LABEL_VALUE: repair.brokenPodLabelValue,
  };
}
