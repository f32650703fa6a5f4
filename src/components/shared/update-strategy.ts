import type { IDaemonSetUpdateStrategy } from 'kubernetes-models/apps/v1';
import { isEmpty, unlessEmpty } from './empty.ts';
import type { Draft } from './typed.ts';

/** How a DaemonSet replaces its pods, as values say it; a `rollingUpdate` that they empty for `OnDelete` is left out. */
export function updateStrategy(
  strategy: IDaemonSetUpdateStrategy | undefined,
): Draft<IDaemonSetUpdateStrategy> | undefined {
  if (strategy === undefined || isEmpty(strategy)) return undefined;
  return { ...strategy, rollingUpdate: unlessEmpty(strategy.rollingUpdate) };
}
