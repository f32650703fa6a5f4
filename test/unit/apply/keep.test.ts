import { expect, test } from '@jest/globals';
import {
  type Cluster,
  digestManifest,
  prune,
  readInventory,
  withManifest,
  writeInventory,
} from '../../../src/apply/index.ts';
import { type Json, type KubernetesObject, silentLogger } from '../../../src/core/index.ts';
import { anObject } from './builders.ts';

const scope = { signal: new AbortController().signal, log: silentLogger };

/** A volume claim that carries the label of what outlives its manifest, and one that does not. */
const claims: readonly KubernetesObject[] = [
  anObject('PersistentVolumeClaim', 'scratch'),
  {
    ...anObject('PersistentVolumeClaim', 'prometheus'),
    metadata: {
      name: 'prometheus',
      namespace: 'istio-system',
      labels: { 'install.operator.istio.io/owning-resource-not-pruned': 'true' },
    },
  },
];

test('what holds data is forgotten but not deleted, also after status was written and read', async () => {
  const deleted: string[] = [];
  const cluster = {
    delete: async ({ name }: { name: string }) => {
      deleted.push(name);
      return 'deleted';
    },
  } as unknown as Cluster;
  const recorded = withManifest(new Map(), digestManifest([{ component: 'AddonComponents', objects: claims }]));
  const applied = new Map([...recorded].map(([key, entry]) => [key, { ...entry, uid: `uid-${entry.name}` }]));
  const inventory = readInventory(JSON.parse(JSON.stringify(writeInventory(applied))) as Json);
  const deps = { cluster, isOurs: () => true, claimedBy: () => [] };
  const pruned = await prune([...inventory.values()], inventory, deps, scope);
  expect(deleted).toEqual(['scratch']);
  expect(pruned.inventory.size).toBe(0);
});
