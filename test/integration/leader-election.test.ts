import { once } from 'node:events';
import process from 'node:process';
import { describe, expect, test } from '@jest/globals';
import type { Cluster, LiveObject } from '../../src/apply/index.ts';
import { renderResource } from '../../src/cli/input/render-resource.ts';
import { connect, type RequestReport } from '../../src/cluster/index.ts';
import { lockName, runAsLeader, runOperator } from '../../src/controller/index.ts';
import { isObject, type JsonObject, type Scope, silentLogger, systemClock, valueAt } from '../../src/core/index.ts';
import { anOperator, applyOperator, getOperator, statusOf, until, untilStatus, useLab } from './operator-harness.ts';
import { type OperatorProcess, startOperatorProcess } from './operator-process.ts';

const NAMESPACE = 'istio-operator';

const lab = await useLab();
await lab.kubectl('create', 'namespace', NAMESPACE);

async function leaseSpec(): Promise<JsonObject> {
  const ref = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: NAMESPACE, name: lockName(undefined) };
  const lease = await lab.client.get(ref, lab.scope);
  return isObject(lease?.spec) ? lease.spec : {};
}

const holder = async () => String((await leaseSpec()).holderIdentity ?? '');

const untilHolder = async (name: string, timeoutMs = 30_000) =>
  await until(`${name} to hold the lease`, async () => (await holder()).startsWith(`${name}_`), holder, timeoutMs);

async function startProcess(name: string, namespace = NAMESPACE): Promise<OperatorProcess> {
  const flags = ['--kubeconfig', lab.cluster.kubeconfigPath, '--watch-namespace', '', '--monitoring-port', '0'];
  return await startOperatorProcess(['operator', 'run', ...flags], { POD_NAME: name, POD_NAMESPACE: namespace });
}

const isReady = async ({ get }: OperatorProcess) => (await get('/readyz')).status === 200;

/** Requests of a process that change something, the lease aside: those are the only PUTs. */
async function writesOf({ get }: OperatorProcess): Promise<number> {
  const { body } = await get('/metrics');
  const lines = body.matchAll(/^rest_client_requests_total\{verb="(?:apply|patch|create|delete)"[^}]*\} (\d+)$/gm);
  return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
}

describe('two processes', () => {
  test('E5: one of them works, both are ready, and the other one takes over when the first is told to end', async () => {
    await using first = await startProcess('first');
    await untilHolder('first');
    await using second = await startProcess('second');
    await until('both to be ready', async () => (await isReady(first)) && (await isReady(second)));
    await applyOperator(lab, anOperator('mesh', { profile: 'minimal' }));
    await untilStatus(lab, 'mesh', 'HEALTHY');
    expect(await writesOf(second)).toBe(0);
    const status = 'leader_election_master_status{name="istio-operator-lock"}';
    expect((await first.get('/metrics')).body).toContain(`${status} 1`);
    expect((await second.get('/metrics')).body).toContain(`${status} 0`);
    expect(second.has('another operator leads')).toBe(true);
    expect(await leaseSpec()).toMatchObject({
      leaseDurationSeconds: 15,
      renewTime: expect.stringMatching(/\.\d{6}Z$/),
    });

    const exited = once(first.child, 'exit');
    const toldMs = performance.now();
    first.child.kill('SIGTERM');
    await untilHolder('second');
    const handedOverMs = performance.now() - toldMs;
    expect(handedOverMs).toBeLessThan(2_000);
    await exited;
    await lab.kubectl('delete', 'deployment', 'istiod', '-n', 'istio-system');
    await until('istiod to be back', async () =>
      (await lab.kubectl('get', 'deployment', '-n', 'istio-system', '-o', 'name')).includes('istiod'),
    );
    process.stderr.write(`handed over after ${Math.round(handedOverMs)} ms\n`);
  });

  test('E5: two operators with locks of their own do not duel: the second leaves the resource to the first while that lives', async () => {
    await lab.kubectl('create', 'namespace', 'elsewhere');
    await using first = await startProcess('here');
    await untilHolder('here');
    await untilStatus(lab, 'mesh', 'HEALTHY');
    const claimedBy = async () => valueAt(statusOf(await getOperator(lab, 'mesh')), 'operator');
    await until('the claim', async () => (await claimedBy()) === `${NAMESPACE}/${lockName(undefined)}`);
    await using second = await startProcess('there', 'elsewhere');
    await until('the second to see whose it is', async () => second.has('another operator looks after the resource'));
    await lab.kubectl('delete', 'service', 'istiod', '-n', 'istio-system');
    await until('the Service to be back', async () =>
      (await lab.kubectl('get', 'service', '-n', 'istio-system', '-o', 'name')).includes('istiod'),
    );
    const eventsOnly = await writesOf(second);
    expect(second.log.filter((line) => line.includes('"action":'))).toEqual([
      expect.stringContaining('"action":"acquired"'),
    ]);
    first.child.kill('SIGTERM');
    await until('the second to take over', async () => (await claimedBy()) === `elsewhere/${lockName(undefined)}`);
    expect(await writesOf(second)).toBeGreaterThan(eventsOnly);
  });

  test('E5: a leader that stands still is replaced within 20 s, and writes nothing when it goes on', async () => {
    await using first = await startProcess('paused');
    await untilHolder('paused');
    await using second = await startProcess('heir');
    await until('both to be ready', async () => (await isReady(first)) && (await isReady(second)));
    await untilStatus(lab, 'mesh', 'HEALTHY');
    const before = await writesOf(first);
    first.child.kill('SIGSTOP');
    const stoppedMs = performance.now();
    await untilHolder('heir', 20_000);
    process.stderr.write(`taken over after ${Math.round(performance.now() - stoppedMs)} ms\n`);
    await lab.kubectl('delete', 'service', 'istiod', '-n', 'istio-system');
    first.child.kill('SIGCONT');
    await until('the first to notice', async () => first.has('no longer leading'));
    await until('the Service to be back', async () =>
      (await lab.kubectl('get', 'service', '-n', 'istio-system', '-o', 'name')).includes('istiod'),
    );
    expect(await writesOf(first)).toBe(before);
    expect(await holder()).toMatch(/^heir_/);
    expect(await isReady(first)).toBe(true);
  });
});

/** An operator of this process whose requests can be made to hang; its lease is short. */
function startCandidate(name: string) {
  const stop = new AbortController();
  const scope: Scope = { signal: stop.signal, log: silentLogger };
  const requests: RequestReport[] = [];
  let isBlocked = false;
  let isOver = false;
  const running = (async () => {
    const onRequest = (report: RequestReport) => void requests.push(report);
    using client = await connect(
      { kubeconfigPath: lab.cluster.kubeconfigPath },
      { clock: systemClock, onRequest },
      scope,
    );
    const cluster = blockable(client, () => isBlocked);
    const lock = { namespace: NAMESPACE, name: lockName(undefined), identity: `${name}_1`, renewDeadlineMs: 4_000 };
    const operate = (onto: Cluster, inner: Scope) =>
      runOperator(
        { watchNamespaces: [], lock: `${NAMESPACE}/${lockName(undefined)}` },
        { cluster: onto, clock: systemClock, render: renderResource },
        inner,
      );
    await runAsLeader(lock, { cluster, clock: systemClock }, operate, scope);
    isOver = true;
  })();
  return {
    writes: () => requests.filter(({ verb }) => ['apply', 'patch', 'create', 'delete'].includes(verb)).length,
    isOver: () => isOver,
    block: (on: boolean) => {
      isBlocked = on;
    },
    async [Symbol.asyncDispose]() {
      isBlocked = false;
      stop.abort();
      await running;
    },
  };
}

/** The same cluster; while it is blocked, no call but watches that run already gets anywhere. */
function blockable(cluster: Cluster, isBlocked: () => boolean): Cluster {
  return new Proxy(cluster, {
    get(target, property) {
      const method = Reflect.get(target, property) as (...args: unknown[]) => Promise<unknown>;
      return async (...args: unknown[]) => {
        const { signal } = args.at(-1) as Scope;
        if (isBlocked())
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        return await method.apply(target, args);
      };
    },
  });
}

const edited = async (name: string) => {
  await lab.kubectl('label', 'service', 'istiod', '-n', 'istio-system', 'app=edited', '--overwrite');
  await until(`${name} to undo the edit`, async () => {
    const ref = { apiVersion: 'v1', kind: 'Service', namespace: 'istio-system', name: 'istiod' };
    const service: LiveObject | undefined = await lab.client.get(ref, lab.scope);
    return service?.metadata.labels?.app === 'istiod';
  });
};

describe('two operators in one process', () => {
  test('one whose requests get nowhere stops by itself; afterwards it follows', async () => {
    await using first = startCandidate('blocked');
    await untilHolder('blocked');
    await using second = startCandidate('free');
    await untilStatus(lab, 'mesh', 'HEALTHY');
    first.block(true);
    const before = first.writes();
    await untilHolder('free', 10_000);
    await edited('the second');
    first.block(false);
    await edited('the second');
    expect(first.writes()).toBe(before);
    expect(second.writes()).toBeGreaterThan(0);
    expect(first.isOver()).toBe(false);
  });

  test('I2: without an API server for longer than its deadline an operator does not end, and leads again afterwards', async () => {
    await using only = startCandidate('only');
    await untilHolder('only');
    await edited('it');
    await until('the repair to be answered', async () => only.writes() > 0); // else it would be tried again
    await lab.cluster.kill('kube-apiserver');
    const before = only.writes();
    await new Promise((resolve) => setTimeout(resolve, 6_000)); // its deadline is 4 s
    expect(only.isOver()).toBe(false);
    expect(only.writes()).toBe(before);
    await lab.cluster.restart('kube-apiserver');
    const backMs = performance.now();
    await edited('it');
    expect(performance.now() - backMs).toBeLessThan(20_000);
  });
});
