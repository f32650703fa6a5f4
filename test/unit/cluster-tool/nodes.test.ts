import { expect, test } from '@jest/globals';
import { nodeNames, simulatedNode } from '../../cluster/nodes.ts';

test('a simulated node is one that kwok looks after and that pods fit on', () => {
  expect(simulatedNode('a', 0)).toMatchObject({
    metadata: {
      name: 'a',
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
      labels: { 'kubernetes.io/hostname': 'a', 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' },
    },
    status: { allocatable: { cpu: '64', pods: '1000' } },
  });
});

test('up to a thousand nodes have addresses of their own', () => {
  const addresses = nodeNames(1_000).map((name, index) => simulatedNode(name, index).status.addresses[0]?.address);
  expect(new Set(addresses).size).toBe(1_000);
});
