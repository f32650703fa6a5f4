import { expect, test } from '@jest/globals';
import type { Cluster, LiveObject } from '../../../src/apply/index.ts';
import { findUiPod } from '../../../src/cli/live/ui-pods.ts';
import { silentLogger } from '../../../src/core/index.ts';

const SCOPE = { signal: new AbortController().signal, log: silentLogger };
const KIALI = { selector: 'app=kiali', namespace: 'istio-system', what: 'kiali' };

function aPod(name: string, phase: string, ready: boolean): LiveObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'istio-system', uid: name },
    status: { phase, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  } as unknown as LiveObject;
}

const find = (pods: readonly LiveObject[], wish: Parameters<typeof findUiPod>[0] = KIALI) =>
  findUiPod(wish, { list: async () => pods, get: async () => undefined } as unknown as Cluster, SCOPE);

test('a pod that is ready is preferred to the first', async () => {
  const found = await find([aPod('old', 'Running', false), aPod('new', 'Running', true)]);
  expect(found.metadata.name).toBe('new');
});

test('pods that are not ready are named with their phase', async () => {
  await expect(find([aPod('a', 'Pending', false), aPod('b', 'Running', false)])).rejects.toMatchObject({
    message: 'No pod of kiali is ready in the namespace istio-system: a (pending), b (running, not ready).',
    detail: { hint: 'See kubectl -n istio-system describe pod a.' },
  });
});

test('no pod at all is another thing', async () => {
  await expect(find([])).rejects.toMatchObject({ message: 'There is no pod of kiali in the namespace istio-system.' });
});

test('a mistyped pod gets the near one', async () => {
  await expect(
    find([aPod('istiod-5f-x', 'Running', true)], { name: 'istoid-5f-x', namespace: 'n' }),
  ).rejects.toMatchObject({
    detail: { hint: 'Did you mean istiod-5f-x?' },
  });
});
