import { type KubernetesObject, valueAt } from '../../core/index.ts';
import type { ComponentInput, IstiodValues } from '../../values/index.ts';
import { hasClusterObjects, hasNamespacedObjects } from '../shared/resource-scope.ts';
import { autoscaler } from './autoscaler.ts';
import { clusterRoleBindings } from './cluster-role-bindings.ts';
import { clusterRoles } from './cluster-roles.ts';
import { deployment } from './deployment.ts';
import { disruptionBudget } from './disruption-budget.ts';
import { gatewayClassConfigMaps } from './gateway-class-config-maps.ts';
import { injectionWebhooks } from './injection-webhooks.ts';
import { injectorConfigMap } from './injector-config-map.ts';
import { jwksConfigMap } from './jwks-config-map.ts';
import { meshConfigMap } from './mesh-config-map.ts';
import { istiodNetworkPolicy } from './network-policy.ts';
import { type PilotContext, pilotContext, runsIstiod, servesConfig } from './pilot-context.ts';
import { readerClusterRole, readerClusterRoleBinding } from './reader-cluster-role.ts';
import { remoteEndpointSlice } from './remote-endpoint-slice.ts';
import { remoteService } from './remote-service.ts';
import { revisionValidator } from './revision-validator.ts';
import { role, roleBinding } from './role.ts';
import { service, tagServices } from './service.ts';
import { serviceAccount } from './service-account.ts';
import { stableRevisionPolicy } from './stable-revision-policy.ts';
import { valuesConfigMap } from './values-config-map.ts';

/** All that one control plane consists of, under the conditions that its values set. */
export function pilotObjects(input: ComponentInput<IstiodValues>): readonly KubernetesObject[] {
  const pilot = pilotContext(input);
  const scope = pilot.values.global.resourceScope;
  return [
    ...(hasNamespacedObjects(scope) ? namespacedObjects(pilot) : []),
    ...(hasClusterObjects(scope) ? clusterObjects(pilot) : []),
  ];
}

function namespacedObjects(pilot: PilotContext): readonly KubernetesObject[] {
  const { values } = pilot;
  return [
    ...(servesConfig(values)
      ? [
          serviceAccount(pilot),
          role(pilot),
          roleBinding(pilot),
          // Cluster-scoped, yet Istio counts it among the namespaced ones.
          ...(values.experimental.stableValidationPolicy ? stableRevisionPolicy(pilot) : []),
        ]
      : []),
    ...(values.configMap ? [meshConfigMap(pilot)] : []),
    ...(values.global.omitSidecarInjectorConfigMap ? [] : [injectorConfigMap(pilot)]),
    valuesConfigMap(pilot),
    ...gatewayClassConfigMaps(pilot),
    ...(runsIstiod(values) ? istiodWorkload(pilot) : []),
    ...tagServices(pilot),
    ...(values.istiodRemote.enabled && values.global.remotePilotAddress
      ? [remoteService(pilot), ...remoteEndpointSlice(pilot)]
      : []),
    ...(values.global.networkPolicy.enabled ? [istiodNetworkPolicy(pilot)] : []),
  ];
}

/** The Deployment and what stands around it. */
function istiodWorkload(pilot: PilotContext): readonly KubernetesObject[] {
  return [
    ...(pilot.values.jwksResolverExtraRootCA ? [jwksConfigMap(pilot)] : []),
    deployment(pilot),
    service(pilot),
    ...autoscaler(pilot),
    ...disruptionBudget(pilot),
  ];
}

function clusterObjects(pilot: PilotContext): readonly KubernetesObject[] {
  const { values } = pilot;
  return [
    ...(hasReaders(pilot) ? [readerClusterRole(pilot), readerClusterRoleBinding(pilot)] : []),
    ...(servesConfig(values)
      ? [
          ...clusterRoles(pilot),
          ...clusterRoleBindings(pilot),
          ...(values.global.configValidation ? [revisionValidator(pilot)] : []),
        ]
      : []),
    ...(values.global.operatorManageWebhooks ? [] : injectionWebhooks(pilot)),
  ];
}

/** Like Istio, no where the answer is null, and yes where there is none: builders are given neither of them. */
function hasReaders({ documents }: PilotContext): boolean {
  const answer = valueAt(documents.merged, 'global', 'enableReaderRBAC');
  return answer === undefined || Boolean(answer);
}
