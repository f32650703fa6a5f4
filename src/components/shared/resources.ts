import type { IResourceRequirements } from 'kubernetes-models/v1';
import type { ResourceValues } from '../../values/index.ts';
import { isEmpty } from './empty.ts';

/** The first of the candidates that asks for anything, without its empty quantities. */
export function resourceRequirements(
  ...candidates: readonly (ResourceValues | undefined)[]
): IResourceRequirements | undefined {
  for (const candidate of candidates) {
    const limits = quantities(candidate?.limits);
    const requests = quantities(candidate?.requests);
    if (limits !== undefined || requests !== undefined) {
      return { ...(limits && { limits }), ...(requests && { requests }) };
    }
  }
  return undefined;
}

function quantities(values: ResourceValues['limits']): Record<string, string | number> | undefined {
  const set = Object.entries(values ?? {}).flatMap(([name, value]): [string, string | number][] =>
    value === undefined || isEmpty(value) ? [] : [[name, bareNumber(value)]],
  );
  return set.length === 0 ? undefined : Object.fromEntries(set);
}

/** A quantity without a unit is a number in what Istio's own installer writes ("2" becomes 2); the API server reads both. */
function bareNumber(quantity: string | number): string | number {
  return typeof quantity === 'string' && /^(0|[1-9]\d*)(\.\d+)?$/.test(quantity) ? Number(quantity) : quantity;
}
