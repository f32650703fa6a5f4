import { assertNever, type KubernetesObject } from '../../core/index.ts';
import type { AddonValues, ComponentInput } from '../../values/index.ts';
import type { Component } from '../component.ts';
import { hasClusterObjects, hasNamespacedObjects } from '../shared/resource-scope.ts';
import { grafanaObjects } from './grafana/index.ts';
import { kialiObjects } from './kiali/index.ts';
import { prometheusObjects } from './prometheus/index.ts';
import { type Addon, addonOf, containerName, SERVICES } from './shared/addon.ts';
import { tracingObjects } from './tracing/index.ts';
import { zipkinObjects } from './zipkin/index.ts';

/** What looks at the mesh: metrics, dashboards, console and traces; one instance for each add-on. */
export const addons: Component<AddonValues> = {
  name: 'AddonComponents',
  build: addonObjects,
  workload: ({ values }) => ({
    kind: 'Deployment',
    container: containerName(values.addon),
    service: SERVICES[values.addon].service,
  }),
};

function addonObjects(input: ComponentInput<AddonValues>): readonly KubernetesObject[] {
  const addon = addonOf(input);
  const scope = addon.mesh.resourceScope;
  return allObjects(addon).filter(({ metadata }) =>
    metadata.namespace === undefined ? hasClusterObjects(scope) : hasNamespacedObjects(scope),
  );
}

function allObjects(addon: Addon): readonly KubernetesObject[] {
  switch (addon.addon) {
    case 'prometheus':
      return prometheusObjects(addon);
    case 'grafana':
      return grafanaObjects(addon);
    case 'kiali':
      return kialiObjects(addon);
    case 'tracing':
      return tracingObjects(addon);
    case 'zipkin':
      return zipkinObjects(addon);
    default:
      return assertNever(addon.addon);
  }
}
