import { expect, test } from '@jest/globals';
import { COMPONENTS, componentArguments, markerArgument } from '../../cluster/components.ts';
import { clusterDir } from '../../cluster/paths.ts';

const settings = { ports: { etcd: 1001, apiServer: 1002, kubelet: 10250 }, stages: false, kubelet: false };

test('every command line starts with the argument by which the process is found', () => {
  for (const component of COMPONENTS) {
    expect(componentArguments(component, '/c/one', settings)[0]).toBe(markerArgument(component, '/c/one'));
  }
});

test('every listener is on the loopback interface', () => {
  const all = COMPONENTS.flatMap((component) => componentArguments(component, '/c/one', settings)).join('\n');
  expect(all).toContain('--bind-address=127.0.0.1');
  expect(all).not.toContain('0.0.0.0');
});

test('the API server authorizes by RBAC and lets pods be privileged', () => {
  const args = componentArguments('kube-apiserver', '/c/one', settings);
  expect(args).toEqual(expect.arrayContaining(['--authorization-mode=Node,RBAC', '--allow-privileged=true']));
});

test.each(['', '../up', 'Upper', 'a/b', '-a', 'a'.repeat(64)])('"%s" cannot name a cluster', (name) => {
  expect(() => clusterDir(name)).toThrow('cannot name a cluster');
});
