import { expect, test } from '@jest/globals';
import type { Render } from '../../../src/controller/index.ts';
import { valueAt } from '../../../src/core/index.ts';
import { aDeployment, labelled, refTo, rolledOut, type TestOperator, testOperator } from './test-operator.ts';

/** A control plane of the version that the CR notes, and a gateway that stays at its own. */
const render: Render = (resource) => {
  const version = String(valueAt(resource.spec as never, 'note'));
  const [istiod, gateway] = [aDeployment('istiod', version), aDeployment('gateway')];
  return {
    components: [
      { component: 'Pilot', objects: [labelled(istiod, 'Pilot', resource)] },
      {
        component: 'IngressGateways',
        objects: [labelled(gateway, 'IngressGateways', resource)],
        version: '1.29.0',
      },
    ],
    notices: [],
    revision: 'default',
    version,
  };
};

async function finishRollout(operator: TestOperator, name: string): Promise<void> {
  const ref = refTo(aDeployment(name));
  operator.cluster.setStatus(ref, rolledOut(1, operator.cluster.peek(ref)?.metadata.generation));
  await operator.clock.settle();
}

const entry = (operator: TestOperator, component: string) =>
  valueAt(operator.status('mesh'), 'componentStatus', component);

test('while a component is on its way the status says from which version to which', async () => {
  await using operator = await testOperator({ fake: { workloadsBecomeReady: false }, render });
  await operator.apply('mesh', { note: '1.30.2' });
  for (const name of ['istiod', 'gateway']) await finishRollout(operator, name);
  expect(entry(operator, 'Pilot')).toMatchObject({ status: 'HEALTHY', version: '1.30.2' });
  await operator.apply('mesh', { note: '1.30.3' });
  expect(entry(operator, 'Pilot')).toMatchObject({
    status: 'RECONCILING',
    version: '1.30.2',
    targetVersion: '1.30.3',
  });
  await finishRollout(operator, 'istiod');
  expect(entry(operator, 'Pilot')).toMatchObject({ status: 'HEALTHY', version: '1.30.3' });
  expect(entry(operator, 'Pilot')).not.toHaveProperty('targetVersion');
});

test('a component that has a version of its own shows that one', async () => {
  await using operator = await testOperator({ render });
  await operator.apply('mesh', { note: '1.30.3' });
  expect(entry(operator, 'IngressGateways')).toMatchObject({ version: '1.29.0' });
});
