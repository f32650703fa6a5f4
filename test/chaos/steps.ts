import { setTimeout as sleep } from 'node:timers/promises';
import { ANNOTATIONS, LABELS, RESOURCE_KIND } from '../../src/api/index.ts';
import type { ObjectRef } from '../../src/apply/index.ts';
import { formatId, idKey, idOf, type JsonObject, type KubernetesObject, OperatorError } from '../../src/core/index.ts';
import type { Component } from '../cluster/index.ts';
import { FAULTS } from '../support/fault-proxy.ts';
import { type Arena, persist } from './arena.ts';
import type { ChaosOptions } from './chaos.ts';
import { duel, ENDINGS } from './duel.ts';
import type { Random } from './random.ts';
import { CASTS, type Cast, documentOf, invalidSpec, type WantedResource, type World } from './world.ts';

/** One thing that happens to the operator or its cluster. */
export interface Step {
  readonly text: string;
  readonly run: (arena: Arena) => Promise<void>;
}

const AUTHOR = { fieldManager: 'chaos-author', force: true };
const MEDDLER = { fieldManager: 'chaos-meddler' };
/** A duel takes as long as several rounds. */
const DUEL_EVERY = 4;
/** A trap for a kill that has not snapped by then snaps anyway. */
const TRAP_MS = 1_500;

/** Thinks up steps. What authors want changes in the world as it does, so a seed gives the same steps every time. */
export class Planner {
  readonly #random: Random;
  readonly #world: World;
  /** Objects edited already: who edits one again and again would be taken for a writer in a fight, and rightly so. */
  readonly #edited = new Set<string>();

  constructor(random: Random, world: World) {
    this.#random = random;
    this.#world = world;
  }

  /** The steps of one round: so many kills, so many other ones, and in every fourth round a duel. */
  round(
    { stepsPerRound, killsPerRound }: Pick<ChaosOptions, 'stepsPerRound' | 'killsPerRound'>,
    round: number,
  ): readonly Step[] {
    const thinkers = Array.from({ length: stepsPerRound }, () => () => this.#step());
    const special = Array.from({ length: killsPerRound }, () => () => this.#kill());
    if (round % DUEL_EVERY === 1) special.push(() => this.#duel());
    for (const think of special) thinkers.splice(this.#random.between(0, thinkers.length), 0, think);
    // what authors want is what the last of them wanted, so it is thought up in the order in which it happens
    const steps = thinkers.map((think) => think());
    return steps.flatMap((step) => [step, pauseFor(this.#random.between(0, 500))]);
  }

  /** Every author wants something valid. */
  opening(): readonly Step[] {
    return CASTS.map((cast) => this.#apply(cast, cast.spec(this.#random)));
  }

  #step(): Step {
    const dice = this.#random.next();
    if (dice < 0.3) return this.#author();
    if (dice < 0.6) return this.#meddle();
    if (dice < 0.75) return this.#faults();
    if (dice < 0.9) return this.#watches();
    return this.#outage();
  }

  #author(): Step {
    const cast = this.#random.pick(CASTS as [Cast, ...Cast[]]);
    const exists = this.#world.find(cast) !== undefined;
    if (exists && this.#random.chance(0.25)) return this.#delete(cast);
    if (exists && this.#random.chance(0.1)) return this.#wipeStatus(cast);
    const spec = this.#random.chance(0.2) ? invalidSpec(this.#random) : cast.spec(this.#random);
    return this.#apply(cast, spec);
  }

  #apply(cast: Cast, spec: JsonObject): Step {
    const wanted = this.#world.want(cast, spec);
    const what = wanted.expected.word === 'HEALTHY' ? 'valid' : wanted.expected.reason;
    return {
      text: `apply ${cast.namespace}/${cast.name} (${what}) ${JSON.stringify(spec)}`,
      run: (arena) => applyResource(arena, wanted),
    };
  }

  #delete(cast: Cast): Step {
    this.#world.forget(cast);
    const ref = { ...RESOURCE_KIND, namespace: cast.namespace, name: cast.name };
    return {
      text: `delete ${cast.namespace}/${cast.name}`,
      run: async ({ client, scope }) => {
        // its gateways, which others install, would otherwise hold a control plane back
        const insist = { metadata: { annotations: { [ANNOTATIONS.forceDelete]: 'true' } } };
        await persist(scope, () => client.patch(ref, insist, AUTHOR, scope).catch(unlessAbsent));
        await persist(scope, () => client.delete(ref, {}, scope));
      },
    };
  }

  /** As a restore from a backup does, which has no status. */
  #wipeStatus({ namespace, name }: Cast): Step {
    this.#world.wipe({ namespace, name });
    const ref = { ...RESOURCE_KIND, namespace, name };
    const options = { ...MEDDLER, subresource: 'status' } as const;
    return {
      text: `wipe the status of ${namespace}/${name}`,
      run: async ({ client, scope }) =>
        void (await persist(scope, () => client.patch(ref, { status: null }, options, scope).catch(unlessAbsent))),
    };
  }

  /** Somebody else lays hands on an object that is ours. */
  #meddle(): Step {
    const candidates = this.#world.objects().filter((object) => !this.#edited.has(idKey(idOf(object))));
    const object = this.#random.pickAny(candidates);
    if (object === undefined) {
      this.#edited.clear();
      return pauseFor(100);
    }
    this.#edited.add(idKey(idOf(object)));
    const patches: readonly JsonObject[] = [
      { metadata: { annotations: { 'example.com/meddled': String(this.#random.between(1, 1_000_000)) } } },
      { metadata: { labels: { [LABELS.component]: null } } },
      { metadata: { labels: { [LABELS.component]: 'Other' } } },
      { metadata: { labels: { [LABELS.owner]: 'elsewhere' } } },
      ...editsOf(object),
      ...editsOf(object),
    ];
    const patch = this.#random.chance(0.35) ? undefined : this.#random.pickAny(patches);
    return patch === undefined ? deleteObject(object) : patchObject(object, patch);
  }

  #faults(): Step {
    const rate = this.#random.pick([0.1, 0.3, 0.6, 1]);
    const faults = this.#random.chance(0.5) ? FAULTS : [this.#random.pick(FAULTS)];
    return {
      text: `inject ${rate === 1 ? 'nothing but' : rate} ${faults === FAULTS ? 'of everything' : faults.join()}`,
      run: async ({ proxy }) => proxy.inject(rate, faults),
    };
  }

  #watches(): Step {
    const name = this.#random.pick(['expireWatches', 'stallWatches', 'cutConnections'] as const);
    return { text: name, run: async ({ proxy }) => void proxy[name]() };
  }

  #outage(): Step {
    const component = this.#random.pick<Component>([
      'kube-apiserver',
      'kube-apiserver',
      'etcd',
      'kube-controller-manager',
    ]);
    const ms = this.#random.between(50, 2_000);
    if (this.#random.chance(0.5)) {
      return {
        text: `kill ${component}, start it after ${ms} ms`,
        run: async ({ cluster }) => {
          await cluster.kill(component);
          await sleep(ms);
          await cluster.restart(component);
        },
      };
    }
    return {
      text: `pause ${component} for ${ms} ms`,
      run: async ({ cluster }) => {
        await cluster.pause(component);
        await sleep(ms);
        await cluster.resume(component);
      },
    };
  }

  #duel(): Step {
    const [mesh] = CASTS;
    const work = this.#apply(mesh, mesh.spec(this.#random));
    const count = this.#random.between(1, 30);
    const ending = this.#random.pick(ENDINGS);
    return {
      text: `duel: ${work.text}, hold the leader after its write ${count}, end the next one with ${ending}`,
      run: (arena) => duel(arena, () => work.run(arena), count, ending),
    };
  }

  #kill(): Step {
    const dice = this.#random.next();
    if (dice < 0.2) {
      const run = async ({ operator }: Arena) => {
        await operator.terminate();
        operator.start();
      };
      return { text: 'SIGTERM the operator and start it', run };
    }
    if (dice < 0.4) {
      const ms = this.#random.between(0, 1_500);
      const run = async ({ operator }: Arena) => {
        await operator.kill();
        await sleep(ms);
        operator.start();
      };
      return { text: `kill the operator, start it after ${ms} ms`, run };
    }
    if (dice < 0.5) return { text: 'kill the operator', run: ({ operator }) => operator.kill() };
    const count = this.#random.between(1, 60);
    const moment = this.#random.pick(['before', 'after'] as const);
    return {
      text: `kill the operator ${moment} its write ${count}, start it`,
      run: (arena) => trap(arena, count, moment),
    };
  }
}

/** Makes a CR what its author wants. */
export async function applyResource({ client, scope }: Arena, wanted: WantedResource): Promise<void> {
  await persist(scope, () => client.apply(documentOf(wanted) as unknown as KubernetesObject, AUTHOR, scope));
}

/** Kills at a write, which may be the first one that a start leads to. */
async function trap({ proxy, operator }: Arena, count: number, moment: 'before' | 'after'): Promise<void> {
  operator.start();
  const snapped = Promise.withResolvers<void>();
  const forget = proxy.atWrite(count, moment, () => snapped.resolve(operator.kill()));
  await Promise.race([snapped.promise, sleep(TRAP_MS)]);
  forget();
  await operator.kill();
  operator.start();
}

function pauseFor(ms: number): Step {
  return { text: `wait ${ms} ms`, run: () => sleep(ms) };
}

function deleteObject(object: KubernetesObject): Step {
  return {
    text: `delete ${formatId(idOf(object))}`,
    run: async ({ client, scope }) =>
      void (await persist(scope, () => client.delete(refOf(object), { propagation: 'Background' }, scope))),
  };
}

function patchObject(object: KubernetesObject, patch: JsonObject): Step {
  return {
    text: `edit ${formatId(idOf(object))}: ${JSON.stringify(patch)}`,
    run: async ({ client, scope }) => {
      const edit = () => client.patch(refOf(object), patch, MEDDLER, scope);
      await persist(scope, () => edit().catch(unlessAbsent)); // it may not have been installed yet
    },
  };
}

function unlessAbsent(error: unknown): void {
  if (!(error instanceof OperatorError) || !['NotFound', 'KindNotServed'].includes(error.detail.code)) throw error;
}

/** Edits of what we own in an object of some kinds. */
function editsOf({ kind }: KubernetesObject): readonly JsonObject[] {
  switch (kind) {
    case 'Deployment':
      return [
        { spec: { replicas: 2 } },
        { spec: { template: { metadata: { labels: { 'istio.io/dataplane-mode': 'edited' } } } } }, // is in no selector
      ];
    case 'DaemonSet':
      return [{ spec: { updateStrategy: { type: 'OnDelete' } } }];
    case 'Service':
      return [{ spec: { selector: { app: 'edited' } } }, { spec: { ports: [{ name: 'edited', port: 9 }] } }];
    case 'ConfigMap':
      return [{ data: null }, { data: { mesh: 'edited', config: 'edited' } }];
    case 'ClusterRole':
    case 'Role':
      return [{ rules: null }];
    case 'ClusterRoleBinding':
    case 'RoleBinding':
      return [{ subjects: null }];
    case 'HorizontalPodAutoscaler':
      return [{ spec: { maxReplicas: 9 } }];
    case 'MutatingWebhookConfiguration':
    case 'ValidatingWebhookConfiguration':
      return [{ webhooks: null }];
    default:
      return [];
  }
}

function refOf({ apiVersion, kind, metadata }: KubernetesObject): ObjectRef {
  return { apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name };
}
