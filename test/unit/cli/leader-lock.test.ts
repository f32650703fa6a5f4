import { expect, test } from '@jest/globals';
import { leaderLock } from '../../../src/cli/live/leader-lock.ts';

const IN_CLUSTER = { contextName: undefined, namespace: 'from-token' };
const WORKSTATION = { contextName: 'kind', namespace: 'default' };
const FLAGS = { renewDeadline: '10s' };

test('on a workstation nobody is waited for, unless a namespace is named', () => {
  expect(leaderLock(FLAGS, WORKSTATION, { env: {} })).toBeUndefined();
  const named = leaderLock({ ...FLAGS, leaderElectionNamespace: 'ops' }, WORKSTATION, { env: {} });
  expect(named).toMatchObject({ namespace: 'ops', name: 'istio-operator-lock', renewDeadlineMs: 10_000 });
});

test.each([
  ['the flag', { leaderElectionNamespace: 'ops' }, { POD_NAMESPACE: 'pod' }, 'ops'],
  ['the pod’s namespace', {}, { POD_NAMESPACE: 'pod' }, 'pod'],
  ['the namespace of the account', {}, {}, 'from-token'],
])('in a cluster the lock is in the namespace of %s', (_name, flags, env, namespace) => {
  expect(leaderLock({ ...FLAGS, ...flags }, IN_CLUSTER, { env })).toMatchObject({ namespace });
});

test('an empty namespace switches the election off', () => {
  expect(leaderLock({ ...FLAGS, leaderElectionNamespace: '' }, IN_CLUSTER, { env: {} })).toBeUndefined();
});

test('the identity begins with the pod’s name and is another one for each process', () => {
  const lock = () => leaderLock(FLAGS, IN_CLUSTER, { env: { POD_NAME: 'istio-operator-x' } })?.identity ?? '';
  expect(lock()).toMatch(/^istio-operator-x_[0-9a-f-]{36}$/);
  expect(lock()).not.toBe(lock());
});

test('a revision has a lock of its own', () => {
  const lock = leaderLock({ ...FLAGS, revision: 'canary' }, IN_CLUSTER, { env: {} });
  expect(lock?.name).toBe('istio-operator-lock-canary');
});

test.each(['2s', '0s', 'soon'])('a renew deadline of %s is refused', (renewDeadline) => {
  expect(() => leaderLock({ renewDeadline }, IN_CLUSTER, { env: {} })).toThrow(/--renew-deadline/);
});
