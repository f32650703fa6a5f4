import type { Cluster, LiveObject, ObjectRef } from '../src/apply/index.ts';
import { type JsonObject, type Scope, silentLogger } from '../src/core/index.ts';
import { waitUntil } from '../test/cluster/wait-until.ts';
import type { RunningOperator } from './operator-process.ts';
import type { Row } from './report.ts';
import { isHealthy, until } from './watching.ts';

const RUNS = 5;
const MANY = 100;
const OPERATOR = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator' };
const SERVICE: ObjectRef = {
  apiVersion: 'v1',
  kind: 'Service',
  namespace: 'istio-system',
  name: 'istio-egressgateway',
};
const DEPLOYMENT: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'istio-system', name: 'istiod' };
/** A person: programs that edit the same field again and again are met with growing pauses. */
const USER = { fieldManager: 'kubectl-edit' };

/** What the old in-cluster operator needs; measured once on two cores and this kind of cluster. */
const OLD_OPERATOR = { appliedS: 0.85, changedHealthyS: 7.4, recreatedS: 0.82 };

/** Life after the installation: nothing changed, one setting changed, objects deleted and edited, many CRs. */
export async function measureOperation(
  client: Cluster,
  operator: RunningOperator,
  resource: { name: string; namespace: string },
  signal: AbortSignal,
): Promise<Row[]> {
  const bench = new Bench(client, { ...OPERATOR, ...resource }, signal);
  const old = (value: number) => ({ value, name: 'the old operator, recorded' });
  const changes = await repeat(RUNS, (run) => bench.changeSetting(run));
  const applied = changes.map(({ appliedMs }) => appliedMs);
  const healthy = changes.map(({ healthyMs }) => healthyMs);
  const deleted = await repeat(RUNS, () => bench.deleteService());
  const edited = await repeat(RUNS, (run) => bench.editService(run));
  const unchanged = await bench.reconcileUnchanged(operator);
  const many = await bench.installMany(MANY);
  const seconds = (what: string, valuesMs: readonly number[], aim: number, oldS?: number): Row => ({
    topic: 'operate',
    what,
    unit: 's',
    values: valuesMs.map((ms) => ms / 1_000),
    aim,
    ...(oldS === undefined ? {} : { reference: old(oldS) }),
  });
  return [
    seconds('one setting changed: applied', applied, 0.2, OLD_OPERATOR.appliedS),
    seconds('one setting changed: HEALTHY', healthy, 1.5, OLD_OPERATOR.changedHealthyS),
    seconds('owned object deleted: back', deleted, 0.3, OLD_OPERATOR.recreatedS),
    seconds('owned object edited: back', edited, 0.3),
    { topic: 'operate', what: 'nothing changed: writes and lists', unit: 'requests', values: [unchanged], aim: 0 },
    seconds(`${MANY} CRs with a gateway each: all HEALTHY`, [many], 30),
    { topic: 'memory', what: `with ${MANY} more CRs`, unit: 'MB', values: [await operator.residentMb()], aim: 180 },
  ];
}

/** The measurements, each from a HEALTHY installation to the next. */
class Bench {
  readonly #client: Cluster;
  readonly #resource: ObjectRef;
  readonly #scope: Scope;

  constructor(client: Cluster, resource: ObjectRef, signal: AbortSignal) {
    this.#client = client;
    this.#resource = resource;
    this.#scope = { signal, log: silentLogger };
  }

  /** From the edit of the CR to the changed Deployment, and to HEALTHY. */
  async changeSetting(run: number): Promise<{ appliedMs: number; healthyMs: number }> {
    const before = (await this.#client.get(DEPLOYMENT, this.#scope))?.metadata.generation ?? 0;
    const start = performance.now();
    const env = [{ name: 'BENCH', value: String(run) }];
    const changed = await this.#patch(this.#resource, { spec: { components: { pilot: { k8s: { env } } } } });
    const applied = this.#until(DEPLOYMENT, (object) => (object?.metadata.generation ?? 0) > before);
    const healthy = this.#until(
      this.#resource,
      (object) => object?.metadata.generation === changed.metadata.generation && isHealthy(object),
    );
    return { appliedMs: (await applied) - start, healthyMs: (await healthy) - start };
  }

  /** From the deletion of a Service to its return. */
  async deleteService(): Promise<number> {
    const before = (await this.#client.get(SERVICE, this.#scope))?.metadata.uid;
    const start = performance.now();
    await this.#client.delete(SERVICE, {}, this.#scope);
    return (await this.#until(SERVICE, (object) => object !== undefined && object.metadata.uid !== before)) - start;
  }

  /** From the edit of a field that we own to its restoration. */
  async editService(run: number): Promise<number> {
    const start = performance.now();
    const changed = await this.#patch(SERVICE, { metadata: { labels: { istio: `edited-${run}` } } });
    const restored = (object: LiveObject | undefined) =>
      object?.metadata.labels?.istio === 'egressgateway' &&
      object.metadata.resourceVersion !== changed.metadata.resourceVersion;
    return (await this.#until(SERVICE, restored)) - start;
  }

  /** Requests that change or list anything while passes find nothing to do. */
  async reconcileUnchanged(operator: RunningOperator): Promise<number> {
    const before = await operator.requests();
    // Three passes, because the first one counted may be the end of what was measured before.
    for (let run = 0; run < 3; run++) {
      const passes = await operator.passes();
      await this.#patch(this.#resource, {
        metadata: { annotations: { 'install.istio.io/confirm-prune': `nothing-${run}` } },
      });
      const isOver = async () => (await operator.passes()) > passes;
      await waitUntil('The operator did not look at the changed CR', isOver, 30_000, this.#scope.signal);
    }
    const after = await operator.requests();
    const made = (verb: string) => (after.get(verb) ?? 0) - (before.get(verb) ?? 0);
    return made('apply') + made('create') + made('patch') + made('delete') + made('list');
  }

  /** From creating many CRs, each with a gateway in a namespace of its own, until all are HEALTHY. */
  async installMany(count: number): Promise<number> {
    const names = Array.from({ length: count }, (_unused, index) => `gateway-${index}`);
    const start = performance.now();
    const healthy = until(
      this.#client,
      [OPERATOR, { namespace: this.#resource.namespace }],
      (all) => names.every((name) => isHealthy(all.get(`${this.#resource.namespace}/${name}`))),
      this.#scope.signal,
    );
    for (const name of names) {
      const gateway = { name, namespace: name, enabled: true };
      const spec = { profile: 'empty', components: { ingressGateways: [gateway] } };
      const metadata = { name, namespace: this.#resource.namespace };
      await this.#client.create({ ...OPERATOR, metadata, spec } as never, USER, this.#scope);
    }
    return (await healthy) - start;
  }

  async #patch(ref: ObjectRef, patch: JsonObject): Promise<LiveObject> {
    return await this.#client.patch(ref, patch, USER, this.#scope);
  }

  async #until(ref: ObjectRef, isDone: (object: LiveObject | undefined) => boolean): Promise<number> {
    const selection = { namespace: ref.namespace, fieldSelector: `metadata.name=${ref.name}` };
    return await until(
      this.#client,
      [ref, selection],
      (all) => isDone(all.get(`${ref.namespace}/${ref.name}`)),
      this.#scope.signal,
    );
  }
}

async function repeat<T>(count: number, work: (run: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let run = 0; run < count; run++) results.push(await work(run));
  return results;
}
