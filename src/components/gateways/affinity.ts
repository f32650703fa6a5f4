import type {
  IAffinity,
  INodeAffinity,
  INodeSelectorRequirement,
  IPodAffinityTerm,
  IPodAntiAffinity,
} from 'kubernetes-models/v1';
import type { PodAntiAffinityRule } from '../../values/index.ts';
import { firstSet } from '../shared/empty.ts';
import { textMap } from '../shared/text.ts';
import type { Draft } from '../shared/typed.ts';
import type { Gateway } from './gateway.ts';

/** Where the pods of a gateway may run: architectures and node labels, apart from the pods that the user names. */
export function affinity(gateway: Gateway): Draft<IAffinity> | undefined {
  const near = nodeAffinity(gateway);
  const apart = podAntiAffinity(gateway);
  return near === undefined && apart === undefined ? undefined : { nodeAffinity: near, podAntiAffinity: apart };
}

function nodeAffinity({ global, settings }: Gateway): Draft<INodeAffinity> | undefined {
  const weights = Object.entries(global.arch).sort(([a], [b]) => (a < b ? -1 : 1));
  const allowed = weights.filter(([, weight]) => Number(weight) > 0);
  const labels = textMap(firstSet(settings.nodeSelector, global.defaultNodeSelector)) ?? {};
  const required: Draft<INodeSelectorRequirement>[] = [
    ...(weights.length === 0 ? [] : [archIn(allowed.map(([arch]) => arch))]),
    ...Object.entries(labels).map(([key, value]) => ({ key, operator: 'In' as const, values: [value] })),
  ];
  if (required.length === 0) return undefined;
  return {
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: required }] },
    preferredDuringSchedulingIgnoredDuringExecution:
      allowed.length === 0
        ? undefined
        : allowed.map(([arch, weight]) => ({
            weight: Number(weight),
            preference: { matchExpressions: [archIn([arch])] },
          })),
  };
}

function archIn(archs: readonly string[]): Draft<INodeSelectorRequirement> {
  // no architecture is left when all have weight 0: without values no node matches, and the API server says so
  return { key: 'kubernetes.io/arch', operator: 'In', values: archs.length === 0 ? undefined : archs };
}

function podAntiAffinity({ settings }: Gateway): Draft<IPodAntiAffinity> | undefined {
  const must = settings.podAntiAffinityLabelSelector;
  const should = settings.podAntiAffinityTermLabelSelector;
  if (must.length === 0 && should.length === 0) return undefined;
  const preferred = should.map((rule) => ({ weight: 100, podAffinityTerm: termOf(rule) }));
  return {
    requiredDuringSchedulingIgnoredDuringExecution: must.length === 0 ? undefined : must.map(termInNamespaces),
    preferredDuringSchedulingIgnoredDuringExecution: preferred.length === 0 ? undefined : preferred,
  };
}

function termOf({ key, operator, values, topologyKey }: PodAntiAffinityRule): Draft<IPodAffinityTerm> {
  const expression = { key, operator, values: words(values) };
  return { labelSelector: { matchExpressions: [expression] }, topologyKey };
}

function termInNamespaces(rule: PodAntiAffinityRule): Draft<IPodAffinityTerm> {
  return { ...termOf(rule), namespaces: words(rule.namespaces) };
}

function words(list: string | readonly string[] | undefined): readonly string[] | undefined {
  if (!list || list.length === 0) return undefined;
  return typeof list === 'string' ? list.split(',').map((word) => word.trim()) : list;
}
