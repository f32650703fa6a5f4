import { expect, test } from '@jest/globals';
import type { KubernetesObject } from '../../../src/core/index.ts';
import {
  aConfigMap,
  aDefinition,
  aDeployment,
  anObject,
  fieldOf,
  operatorRef,
  refTo,
  type TestOperator,
  testOperator,
} from './test-operator.ts';

const reader = anObject('v1', 'ServiceAccount', 'istio-reader');
const definition = aDefinition('gateways', 'Gateway');

/** A revision of its own next to what every revision installs the same. */
function revision(name: string) {
  return {
    objects: { Base: [definition, reader], Pilot: [aConfigMap(`istio-${name}`), aDeployment(`istiod-${name}`)] },
    revision: name,
  };
}

const ownerOf = (operator: TestOperator, object: KubernetesObject) =>
  operator.cluster.peek(refTo(object))?.metadata.labels?.['install.operator.istio.io/owning-resource'];

test('E1: CRs for base, control plane and gateways come together in any order', async () => {
  const parts = {
    base: { Base: [definition] },
    plane: { Pilot: [aConfigMap('istio'), aDeployment('istiod')] },
    gateways: { IngressGateways: [aDeployment('gateway')] },
  };
  const orders = [
    ['base', 'plane', 'gateways'],
    ['gateways', 'plane', 'base'],
    ['plane', 'base', 'gateways'],
  ] as const;
  for (const order of orders) {
    await using operator = await testOperator();
    for (const name of order) await operator.apply(name, { objects: parts[name] });
    for (const name of order) expect(operator.status(name).status).toBe('HEALTHY');
  }
});

test('E3: a canary leaves the objects of the old revision as they are, to the version', async () => {
  await using operator = await testOperator();
  await operator.apply('old', revision('old'));
  const versions = () =>
    ['ConfigMap/istio-old', 'Deployment/istiod-old', 'ServiceAccount/istio-reader'].map((each) => {
      const [kind, name] = each.split('/');
      return operator.cluster.peekAll(kind ?? '').find(({ metadata }) => metadata.name === name)?.metadata
        .resourceVersion;
    });
  const before = versions();
  await operator.apply('new', revision('new'));
  expect(operator.status('new').status).toBe('HEALTHY');
  expect(versions()).toEqual(before);
});

test('shared objects stay as long as somebody holds them, and go with the last one', async () => {
  await using operator = await testOperator();
  await operator.apply('old', revision('old'));
  await operator.apply('new', revision('new'));
  const before = operator.cluster.peek(refTo(reader))?.metadata.uid;
  await operator.remove('old');
  expect(operator.resource('old')).toBeUndefined();
  expect(operator.cluster.peek(refTo(reader))?.metadata.uid).toBe(before);
  expect(ownerOf(operator, reader)).toBe('new'); // who is left looks after it now
  operator.cluster.remove(refTo(reader));
  await operator.clock.settle();
  expect(operator.cluster.peek(refTo(reader))).toBeDefined();
  await operator.remove('new');
  expect(operator.cluster.peek(refTo(reader))).toBeUndefined();
  expect(operator.cluster.peek(refTo(definition))).toBeDefined();
});

test.each([
  ['are deleted', undefined],
  [
    'no longer ask for it',
    (name: string) => ({ ...revision(name), objects: { Pilot: [aConfigMap(`istio-${name}`)] } }),
  ],
])('a shared object goes when all that hold it %s in the same moment', async (_what, without) => {
  await using operator = await testOperator();
  for (const name of ['old', 'new']) await operator.apply(name, revision(name));
  for (const name of ['old', 'new']) {
    if (without === undefined) operator.cluster.remove(operatorRef(name));
    else operator.cluster.edit({ ...operator.resource(name), spec: without(name) } as never, 'user');
  }
  await operator.clock.settle();
  await operator.clock.advance(60_000);
  expect(operator.cluster.peek(refTo(reader))).toBeUndefined();
  expect(operator.cluster.peekAll('Deployment')).toEqual([]);
});

test('two CRs that share an object never flap over it', async () => {
  await using operator = await testOperator();
  await operator.apply('old', revision('old'));
  await operator.apply('new', revision('new'));
  operator.cluster.clearRequests();
  for (let round = 0; round < 10; round++) {
    await operator.apply('old', { ...revision('old'), note: String(round) });
    await operator.apply('new', { ...revision('new'), note: String(round) });
    await operator.clock.advance(60_000);
  }
  expect(operator.sent).toEqual([]);
});

test('a shared object that somebody else edits is repaired once, by its owner', async () => {
  await using operator = await testOperator();
  const shared = aConfigMap('shared');
  await operator.apply('one', { objects: { Base: [shared] } });
  await operator.apply('two', { objects: { Base: [shared] } });
  operator.cluster.clearRequests();
  const live = operator.cluster.peek(refTo(shared));
  await operator.edit({ ...live, data: { mesh: 'edited' } } as never);
  expect(fieldOf(operator.cluster.peek(refTo(shared)), 'data')).toEqual({ mesh: 'a' });
  expect(operator.sent).toEqual(['apply ConfigMap shared']);
});

test.each([
  ['first', 'second'],
  ['second', 'first'],
])('E4: when %s came first, the other one gets a Conflict that names it, and writes nothing', async (first, second) => {
  await using operator = await testOperator();
  const gateway = (image: string) => ({ IngressGateways: [aDeployment('istio-ingressgateway', image)] });
  await operator.apply(first, { objects: gateway('a') });
  operator.cluster.clearRequests();
  await operator.apply(second, { objects: gateway('b') });
  expect(operator.sent).toEqual([]);
  expect(operator.status(first).status).toBe('HEALTHY');
  expect(operator.status(second).status).toBe('ERROR');
  expect(operator.status(second).message).toContain(`The IstioOperator istio-system/${first} installs Deployment`);
  expect(operator.condition(second, 'Ready')).toMatchObject({ reason: 'Conflict' });

  await operator.remove(second);
  expect(operator.resource(second)).toBeUndefined();
  expect(operator.cluster.peek(refTo(aDeployment('istio-ingressgateway')))).toBeDefined();
});

test('E4: when the first one lets the object go, the other one takes it without being touched', async () => {
  await using operator = await testOperator();
  const gateway = (image: string) => ({ IngressGateways: [aDeployment('gateway', image)] });
  await operator.apply('first', { objects: gateway('a') });
  await operator.apply('second', { objects: gateway('b') });
  await operator.apply('first', { objects: { Pilot: [aConfigMap('istio')] } });
  await operator.clock.advance(60_000);
  expect(operator.status('first').status).toBe('HEALTHY');
  expect(operator.status('second').status).toBe('HEALTHY');
  expect(ownerOf(operator, aDeployment('gateway'))).toBe('second');
});

test('E4: a conflict is found again after a restart, whichever CR is listed first', async () => {
  const before = await testOperator();
  const gateway = (image: string) => ({ IngressGateways: [aDeployment('gateway', image)] });
  await before.apply('b-first', { objects: gateway('a') });
  await before.apply('a-second', { objects: gateway('b') });
  await before[Symbol.asyncDispose]();
  const { cluster, clock } = before;
  cluster.clearRequests();
  await using operator = await testOperator({ on: { cluster, clock } });
  await clock.advance(60_000);
  expect(operator.sent).toEqual([]);
  expect(operator.status('b-first').status).toBe('HEALTHY');
  expect(operator.condition('a-second', 'Ready')).toMatchObject({ reason: 'Conflict' });
});

test('a CR that can no longer be rendered keeps its hold on what it shares', async () => {
  await using operator = await testOperator();
  await operator.apply('one', { objects: { Base: [reader] } });
  await operator.apply('two', { objects: { Base: [reader] } });
  await operator.apply('one', { fails: 'InvalidValue' });
  const before = operator.cluster.peek(refTo(reader))?.metadata.uid;
  await operator.remove('two');
  expect(operator.cluster.peek(refTo(reader))?.metadata.uid).toBe(before);
});

/** A revision whose reader account, which all revisions share, pulls images with a secret. */
const withSecret = (name: string, secret: string) => ({
  objects: {
    Base: [{ ...reader, imagePullSecrets: [{ name: secret }] }],
    Pilot: [aConfigMap(`istio-${name}`), aDeployment(`istiod-${name}`)],
  },
  revision: name,
});
const secretOf = (operator: TestOperator) => fieldOf(operator.cluster.peek(refTo(reader)), 'imagePullSecrets');

test('a shared object changes once all that hold it ask for the same change', async () => {
  await using operator = await testOperator();
  const names = ['one', 'two', 'three'];
  for (const name of names) await operator.apply(name, withSecret(name, 'a'));
  await operator.apply('one', withSecret('one', 'b'));
  await operator.apply('two', withSecret('two', 'b'));
  expect(names.map((name) => operator.status(name).status)).toEqual(['ERROR', 'ERROR', 'HEALTHY']);
  await operator.clock.advance(60_000);
  expect(operator.status('one').message).toContain(
    'istio-system/three installs ServiceAccount istio-system/istio-reader with other content',
  );
  expect(secretOf(operator)).toEqual([{ name: 'a' }]);
  await operator.apply('three', withSecret('three', 'b'));
  expect(names.map((name) => operator.status(name).status)).toEqual(['HEALTHY', 'HEALTHY', 'HEALTHY']);
  expect(secretOf(operator)).toEqual([{ name: 'b' }]);
  operator.cluster.clearRequests();
  await operator.clock.advance(3_600_000);
  expect(operator.sent).toEqual([]);
});

test('a CR that is paused keeps what it shares as it is', async () => {
  await using operator = await testOperator();
  for (const name of ['old', 'new']) await operator.apply(name, withSecret(name, 'a'));
  const paused = { annotations: { 'install.istio.io/ignoreReconcile': 'true' } };
  await operator.apply('old', withSecret('old', 'b'), paused);
  await operator.apply('new', withSecret('new', 'b'));
  expect(operator.condition('new', 'Ready')).toMatchObject({ reason: 'Conflict' });
  expect(secretOf(operator)).toEqual([{ name: 'a' }]);
  await operator.apply('old', withSecret('old', 'b'));
  expect(operator.status('new').status).toBe('HEALTHY');
  expect(secretOf(operator)).toEqual([{ name: 'b' }]);
});

test('a new operator that renders a shared object differently is in nobody’s way', async () => {
  await using before = await testOperator();
  for (const name of ['old', 'new']) await before.apply(name, withSecret(name, 'a'));
  await before[Symbol.asyncDispose]();
  for (const name of ['old', 'new'])
    before.cluster.edit({ ...before.resource(name), spec: withSecret(name, 'b') } as never, 'user');
  await using after = await testOperator({ on: before });
  await after.clock.advance(60_000);
  const words = after.passes.map(({ report }) => report.kind);
  expect(new Set(words)).toEqual(new Set(['converging']));
  expect(secretOf(after)).toEqual([{ name: 'b' }]);
});

test('what is installed is still repaired when its CR gets into the way of another one', async () => {
  await using operator = await testOperator();
  for (const name of ['old', 'new']) await operator.apply(name, withSecret(name, 'a'));
  await operator.apply('new', withSecret('new', 'b'));
  expect(operator.condition('new', 'Ready')).toMatchObject({ status: 'False', reason: 'Conflict' });
  operator.cluster.remove(refTo(aDeployment('istiod-new')));
  await operator.clock.settle();
  expect(operator.cluster.peek(refTo(aDeployment('istiod-new')))).toBeDefined();
  expect(operator.condition('new', 'Ready')).toMatchObject({ status: 'False', reason: 'Conflict' });
  expect(fieldOf(operator.status('new') as never, 'componentStatus')).toMatchObject({ Pilot: { status: 'HEALTHY' } });
});
