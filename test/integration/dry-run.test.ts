import { expect, test } from '@jest/globals';
import { isObject, type JsonObject, valueAt } from '../../src/core/index.ts';
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

const lab = await useLab();
await startOperator(lab);

const inSystem = ['-n', 'istio-system'];
const DRY_RUN = 'install.istio.io/dry-run';

/** A control plane whose istiod asks for so much CPU. */
function minimal(cpu: string) {
  return anOperator('mesh', {
    profile: 'minimal',
    components: { pilot: { k8s: { resources: { requests: { cpu, memory: '2Gi' } } } } },
  });
}

/** Kind, name and version of everything that the operator installs. */
async function versions(): Promise<readonly string[]> {
  const kinds =
    'deployment,service,serviceaccount,configmap,role,rolebinding,clusterrole,clusterrolebinding,poddisruptionbudget,' +
    'horizontalpodautoscaler,networkpolicy,mutatingwebhookconfiguration,validatingwebhookconfiguration,crd';
  const columns = 'custom-columns=K:.kind,N:.metadata.name,V:.metadata.resourceVersion';
  const label = 'operator.istio.io/component';
  const listed = await lab.kubectl('get', kinds, ...inSystem, '-l', label, '-o', columns, '--no-headers');
  return listed.trim().split('\n').sort();
}

/** The plan of the CR's current generation, as soon as it is of this kind. */
async function planned(name: string, reason: string): Promise<JsonObject> {
  return await until(
    `${name} to have a plan with ${reason}`,
    async () => {
      const resource = await getOperator(lab, name);
      const { conditions, plan } = statusOf(resource);
      const found = Array.isArray(conditions) ? conditions.filter(isObject) : [];
      const condition = found.find(({ type }) => type === 'Planned');
      const isCurrent = condition?.observedGeneration === resource?.metadata.generation;
      return isCurrent && condition?.reason === reason && isObject(plan) ? { ...plan, condition } : undefined;
    },
    async () => JSON.stringify((await getOperator(lab, name))?.status),
  );
}

test('G7: a dry run shows exactly the field that would change, and no object gets another version', async () => {
  await applyOperator(lab, minimal('100m'));
  await untilStatus(lab, 'mesh', 'HEALTHY');
  await lab.kubectl('annotate', 'iop/mesh', `${DRY_RUN}=true`, ...inSystem);
  expect(await planned('mesh', 'NothingToDo')).toMatchObject({ create: 0, change: 0, delete: 0, blocked: 0 });
  const before = await versions();
  expect(before.length).toBeGreaterThan(30);

  await applyOperator(lab, minimal('200m'));
  const path = 'spec.template.spec.containers[name=discovery].resources.requests.cpu';
  const { condition, ...plan } = await planned('mesh', 'ChangesPlanned');
  expect(plan).toMatchObject({ create: 0, change: 1, delete: 0, blocked: 0 });
  expect(plan.objects).toMatchObject([
    { action: 'change', kind: 'Deployment', name: 'istiod', fields: [{ path, before: '100m', after: '200m' }] },
  ]);
  expect(valueAt(condition, 'message')).toContain(`${path} from 100m to 200m`);
  expect(await versions()).toEqual(before);
  expect(statusOf(await getOperator(lab, 'mesh'))).toMatchObject({ status: 'HEALTHY' });
  const described = await lab.kubectl('describe', 'iop/mesh', ...inSystem);
  expect(described).toContain(path);
  expect(described).toContain('To let the operator work, remove the annotation');
  await lab.kubectl('wait', 'iop/mesh', ...inSystem, '--for=condition=Planned', '--timeout=5s');

  await lab.kubectl('annotate', 'iop/mesh', `${DRY_RUN}-`, ...inSystem);
  const done = await untilStatus(lab, 'mesh', 'HEALTHY');
  expect(statusOf(done).plan).toBeUndefined();
  const cpu = await lab.kubectl(
    ...['get', 'deployment/istiod', ...inSystem, '-o', 'jsonpath={..containers[0].resources.requests.cpu}'],
  );
  expect(cpu).toBe('200m');
});

test('G7: an edit of an installed object shows in the plan of a dry run, and stays', async () => {
  await lab.kubectl('annotate', 'iop/mesh', `${DRY_RUN}=true`, ...inSystem);
  await planned('mesh', 'NothingToDo');
  await lab.kubectl('set', 'image', 'deployment/istiod', 'discovery=example.com/mine:1', ...inSystem);
  const plan = await planned('mesh', 'ChangesPlanned');
  const path = 'spec.template.spec.containers[name=discovery].image';
  expect(plan.objects).toMatchObject([{ name: 'istiod', fields: [{ path, before: 'example.com/mine:1' }] }]);
  await lab.kubectl('annotate', 'iop/mesh', `${DRY_RUN}-`, ...inSystem);
  await until('the edit to be undone', async () => {
    const image = await lab.kubectl('get', 'deployment/istiod', ...inSystem, '-o', 'jsonpath={..containers[0].image}');
    return !image.includes('mine');
  });
});

test('G7: a new resource in a dry run gets a plan and no finalizer', async () => {
  const gateway = anOperator('edge', {
    profile: 'empty',
    components: { ingressGateways: [{ name: 'edge', enabled: true }] },
  });
  await applyOperator(lab, {
    ...gateway,
    metadata: { ...gateway.metadata, annotations: { [DRY_RUN]: 'true' } },
  });
  const plan = await planned('edge', 'ChangesPlanned');
  expect(plan.create).toBeGreaterThan(4);
  expect(plan).toMatchObject({ change: 0, delete: 0 });
  const resource = await getOperator(lab, 'edge');
  expect(resource?.metadata.finalizers).toBeUndefined();
  expect(statusOf(resource).inventory).toBeUndefined();
  await expect(lab.kubectl('get', 'deployment/edge', ...inSystem)).rejects.toThrow(/not found/);
  await lab.kubectl('delete', 'iop', 'edge', ...inSystem, '--timeout=30s');
});
