import { isObject, type Json } from '../../../core/index.ts';
import { quote } from '../../quote.ts';
import type { ObjectCheck, ObjectFault } from '../schema.ts';

const TOPOLOGY = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];

/** Which settings of locality load balancing contradict each other. */
export const localityCheck: ObjectCheck = ({ distribute, failover, failoverPriority }) => {
  const [shares, regions] = [objectsIn(distribute), objectsIn(failover)];
  if (shares.length > 0 && regions.length > 0) {
    return [{ message: 'distribute and failover contradict each other.', hint: 'Remove one of the two.' }];
  }
  return [
    ...priorityFaults(regions.length > 0, failoverPriority),
    ...shares.flatMap(weightFaults),
    ...placeFaults(shares.map(({ from }, index) => [['distribute', index, 'from'], from ?? ''] as const)),
    ...shares.flatMap(({ to }, index) => {
      const places = Object.keys(isObject(to) ? to : {}).sort();
      return placeFaults(places.map((place) => [['distribute', index, 'to', place], place] as const));
    }),
    ...regions.flatMap(regionFaults),
  ];
};

type Fields = Readonly<Record<string, Json | undefined>>;

function objectsIn(list: Json | undefined): readonly Fields[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function priorityFaults(hasFailover: boolean, priority: Json | undefined): readonly ObjectFault[] {
  if (!hasFailover || !Array.isArray(priority)) return [];
  return priority.flatMap((label, index) => {
    if (!TOPOLOGY.includes(`${label}`)) return [];
    const message = `${quote(`${label}`)} contradicts failover, which goes by the same.`;
    return [{ at: ['failoverPriority', index], message, hint: 'Remove it, or failover.' }];
  });
}

function weightFaults({ to }: Fields, index: number): readonly ObjectFault[] {
  const weights = Object.values(isObject(to) ? to : {});
  const sum = weights.reduce((total: number, weight) => total + Number(weight ?? 0), 0);
  if (sum === 100) return [];
  const message = `The weights add up to ${sum}.`;
  return [{ at: ['distribute', index, 'to'], message, hint: 'Make them add up to 100.' }];
}

type Place = readonly [at: readonly (string | number)[], place: Json];

/** Places are region, zone and subzone; each comes once, the special ones before the general ones. */
function placeFaults(places: readonly Place[]): readonly ObjectFault[] {
  return places.flatMap(([at, value], index) => {
    const place = `${value}`;
    const written = quote(place);
    const parts = partsOf(place);
    if (parts.includes('')) {
      const hint = 'Write region, region/zone or region/zone/subzone.';
      return [{ at, message: `${written} has a part that is empty.`, hint }];
    }
    if (place.slice(0, -1).includes('*')) {
      return [{ at, message: `${written} has a "*" that is not at its end.`, hint: 'For example: region/*.' }];
    }
    const earlier = places.slice(0, index).find(([, other]) => covers(partsOf(`${other}`), parts));
    if (earlier === undefined) return [];
    const message = `${written} overlaps with ${quote(`${earlier[1]}`)} before it.`;
    return [{ at, message, hint: 'Remove one of the two.' }];
  });
}

/** Region, zone and the rest. */
function partsOf(place: string): readonly string[] {
  const [region = '', zone, ...rest] = place.split('/');
  return [region, ...(zone === undefined ? [] : [zone]), ...(rest.length === 0 ? [] : [rest.join('/')])];
}

/** Whether one place is in the other; the "*" of the earlier one stands for everything. */
function covers(earlier: readonly string[], later: readonly string[]): boolean {
  const depth = Math.min(earlier.length, later.length);
  return earlier.slice(0, depth).every((part, index) => part === '*' || part === later[index]);
}

function regionFaults({ from, to }: Fields, index: number): readonly ObjectFault[] {
  const at = ['failover', index];
  const [source, target] = [`${from ?? ''}`, `${to ?? ''}`];
  const hint = 'Name two regions: {from: us-east, to: us-west}.';
  if (source === target) return [{ at, message: 'from and to are the same region.', hint }];
  if (!/[/*]/.test(source + target)) return [];
  return [{ at, message: 'from and to must be regions, without "/" and "*".', hint }];
}
