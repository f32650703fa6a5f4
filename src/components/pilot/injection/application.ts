import { variable } from './agent-environment.ts';
import { quoted } from './expressions.ts';
import type { Part } from './template-text.ts';

/** What a template has to know of the pod's own containers: `$apps` has their names, `$ports` their ports as JSON. */
export const APPLICATION_VARIABLES = [
  ['apps', 'list'],
  ['ports', 'list'],
] as const;

/** Fills `$apps` and `$ports`. */
export const APPLICATION_STATEMENTS = [
  'range $container := $.Spec.Containers',
  'if ne $container.Name "istio-proxy"',
  '$apps = append $apps $container.Name',
  'end',
  'range $port := $container.Ports',
  '$ports = append $ports (structToJSON $port)',
  'end',
  'end',
] as const;

/** The ports that the pod's containers declare: a JSON list, one port a line. */
export function podPorts(): Part {
  const lines = 'printf "[\\n    %s\\n]" (join "\\n    ," $ports)';
  return variable('ISTIO_META_POD_PORTS', quoted(`ternary (${lines}) "[\\n]" (gt (len $ports) 0)`));
}

/** The names of the pod's containers but the proxy's. */
export function appContainers(): Part {
  return variable('ISTIO_META_APP_CONTAINERS', quoted('join "," $apps'));
}
