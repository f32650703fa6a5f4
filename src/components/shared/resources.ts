import type { IResourceRequirements } from 'kubernetes-models/v1';
import type { ResourceValues } from '../../values/index.ts';
import { isEmpty } from './empty.ts';

/**
 * The first of the candidates that says anything, without its empty quantities. One whose every entry was deleted says
 * that nothing is requested.
 */
export function resourceRequirements(
  ...candidates: readonly (ResourceValues | undefined)[]
): IResourceRequirements | undefined {
  const chosen = candidates.find((candidate) => !isEmpty(candidate));
  const limits = quantities(chosen?.limits);
  const requests = quantities(chosen?.requests);
  if (limits === undefined && requests === undefined) return undefined;
  return { ...(limits && { limits }), ...(requests && { requests }) };
}

function quantities(values: ResourceValues['limits']): Record<string, string | number> | undefined {
  const set = Object.entries(values ?? {}).flatMap(([name, value]): [string, string | number][] =>
    value === undefined || value === null || isEmpty(value) ? [] : [[name, bareNumber(value)]],
  );
  return set.length === 0 ? undefined : Object.fromEntries(set);
}

/** A quantity without a unit is a number in what Istio's own installer writes ("2" becomes 2); the API server reads both. */
function bareNumber(quantity: string | number): string | number {
  return typeof quantity === 'string' && /^(0|[1-9]\d*)(\.\d+)?$/.test(quantity) ? Number(quantity) : quantity;
}
