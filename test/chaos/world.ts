import { RESOURCE_KIND } from '../../src/api/index.ts';
import type { LiveObject } from '../../src/apply/index.ts';
import { renderResource } from '../../src/cli/input/render-resource.ts';
import {
  type ClusterFacts,
  idKey,
  idOf,
  type JsonObject,
  type KubernetesObject,
  OperatorError,
} from '../../src/core/index.ts';
import type { Random } from './random.ts';

/** What a CR has to come to. */
export type Expectation =
  | { readonly word: 'HEALTHY'; readonly objects: readonly KubernetesObject[] }
  | { readonly word: 'ERROR'; readonly reason: string };

/** A CR as its author wants it. */
export interface WantedResource {
  readonly namespace: string;
  readonly name: string;
  readonly spec: JsonObject;
  readonly expected: Expectation;
}

/** A CR that may or may not exist at a time. */
export interface Cast {
  readonly namespace: string;
  readonly name: string;
  /** A valid spec; each call another one. */
  readonly spec: (random: Random) => JsonObject;
  /** What it comes to although its spec is valid. */
  readonly refusedAs?: string;
}

/** The gateway of `CLASH` has the name of this foreign Service. */
export const CLASH = { name: 'clash', namespace: 'clash' } as const;

/** Everybody who can be there. */
export const CASTS: readonly [Cast, ...Cast[]] = [
  { namespace: 'istio-system', name: 'mesh', spec: meshSpec },
  { namespace: 'istio-system', name: 'canary', spec: canarySpec },
  ...(['edge-1', 'edge-2', 'edge-3'] as const).map((name) => ({
    namespace: name === 'edge-3' ? 'tenants' : 'istio-system',
    name,
    spec: (random: Random) => edgeSpec(random, name),
  })),
  {
    namespace: 'tenants',
    name: CLASH.name,
    spec: (random) => edgeSpec(random, CLASH.name),
    refusedAs: 'ActionRequired',
  },
];

/** What all authors want at present. The truth that the cluster is measured by. */
export class World {
  readonly #facts: ClusterFacts;
  readonly #wanted = new Map<string, WantedResource>();
  readonly #wiped = new Set<string>();

  constructor(facts: ClusterFacts) {
    this.#facts = facts;
  }

  get wanted(): readonly WantedResource[] {
    return [...this.#wanted.values()];
  }

  find({ namespace, name }: { namespace: string; name: string }): WantedResource | undefined {
    return this.#wanted.get(`${namespace}/${name}`);
  }

  /** Notes that a CR is to have this spec. */
  want({ namespace, name, refusedAs }: Cast, spec: JsonObject): WantedResource {
    const rendered = expectationOf({ namespace, name, spec }, this.#facts);
    const expected: Expectation =
      refusedAs === undefined || rendered.word === 'ERROR' ? rendered : { word: 'ERROR', reason: refusedAs };
    const wanted = { namespace, name, spec, expected };
    this.#wanted.set(`${namespace}/${name}`, wanted);
    return wanted;
  }

  forget({ namespace, name }: { namespace: string; name: string }): void {
    this.#wanted.delete(`${namespace}/${name}`);
    this.#wiped.delete(`${namespace}/${name}`);
  }

  /** Notes that the status of a CR is lost. */
  wipe({ namespace, name }: { namespace: string; name: string }): void {
    this.#wiped.add(`${namespace}/${name}`);
  }

  /** Whether the operator has to ask before it removes what carries traffic: only labels tell it what a CR had installed. */
  mayBeAsked({ namespace, name }: WantedResource): boolean {
    return this.#wiped.has(`${namespace}/${name}`);
  }

  /** The objects that are to be there, once each, and nothing that everybody shares. */
  objects(): readonly KubernetesObject[] {
    const all = this.wanted.flatMap(({ expected }) => (expected.word === 'HEALTHY' ? expected.objects : []));
    const own = all.filter(({ kind }) => kind !== 'CustomResourceDefinition');
    return [...new Map(own.map((object) => [idKey(idOf(object)), object])).values()];
  }
}

/** A CR as it is sent. */
export function documentOf({ namespace, name, spec }: Omit<WantedResource, 'expected'>): LiveObject {
  return { ...RESOURCE_KIND, metadata: { namespace, name }, spec } as LiveObject;
}

/** A spec that must be refused, each for another reason. */
export function invalidSpec(random: Random): JsonObject {
  const overlay = { kind: 'Deployment', name: 'istiod', patches: [{ path: 'spec.nowhere.[name:x].y', value: 'z' }] };
  return random.pick<JsonObject>([
    { profile: 'dmeo' },
    { profile: 'minimal', components: { pilto: { enabled: true } } },
    { profile: 'minimal', components: { pilot: { k8s: { overlays: [overlay] } } } },
  ]);
}

function expectationOf(wanted: Omit<WantedResource, 'expected'>, facts: ClusterFacts): Expectation {
  try {
    const { components } = renderResource(documentOf(wanted), facts);
    return { word: 'HEALTHY', objects: components.flatMap(({ objects }) => objects) };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { word: 'ERROR', reason: error.detail.issues?.[0]?.code ?? error.detail.code };
  }
}

function meshSpec(random: Random): JsonObject {
  const profile = random.pick(['demo', 'default', 'minimal']);
  const hasIngress = random.chance(0.7);
  return {
    profile,
    meshConfig: { accessLogFile: random.pick(['', '/dev/stdout', '/dev/stderr']) },
    components: {
      pilot: pilotSpec(random),
      cni: { enabled: random.chance(0.4), namespace: 'kube-system' },
      ztunnel: { enabled: random.chance(0.2) },
      ingressGateways: [{ name: 'istio-ingressgateway', enabled: hasIngress, k8s: gatewaySettings(random) }],
      egressGateways: [{ name: 'istio-egressgateway', enabled: random.chance(0.4) }],
    },
  };
}

function canarySpec(random: Random): JsonObject {
  return { profile: 'minimal', revision: 'canary', components: { pilot: pilotSpec(random) } };
}

function edgeSpec(random: Random, name: string): JsonObject {
  const gateway = (own: string) => ({ name: own, namespace: name, enabled: true, k8s: gatewaySettings(random) });
  const second = random.chance(0.3) ? [gateway(`${name}-second`)] : [];
  return { profile: 'empty', components: { ingressGateways: [gateway(name), ...second] } };
}

function pilotSpec(random: Random): JsonObject {
  return { enabled: true, k8s: { env: [{ name: 'CHAOS', value: String(random.between(1, 1_000_000)) }] } };
}

function gatewaySettings(random: Random): JsonObject {
  const ports = [
    { name: 'status-port', port: 15021, targetPort: 15021 },
    { name: 'http2', port: random.between(80, 90), targetPort: 8080 },
  ];
  return {
    podAnnotations: { 'example.com/chaos': String(random.between(1, 1_000_000)) },
    service: { ports },
  };
}
