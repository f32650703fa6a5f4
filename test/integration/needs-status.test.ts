import { afterEach, expect, test } from '@jest/globals';
import { readStatus } from '../../src/api/index.ts';
import { type JsonObject, type Logger, silentLogger, valueAt } from '../../src/core/index.ts';
import { argoHealth, kstatus } from '../deploy/gitops-health.ts';
import { fakeClock } from '../support/fake-clock.ts';
import {
  anOperator,
  applyOperator,
  getOperator,
  startOperator,
  statusOf,
  until,
  untilStatus,
  useLab,
} from './operator-harness.ts';

const READINESS_MS = 5_000;
const inSystem = ['-n', 'istio-system'];

/** The fields of each line `reconciled`, whatever its level. */
const lines: JsonObject[] = [];
const log: Logger = {
  ...silentLogger,
  info: (fields, message) => note(fields, message),
  debug: (fields, message) => note(fields, message),
  child: () => log,
};
const note = (fields: object, message: string) => void (message === 'reconciled' && lines.push(fields as JsonObject));

const lab = await useLab();
let operator = await startOperator(lab, { readinessTimeoutMs: READINESS_MS, log });

afterEach(async () => {
  await lab.kubectl('delete', 'iop', '--all', ...inSystem, '--timeout=30s');
});

const gatewayOnly = (name: string, k8s: JsonObject = {}, spec: JsonObject = {}) =>
  anOperator(name, { profile: 'empty', ...spec, components: { ingressGateways: [{ name, enabled: true, k8s }] } });

const patched = (path: string, value: string) => ({
  overlays: [{ kind: 'Deployment', name: 'a1', patches: [{ path, value }] }],
});

const conditionOf = async (name: string, type: string) => {
  const conditions = statusOf(await getOperator(lab, name)).conditions;
  return Array.isArray(conditions) ? conditions.find((one) => valueAt(one, 'type') === type) : undefined;
};

/** How an attempt can end, and what status must then say. */
const endings: Record<string, { k8s?: JsonObject; spec?: JsonObject; refused?: boolean; word: string; says: RegExp }> =
  {
    success: { word: 'HEALTHY', says: /^$/ },
    'a bad value': { spec: { values: { global: { badKey: 1 } } }, word: 'ERROR', says: /spec\.values\.global\.badKey/ },
    'a bad overlay': {
      k8s: patched('spec.nowhere.[name:x].y', 'z'),
      word: 'ERROR',
      says: /overlays\[0\]\.patches\[0\]/,
    },
    'a 403': { refused: true, word: 'ERROR', says: /Service istio-system\/a1.*exceeded quota/ },
    'a 422': { k8s: patched('spec.selector.matchLabels.other', 'x'), word: 'ERROR', says: /Deployment .*selector/ },
    'a readiness timeout': {
      k8s: { nodeSelector: { disk: 'nowhere' } },
      word: 'ERROR',
      says: /is not ready: Deployment/,
    },
  };

test.each(Object.entries(endings))('A1: %s leaves RECONCILING soon, with the reason in status', async (_name, {
  k8s = {},
  spec = {},
  refused,
  word,
  says,
}) => {
  if (refused === true) await lab.kubectl('create', 'quota', 'none', '--hard=count/services=0', ...inSystem);
  const startedMs = performance.now();
  await applyOperator(lab, gatewayOnly('a1', k8s, spec));
  const ended = statusOf(await untilStatus(lab, 'a1', word));
  expect(performance.now() - startedMs).toBeLessThan(READINESS_MS + 10_000);
  expect(String(ended.message ?? '')).toMatch(says);
  if (refused === true) await lab.kubectl('delete', 'quota', 'none', ...inSystem);
});

test('A3: looked at every 50 ms through changes and a render failure, status is never empty', async () => {
  await applyOperator(lab, gatewayOnly('a3'));
  await untilStatus(lab, 'a3', 'HEALTHY');
  const samples: JsonObject[] = [];
  const stop = new AbortController();
  const sampling = (async () => {
    while (!stop.signal.aborted) {
      samples.push(statusOf(await getOperator(lab, 'a3')));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  for (const [spec, word] of [
    [gatewayOnly('a3', { podAnnotations: { round: '1' } }), 'HEALTHY'],
    [gatewayOnly('a3', {}, { profile: 'dmeo' }), 'ERROR'],
    [gatewayOnly('a3', { podAnnotations: { round: '2' } }), 'HEALTHY'],
  ] as const) {
    await applyOperator(lab, spec);
    await untilStatus(lab, 'a3', word);
  }
  stop.abort();
  await sampling;
  expect(samples.length).toBeGreaterThan(5);
  for (const sample of samples) {
    expect(sample).toMatchObject({ status: expect.stringMatching(/./), conditions: expect.anything() });
    expect(sample).toHaveProperty('componentStatus.IngressGateways');
    expect(sample.inventory).not.toEqual([]);
  }
});

test('A7: demo, then default, then demo: the component entries are those of the profile', async () => {
  const demo = ['AddonComponents', 'Base', 'EgressGateways', 'IngressGateways', 'Pilot'];
  for (const [profile, components] of [
    ['demo', demo],
    ['default', ['Base', 'IngressGateways', 'Pilot']],
    ['demo', demo],
  ] as const) {
    await applyOperator(lab, anOperator('a7', { profile }));
    const status = statusOf(await untilStatus(lab, 'a7', 'HEALTHY'));
    expect(Object.keys(valueAt(status, 'componentStatus') as object).sort()).toEqual(components);
  }
});

test('A10: each pass leaves one line in the log: what led to it, which fields, what it wrote', async () => {
  const [firstLine, firstPass] = [lines.length, operator.passes.length];
  await applyOperator(lab, gatewayOnly('a10'));
  await untilStatus(lab, 'a10', 'HEALTHY');
  await lab.kubectl('label', 'service/a10', 'app=edited', '--overwrite', ...inSystem);
  const repair = await until('the line about the repair', async () =>
    lines.find(({ trigger }) => JSON.stringify(trigger).includes('kubectl-label')),
  );
  expect(repair).toMatchObject({
    trigger: [expect.stringContaining('fields of Service istio-system/a10 by kubectl-label: metadata.labels.app')],
    result: 'converging',
    writes: { applied: 1, deleted: 0 },
  });
  await applyOperator(lab, gatewayOnly('a10', { podAnnotations: { round: '1' } }));
  await untilStatus(lab, 'a10', 'HEALTHY');
  const spec = 'spec of IstioOperator istio-system/a10: spec.components.ingressGateways';
  expect(JSON.stringify(lines)).toContain(spec);
  expect(JSON.stringify(lines)).toContain('created of IstioOperator istio-system/a10');
  const since = lines.slice(firstLine);
  expect(since.length).toBeGreaterThanOrEqual(operator.passes.length - firstPass);
  for (const line of since) expect(Object.keys(line).sort()).toEqual(['durationMs', 'result', 'trigger', 'writes']);
});

test('A10, J3: a CR that is skipped says so in a condition, and why', async () => {
  const paused = gatewayOnly('a10-paused');
  const annotations = { 'install.istio.io/ignoreReconcile': 'true' };
  await applyOperator(lab, { ...paused, metadata: { ...paused.metadata, annotations } });
  await applyOperator(lab, gatewayOnly('installed-state-a10'));
  for (const [name, reason, says] of [
    ['a10-paused', 'Paused', 'install.istio.io/ignoreReconcile'],
    ['installed-state-a10', 'InstalledState', 'istioctl'],
  ] as const) {
    const condition = await until(`the condition of ${name}`, () => conditionOf(name, 'Paused'));
    expect(condition).toMatchObject({ status: 'True', reason, message: expect.stringContaining(says) });
    expect(await conditionOf(name, 'Ready')).toMatchObject({ status: 'False', reason });
  }
  expect(await lab.kubectl('get', 'deployments', ...inSystem, '-o', 'name')).not.toContain('a10');
});

test('E2: without a filter one operator serves every revision', async () => {
  for (const revision of ['one', 'two']) await applyOperator(lab, gatewayOnly(`e2-${revision}`, {}, { revision }));
  for (const revision of ['one', 'two']) await untilStatus(lab, `e2-${revision}`, 'HEALTHY');
});

test('A6: kstatus and Argo CD see the CR as it is: new, healthy, changed, wrong, being deleted', async () => {
  const seen = async () => {
    const found = await getOperator(lab, 'a6');
    const { generation = 0, deletionTimestamp } = found?.metadata ?? {};
    const resource = { generation, deleting: deletionTimestamp !== undefined, status: readStatus(found?.status) };
    return [kstatus(resource), argoHealth(resource)];
  };
  await operator[Symbol.asyncDispose]();
  await applyOperator(lab, gatewayOnly('a6'));
  expect(await seen()).toEqual(['InProgress', 'Progressing']);
  operator = await startOperator(lab);
  await lab.kubectl('wait', '--for=condition=Ready', 'iop/a6', ...inSystem, '--timeout=30s');
  expect(await seen()).toEqual(['Current', 'Healthy']);
  await operator[Symbol.asyncDispose]();
  await applyOperator(lab, gatewayOnly('a6', {}, { profile: 'dmeo' }));
  expect(await seen()).toEqual(['InProgress', 'Healthy']); // Argo CD does not look at generations
  operator = await startOperator(lab);
  await untilStatus(lab, 'a6', 'ERROR');
  expect(await seen()).toEqual(['Failed', 'Degraded']);
  await operator[Symbol.asyncDispose]();
  await lab.kubectl('delete', 'iop', 'a6', ...inSystem, '--wait=false');
  expect(await seen()).toEqual(['Terminating', 'Progressing']);
  operator = await startOperator(lab);
});

test('A8: a status with the number 3 for HEALTHY is read, and written again as a word', async () => {
  await applyOperator(lab, gatewayOnly('a8'));
  const healthy = await untilStatus(lab, 'a8', 'HEALTHY');
  await operator[Symbol.asyncDispose]();
  const { apiVersion, kind } = healthy;
  const numbers = { status: 3, componentStatus: { IngressGateways: { status: 3 } } };
  const ref = { apiVersion, kind, namespace: 'istio-system', name: 'a8' };
  await lab.client.patch(ref, { status: numbers }, { fieldManager: 'classic', subresource: 'status' }, lab.scope);
  expect(statusOf(await getOperator(lab, 'a8'))).toMatchObject(numbers);
  operator = await startOperator(lab, { readinessTimeoutMs: READINESS_MS });
  const words = statusOf(await untilStatus(lab, 'a8', 'HEALTHY'));
  expect(words).toMatchObject({ componentStatus: { IngressGateways: { status: 'HEALTHY' } } });
});

test('A10, E2: an operator with a filter says on a CR of another revision that it does not look after it', async () => {
  await operator[Symbol.asyncDispose]();
  operator = await startOperator(lab, { revision: 'canary' });
  await applyOperator(lab, gatewayOnly('e2-canary', {}, { revision: 'canary' }));
  await applyOperator(lab, gatewayOnly('e2-stable', {}, { revision: 'stable' }));
  await untilStatus(lab, 'e2-canary', 'HEALTHY');
  const condition = await until('the condition', () => conditionOf('e2-stable', 'Ready'));
  expect(condition).toMatchObject({
    status: 'False',
    reason: 'OtherRevision',
    message: expect.stringContaining('canary'),
  });
  expect(await lab.kubectl('get', 'deployments', ...inSystem, '-o', 'name')).not.toContain('e2-stable');
  await operator[Symbol.asyncDispose]();
  operator = await startOperator(lab); // deletes what the filtered one would leave
});

test('D12: in ten minutes a CR that cannot be rendered is looked at at most three times, and a refused object sent four times', async () => {
  await operator[Symbol.asyncDispose]();
  const clock = fakeClock();
  operator = await startOperator(lab, { clock });
  await applyOperator(lab, gatewayOnly('d12-wrong', {}, { profile: 'dmeo' }));
  await applyOperator(lab, gatewayOnly('a1', patched('spec.selector.matchLabels.other', 'x')));
  for (const name of ['d12-wrong', 'a1']) await untilStatus(lab, name, 'ERROR');
  for (let elapsedMs = 0; elapsedMs < 600_000; elapsedMs += 10_000) {
    await clock.advance(10_000);
    await untilStatus(lab, 'a1', 'ERROR'); // gives the requests of a pass the time that they take on a real network
  }
  const passes = operator.passes.filter(({ key }) => key === 'istio-system/d12-wrong');
  expect(passes.length).toBeGreaterThan(0);
  expect(passes.length).toBeLessThanOrEqual(3);
  const refused = operator.requests.filter(({ resource, code }) => resource === 'deployments' && code === 422);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThanOrEqual(4); // once more at the beginning, when what is beside it shows in the watches
});
