import { setImmediate } from 'node:timers/promises';
import { fakeCluster } from '../support/fake-cluster.ts';
import { describeClusterContract } from './cluster-contract.ts';

const cluster = fakeCluster();

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 100; turn++) {
    if (await isTrue()) return;
    await setImmediate();
  }
  throw new Error('it did not come true');
}

describeClusterContract('the fake cluster', () => ({ cluster, until }));
