import type { JsonObject } from '../core/index.ts';
import { containersOf, named, PROXY, withSpec } from './pod-parts.ts';

const CORE_DUMP = 'enable-core-dump';
const SETS_UP = 'istio-init';
const CHECKS = 'istio-validation';

/**
 * Puts the injected containers where they have to be. The proxy comes last, so that kubectl takes the application by
 * default, or first where the application has to wait for it. Redirection is set up after all other init containers,
 * which would have no proxy; where the proxy is an init container itself, both come before all others. A check of
 * redirection always comes first.
 */
export function ordered(pod: JsonObject, holdsApplication: boolean): JsonObject {
  const containers = containersOf(pod, 'containers');
  const init = containersOf(pod, 'initContainers');
  const isNative = named(init, PROXY) !== undefined;
  return withSpec(pod, {
    containers: arranged(containers, holdsApplication ? [PROXY] : [], holdsApplication ? [] : [PROXY]),
    initContainers: isNative
      ? arranged(init, [SETS_UP, CHECKS, PROXY, CORE_DUMP], [])
      : arranged(init, [CHECKS], [SETS_UP, CORE_DUMP]),
  });
}

function arranged(containers: readonly JsonObject[], first: readonly string[], last: readonly string[]) {
  const pick = (names: readonly string[]) =>
    names.flatMap((name) => containers.filter((container) => container.name === name));
  const moved = [...first, ...last];
  const rest = containers.filter(({ name }) => typeof name !== 'string' || !moved.includes(name));
  return [...pick(first), ...rest, ...pick(last)];
}
