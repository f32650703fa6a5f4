import type { JsonObject, KubernetesObject } from '../core/index.ts';
import { GROUP, KIND, VERSION } from './names.ts';
import { openApiOf } from './open-api.ts';
import { specSchema } from './schema/spec-schema.ts';
import { statusSchema } from './schema/status-schema.ts';

/**
 * The CustomResourceDefinition of the IstioOperator. Its names, scope, status subresource and first columns are those of
 * the definition that Istio shipped until 1.23, so it takes that one's place.
 */
export function istioOperatorCrd(): KubernetesObject & { readonly spec: JsonObject } {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `istiooperators.${GROUP}`, labels: { release: 'istio' } },
    spec: {
      conversion: { strategy: 'None' },
      group: GROUP,
      names: {
        kind: KIND,
        listKind: `${KIND}List`,
        plural: 'istiooperators',
        shortNames: ['iop', 'io'],
        singular: 'istiooperator',
      },
      scope: 'Namespaced',
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: printerColumns(),
          schema: { openAPIV3Schema: rootSchema() },
        },
      ],
    },
  };
}

function printerColumns(): readonly JsonObject[] {
  return [
    { name: 'Revision', type: 'string', jsonPath: '.spec.revision', description: 'Revision of the control plane' },
    { name: 'Status', type: 'string', jsonPath: '.status.status', description: 'State of the installation' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Time since the creation' },
    { name: 'Profile', type: 'string', jsonPath: '.spec.profile', description: 'Profile', priority: 1 },
    { name: 'Message', type: 'string', jsonPath: '.status.message', description: 'What is going on', priority: 1 },
  ];
}

function rootSchema(): JsonObject {
  return {
    type: 'object',
    description: 'An installation of Istio.',
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      spec: openApiOf(specSchema, { required: false }),
      status: statusOpenApi(),
    },
  };
}

/**
 * A new resource has the default status at once: without an observed generation, tools that follow kstatus would take it
 * for ready before the operator has seen it.
 */
function statusOpenApi(): JsonObject {
  const { nullable: _nullable, ...status } = openApiOf(statusSchema, { required: true });
  const properties = status.properties as JsonObject;
  const conditions = properties.conditions as JsonObject;
  return {
    ...status,
    default: { observedGeneration: -1 },
    properties: {
      ...properties,
      conditions: { ...conditions, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] },
    },
  };
}
