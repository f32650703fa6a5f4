export {
  ADDON_WORKLOADS,
  ADDONS,
  type AddonName,
  type AddonPlace,
  type AddonSettings,
  type AddonValues,
  type AuthSettings,
  type ExposeSettings,
  kialiStrategy,
  type MeshFacts,
  type PersistenceSettings,
} from './addon-values.ts';
export type { BaseValues, ResourceScope } from './base-values.ts';
export { type CniValues, cniDefaults } from './cni-values.ts';
export type { ComponentInput } from './component-input.ts';
export { componentInputs } from './component-inputs.ts';
export {
  egressGatewayDefaults,
  type GatewayPort,
  type GatewayRoot,
  type GatewaySettings,
  type GatewayValues,
  ingressGatewayDefaults,
  type PodAntiAffinityRule,
} from './gateway-values.ts';
export type {
  InjectorValues,
  IstiodGlobalValues,
  IstiodRemoteValues,
  IstiodValues,
  TracerValues,
} from './istiod-values.ts';
export { profileValues } from './profile-values.ts';
export { mergedValues } from './settled-values.ts';
export type { ResourceValues, TextMap } from './value-types.ts';
export { type ZtunnelValues, ztunnelDefaults } from './ztunnel-values.ts';
