import { describe, expect, test } from '@jest/globals';
import type { LiveObject } from '../../../src/apply/index.ts';
import { diagnoseRollout, rolloutReason } from '../../../src/apply/rollout-reason.ts';
import type { JsonObject } from '../../../src/core/index.ts';

function aWorkload(over: JsonObject = {}): LiveObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'istiod', namespace: 'istio-system', uid: 'workload', resourceVersion: '1' },
    spec: { replicas: 1 },
    ...over,
  };
}

function aPod(status: JsonObject, metadata: Partial<LiveObject['metadata']> = {}): LiveObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'istiod-1', namespace: 'istio-system', uid: 'pod', resourceVersion: '1', ...metadata },
    status,
  };
}

const withContainer = (container: JsonObject, metadata: Partial<LiveObject['metadata']> = {}) =>
  aPod({ phase: 'Pending', containerStatuses: [{ name: 'discovery', ready: false, ...container }] }, metadata);

const waiting = (reason: string, message?: string, rest: JsonObject = {}) =>
  withContainer({ state: { waiting: { reason, message } }, ...rest });

function anEvent(uid: string, message: string, lastTimestamp = '2026-01-01T00:00:00Z'): LiveObject {
  return { apiVersion: 'v1', kind: 'Event', involvedObject: { uid }, message, lastTimestamp } as unknown as LiveObject;
}

const READY = aPod({
  phase: 'Running',
  containerStatuses: [{ name: 'discovery', ready: true, state: { running: {} } }],
});

const cases: Record<string, { pods: LiveObject[]; workload?: LiveObject; events?: LiveObject[]; want?: string }> = {
  'ready pods give no reason': { pods: [READY] },
  'an image that does not exist, with the answer of the registry': {
    pods: [
      waiting('ErrImagePull', 'rpc error: code = NotFound desc = docker.io/istio/pilot:9: not found', {
        image: 'istio/pilot:9',
      }),
    ],
    want: 'the image istio/pilot:9 cannot be pulled: rpc error: code = NotFound desc = docker.io/istio/pilot:9: not found',
  },
  'the same between two attempts reads the same': {
    pods: [
      waiting('ImagePullBackOff', 'Back-off pulling image "istio/pilot:9": ErrImagePull: rpc error: not found', {
        image: 'istio/pilot:9',
      }),
    ],
    want: 'the image istio/pilot:9 cannot be pulled: rpc error: not found',
  },
  'between two attempts on an older cluster': {
    pods: [waiting('ImagePullBackOff', 'Back-off pulling image "istio/pilot:9"', { image: 'istio/pilot:9' })],
    want: 'the image istio/pilot:9 cannot be pulled',
  },
  'a crash, with exit code and last words': {
    pods: [
      waiting('CrashLoopBackOff', 'back-off 5m0s restarting failed container', {
        restartCount: 7,
        lastState: { terminated: { exitCode: 255, reason: 'Error', message: 'no such\n flag:  --x\n' } },
      }),
    ],
    want: 'container discovery crashes with exit code 255: no such flag: --x',
  },
  'a crash of which nothing more is known': {
    pods: [waiting('CrashLoopBackOff', 'back-off restarting failed container')],
    want: 'container discovery crashes: back-off restarting failed container',
  },
  'a crash reads the same while the container runs again': {
    pods: [
      withContainer({
        state: { running: {} },
        lastState: { terminated: { exitCode: 255, message: 'no such flag: --x' } },
      }),
    ],
    want: 'container discovery crashes with exit code 255: no such flag: --x',
  },
  'too little memory': {
    pods: [waiting('CrashLoopBackOff', 'x', { lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } } })],
    want: 'container discovery crashes: it needs more memory than its limit allows (OOMKilled)',
  },
  'an init container that crashes': {
    pods: [
      aPod({
        phase: 'Pending',
        initContainerStatuses: [
          { name: 'istio-validation', ready: false, state: { terminated: { exitCode: 126, message: 'iptables' } } },
        ],
        containerStatuses: [{ name: 'istio-proxy', ready: false, state: { waiting: { reason: 'PodInitializing' } } }],
      }),
    ],
    want: 'container istio-validation crashes with exit code 126: iptables',
  },
  'an init container that is done is no crash': {
    pods: [
      aPod({
        phase: 'Running',
        initContainerStatuses: [{ name: 'init', ready: false, state: { terminated: { exitCode: 0 } } }],
        containerStatuses: [{ name: 'discovery', ready: true, state: { running: {} } }],
      }),
    ],
  },
  'a missing ConfigMap of an environment variable': {
    pods: [waiting('CreateContainerConfigError', 'configmap "istio" not found')],
    want: 'container discovery cannot start: configmap "istio" not found',
  },
  'a missing Secret of a volume is in the Events only': {
    pods: [waiting('ContainerCreating')],
    events: [
      anEvent('pod', 'MountVolume.SetUp failed for volume "old"', '2025-01-01T00:00:00Z'),
      anEvent('pod', 'MountVolume.SetUp failed for volume "cacerts" : secret "cacerts" not found'),
      anEvent('another', 'not about this pod', '2027-01-01T00:00:00Z'),
    ],
    want: 'container discovery is being created: MountVolume.SetUp failed for volume "cacerts" : secret "cacerts" not found',
  },
  'a readiness probe that fails': {
    pods: [withContainer({ state: { running: {} } })],
    events: [anEvent('pod', 'Readiness probe failed: HTTP probe failed with statuscode: 503')],
    want: 'container discovery runs, but it is not ready: Readiness probe failed: HTTP probe failed with statuscode: 503',
  },
  'no node that fits, without the part about preemption': {
    pods: [
      aPod({
        phase: 'Pending',
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message: "0/1 nodes are available: 1 node(s) didn't match. preemption: 0/1 nodes are available: 1 no.",
          },
        ],
      }),
    ],
    want: "no node takes the pod: 0/1 nodes are available: 1 node(s) didn't match.",
  },
  'a quota that is used up': {
    pods: [],
    workload: aWorkload({
      status: {
        conditions: [{ type: 'ReplicaFailure', status: 'True', message: 'pods "istiod" is forbidden: exceeded quota' }],
      },
    }),
    want: 'pods cannot be created: pods "istiod" is forbidden: exceeded quota',
  },
  'pods of a DaemonSet that admission refuses': {
    pods: [READY],
    workload: aWorkload({ kind: 'DaemonSet', spec: {}, status: { desiredNumberScheduled: 2 } }),
    events: [anEvent('workload', 'Error creating: pods "cni-" is forbidden: violates PodSecurity')],
    want: 'pods cannot be created: Error creating: pods "cni-" is forbidden: violates PodSecurity',
  },
  'a pod that was evicted, when nothing else is wrong': {
    pods: [aPod({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory.' })],
    want: 'the pod failed: Evicted: The node was low on memory.',
  },
  'what is wrong with the newest version of the template comes first': {
    pods: [
      withContainer(
        { state: { waiting: { reason: 'CreateContainerConfigError', message: 'old' } } },
        { labels: { 'pod-template-hash': 'a' }, creationTimestamp: '2026-01-01T00:00:00Z', name: 'a' },
      ),
      withContainer(
        { state: { waiting: { reason: 'CreateContainerConfigError', message: 'new' } } },
        { labels: { 'pod-template-hash': 'b' }, creationTimestamp: '2026-01-02T00:00:00Z', name: 'b' },
      ),
    ],
    want: 'container discovery cannot start: new',
  },
  'pods that are being deleted do not count': {
    pods: [
      READY,
      withContainer(
        { state: { waiting: { reason: 'CreateContainerConfigError', message: 'old' } } },
        { deletionTimestamp: '2026-01-01T00:00:00Z', name: 'old' },
      ),
    ],
  },
  'long texts are cut': {
    pods: [waiting('CreateContainerError', 'x'.repeat(100_000))],
    want: `container discovery cannot start: ${'x'.repeat(299)}…`,
  },
};

describe('the reason of a stuck rollout', () => {
  test.each(Object.entries(cases))('%s', (_name, { pods, workload = aWorkload(), events = [], want }) => {
    expect(rolloutReason(workload, pods, events)).toBe(want);
  });

  test('Events are asked for only when the objects do not say enough', () => {
    const asks = (pods: LiveObject[]) => diagnoseRollout(aWorkload(), pods).askEventsOf;
    expect(asks([waiting('ContainerCreating')])).toBe('pod');
    expect(asks([waiting('ErrImagePull')])).toBeUndefined();
    expect(asks([])).toBe('workload');
    expect(asks([READY])).toBeUndefined();
  });

  test.each([null, 1, 'text', [null], {}])('a status that is %j is no reason to fail', (odd) => {
    const pod = { ...aPod({}), status: { conditions: odd, containerStatuses: odd, phase: odd } } as LiveObject;
    expect(rolloutReason(aWorkload(), [pod, aPod(odd as unknown as JsonObject)])).toBeUndefined();
  });
});
