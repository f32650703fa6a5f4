import { expect, test } from '@jest/globals';
import { Metrics } from '../../../src/controller/index.ts';
import { aConfigMap, OUR_FINALIZER, operatorRef, type TestOperator, testOperator } from './test-operator.ts';

const SPEC = { objects: { Pilot: [aConfigMap('istio'), aConfigMap('istio-sidecar-injector')] }, revision: 'a' };

/** The lines of the gauge of owned objects. */
async function owned(metrics: Metrics): Promise<readonly string[]> {
  const lines = (await metrics.collect()).split('\n');
  return lines.filter((line) => line.startsWith('istio_install_operator_owned_resource_total{'));
}

const MESH = ['istio_install_operator_owned_resource_total{namespace="istio-system",name="mesh"} 2'];

const endings: Record<string, { usesFinalizer?: boolean; end: (operator: TestOperator) => Promise<unknown> }> = {
  'is deleted': { end: (operator) => operator.remove('mesh') },
  'is deleted by an operator that holds no resource': {
    usesFinalizer: false,
    end: (operator) => operator.remove('mesh'),
  },
  'waits for another one than an operator that holds no resource': {
    usesFinalizer: false,
    end: async ({ cluster, clock }) => {
      const finalizers = [OUR_FINALIZER, 'example.com/wait'];
      cluster.edit({ ...cluster.peek(operatorRef('mesh')), metadata: { ...operatorMetadata, finalizers } } as never);
      cluster.remove(operatorRef('mesh'));
      await clock.settle();
    },
  },
  'is handed back': {
    end: async (operator) => {
      await operator.apply('mesh', SPEC, { annotations: { 'install.istio.io/hand-back': 'true' } });
      await operator.remove('mesh');
    },
  },
  'changes to a revision of another operator': {
    end: (operator) => operator.apply('mesh', { ...SPEC, revision: 'b' }),
  },
  'is looked after by another operator': {
    end: async ({ cluster, clock }) => {
      const spec = { holderIdentity: 'somebody', leaseDurationSeconds: 15 };
      const metadata = { namespace: 'istio-system', name: 'theirs' };
      cluster.edit({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec } as never);
      cluster.setStatus(operatorRef('mesh'), { operator: 'istio-system/theirs' });
      cluster.remove({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'istio-system', name: 'istio' }); // wakes us
      await clock.settle();
    },
  },
};

const operatorMetadata = { name: 'mesh', namespace: 'istio-system' };

test.each(Object.entries(endings))('I6: what a CR owns is no longer counted when it %s', async (_name, ending) => {
  const metrics = new Metrics();
  const { usesFinalizer = true, end } = ending;
  await using operator = await testOperator({ metrics, usesFinalizer, revision: 'a', lock: 'istio-system/ours' });
  await operator.apply('mesh', SPEC);
  expect(await owned(metrics)).toEqual(MESH);
  await end(operator);
  expect(await owned(metrics)).toEqual([]);
});

test('I6: a process that has lost the lease no longer says what CRs own, nor how many wait', async () => {
  const metrics = new Metrics();
  metrics.recordLeader('lock', true);
  await using operator = await testOperator({ metrics, revision: 'a' });
  await operator.apply('mesh', SPEC);
  metrics.recordQueue({ type: 'depth', depth: 3 });
  metrics.recordLeader('lock', false);
  expect(await owned(metrics)).toEqual([]);
  expect(await metrics.collect()).toContain('\nworkqueue_depth 0\n');
});
