import { atMostOneOf, rule } from '../cel.ts';
import { defineResource } from '../define-resource.ts';
import { anyObject, enumOf, int32, list, map, object, port, string, uint32 } from '../schema.ts';
import { labelsSelector, policyTargets } from '../selectors.ts';

/** EnvoyFilter: patches on the configuration that istiod generates for Envoy. */
export function envoyFilter() {
  return defineResource({
    group: 'networking.istio.io',
    kind: 'EnvoyFilter',
    plural: 'envoyfilters',
    versions: ['v1alpha3'],
    storedAs: 'v1alpha3',
    spec: object(
      {
        workloadSelector: labelsSelector(),
        targetRefs: policyTargets(),
        configPatches: list(configPatch()),
        priority: int32(),
      },
      {
        rules: [
          atMostOneOf(['workloadSelector', 'targetRefs'], 'only one of targetRefs or workloadSelector can be set'),
        ],
      },
    ),
  });
}

function configPatch() {
  return object({
    applyTo: enumOf(
      'INVALID',
      'LISTENER',
      'FILTER_CHAIN',
      'NETWORK_FILTER',
      'HTTP_FILTER',
      'ROUTE_CONFIGURATION',
      'VIRTUAL_HOST',
      'HTTP_ROUTE',
      'CLUSTER',
      'EXTENSION_CONFIG',
      'BOOTSTRAP',
      'LISTENER_FILTER',
    ),
    match: configMatch(),
    patch: patch(),
  });
}

function configMatch() {
  return object(
    {
      context: enumOf('ANY', 'SIDECAR_INBOUND', 'SIDECAR_OUTBOUND', 'GATEWAY', 'WAYPOINT'),
      proxy: object({ proxyVersion: string(), metadata: map(string()) }),
      listener: listenerMatch(),
      routeConfiguration: routeConfigurationMatch(),
      cluster: object({ portNumber: uint32(), service: string(), subset: string(), name: string() }),
      waypoint: waypointMatch(),
    },
    {
      oneofs: [['listener', 'routeConfiguration', 'cluster', 'waypoint']],
      rules: [
        rule(
          'only support waypointMatch when context is WAYPOINT',
          'has(self.context) ? ((self.context == "WAYPOINT") ? has(self.waypoint) : !has(self.waypoint)) : !has(self.waypoint)',
        ),
      ],
    },
  );
}

function listenerMatch() {
  const filterChain = object({
    name: string(),
    sni: string(),
    transportProtocol: string(),
    applicationProtocols: string(),
    filter: filterMatch(),
    destinationPort: uint32(),
  });
  return object({
    portNumber: uint32(),
    portName: string(),
    filterChain,
    listenerFilter: string(),
    name: string(),
  });
}

function routeConfigurationMatch() {
  const route = object({ name: string(), action: enumOf('ANY', 'ROUTE', 'REDIRECT', 'DIRECT_RESPONSE') });
  return object({
    portNumber: uint32(),
    portName: string(),
    gateway: string(),
    vhost: object({ name: string(), domainName: string(), route }),
    name: string(),
  });
}

function waypointMatch() {
  return object({ portNumber: port(), filter: filterMatch(), route: object({ name: string() }) });
}

function filterMatch() {
  return object({ name: string(), subFilter: object({ name: string() }) });
}

function patch() {
  return object({
    operation: enumOf('INVALID', 'MERGE', 'ADD', 'REMOVE', 'INSERT_BEFORE', 'INSERT_AFTER', 'INSERT_FIRST', 'REPLACE'),
    value: anyObject(),
    filterClass: enumOf('UNSPECIFIED', 'AUTHN', 'AUTHZ', 'STATS'),
  });
}
