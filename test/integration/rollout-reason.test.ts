import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import type { LiveObject } from '../../src/apply/index.ts';
import { type JsonObject, valueAt } from '../../src/core/index.ts';
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

const lab = await useLab(['node-1'], { stages: true });
const { folder } = lab;
await startOperator(lab, { readinessTimeoutMs: 10_000, emitsEvents: true });

async function create(object: JsonObject): Promise<void> {
  const file = join(folder, 'object.yaml');
  await writeFile(file, stringify(object));
  await lab.kubectl('apply', '-f', file);
}

const message = (resource: LiveObject | undefined) => String(valueAt(statusOf(resource), 'message') ?? '');

async function untilMessage(name: string, part: string | RegExp): Promise<string> {
  const look = async () => {
    const text = message(await getOperator(lab, name));
    return (typeof part === 'string' ? text.includes(part) : part.test(text)) && text;
  };
  return await until(`${name} to say ${part}`, look, async () => message(await getOperator(lab, name)));
}

async function untilEvent(name: string, reason: string, part: string): Promise<void> {
  await until(`the Event ${reason} about ${name}`, async () => {
    const about = `involvedObject.name=${name},reason=${reason}`;
    const events = await lab.kubectl('get', 'events', '-n', 'istio-system', '--field-selector', about, '-o', 'json');
    return events.includes(part);
  });
}

const remove = (name: string) =>
  lab.kubectl('delete', 'iop', name, '-n', 'istio-system', '--timeout=30s', '--ignore-not-found');

test('A2: a pod that fits no node: status and an Event say so in plain words; changed to one that does, all is well', async () => {
  const spec = (k8s: JsonObject) => ({ profile: 'minimal', components: { pilot: { k8s } } });
  await applyOperator(lab, anOperator('mesh', spec({ nodeSelector: { disk: 'nowhere' } })));
  const text = await untilMessage('mesh', 'no node takes the pod');
  expect(text).toContain('Deployment istio-system/istiod: 0 of 1 replicas are available');
  expect(text).not.toContain('preemption');
  await untilEvent('mesh', 'RolloutStuck', "didn't match Pod's node affinity/selector");
  await applyOperator(lab, anOperator('mesh', spec({})));
  await untilStatus(lab, 'mesh', 'HEALTHY');
});

test('A4, A5: a crashing istiod is an ERROR with its last words, and cured without an edit of the CR', async () => {
  await untilStatus(lab, 'mesh', 'HEALTHY');
  await create(crashing('istiod'));
  await lab.kubectl('delete', 'pods', '-l', 'app=istiod', '-n', 'istio-system');
  const failed = await untilStatus(lab, 'mesh', 'ERROR');
  expect(message(failed)).toContain('container discovery crashes with exit code 255: unknown flag: --nonsense');
  expect(valueAt(statusOf(failed), 'componentStatus', 'Pilot')).toMatchObject({
    status: 'ERROR',
    error: expect.stringContaining('unknown flag'),
    objects: [{ kind: 'Deployment', name: 'istiod', ready: 0, desired: 1 }],
  });
  await untilEvent('mesh', 'ReadinessTimeout', 'unknown flag');
  const { generation } = failed.metadata;
  await lab.kubectl('delete', 'stage', 'crash-istiod');
  await until('the pods to run again', async () => {
    await lab.kubectl('delete', 'pods', '-l', 'app=istiod', '-n', 'istio-system'); // kwok may not know of the change yet
    const healthy = await getOperator(lab, 'mesh');
    return valueAt(statusOf(healthy), 'status') === 'HEALTHY' && healthy?.metadata.generation === generation;
  });
});

test('A9: of two gateways the one that a quota holds back is named, with the quota', async () => {
  for (const name of ['full', 'roomy']) await lab.kubectl('create', 'namespace', name);
  await lab.kubectl('create', 'quota', 'nothing', '--hard=pods=0', '-n', 'full');
  const gateways = ['full', 'roomy'].map((namespace) => ({ name: `gateway-${namespace}`, namespace, enabled: true }));
  await applyOperator(lab, anOperator('gateways', { profile: 'empty', components: { ingressGateways: gateways } }));
  await untilMessage(
    'gateways',
    /^IngressGateways: Deployment full\/gateway-full: (?!.*gateway-roomy).*exceeded quota/,
  );
  await untilEvent('gateways', 'RolloutStuck', 'exceeded quota');
  const component = valueAt(statusOf(await getOperator(lab, 'gateways')), 'componentStatus', 'IngressGateways');
  expect(component).toMatchObject({
    objects: expect.arrayContaining([
      expect.objectContaining({ name: 'gateway-full', namespace: 'full', ready: 0 }),
      expect.objectContaining({ name: 'gateway-roomy', namespace: 'roomy', ready: 1 }),
    ]),
  });
  await remove('gateways');
});

test('H2: pods of a DaemonSet that admission refuses: its component says what was refused', async () => {
  await lab.kubectl('create', 'namespace', 'guarded');
  await lab.kubectl('label', 'namespace', 'guarded', 'pod-security.kubernetes.io/enforce=restricted');
  const cni = { enabled: true, namespace: 'guarded' };
  await applyOperator(lab, anOperator('mesh', { profile: 'minimal', components: { cni } }));
  const text = await untilMessage('mesh', 'violates PodSecurity');
  expect(text).toContain('DaemonSet guarded/istio-cni-node');
  expect(text).toContain('pods cannot be created');
  await remove('mesh');
});

/** Pods with this label crash instead of running. */
function crashing(app: string): JsonObject {
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name: `crash-${app}` },
    spec: {
      resourceRef: { apiGroup: 'v1', kind: 'Pod' },
      selector: {
        matchLabels: { app },
        matchExpressions: [
          { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' },
          { key: '.status.containerStatuses.[].restartCount', operator: 'NotIn', values: ['5'] },
        ],
      },
      weight: 1,
      steps: [
        {
          patch: {
            subresource: 'status',
            root: 'status',
            template: `
phase: Running
conditions:
- { type: Ready, status: "False", reason: ContainersNotReady, lastTransitionTime: {{ Now | Quote }} }
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: false
  started: false
  restartCount: 5
  state: { waiting: { reason: CrashLoopBackOff, message: back-off restarting failed container } }
  lastState: { terminated: { exitCode: 255, reason: Error, message: "unknown flag: --nonsense" } }
{{ end }}
`,
          },
        },
      ],
    },
  };
}
