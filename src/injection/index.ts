export { type InjectedObject, injectObject } from './inject-object.ts';
export { injectPod } from './inject-pod.ts';
export { type InjectionContext, type InjectionSources, injectionContext } from './injection-context.ts';
export { injectionFunctions } from './injection-functions.ts';
export { type InjectorConfig, readInjectorConfig } from './injector-config.ts';
export { type MeshConfig, readMeshConfig } from './mesh-config.ts';
export { readYamlMap } from './read-yaml-map.ts';
export type { Owner } from './template-data.ts';
