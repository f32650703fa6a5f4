import { expect, test } from '@jest/globals';
import { LiveStore } from '../../../../src/apply/index.ts';
import { KindWatches } from '../../../../src/controller/watches/kind-watches.ts';
import { silentLogger } from '../../../../src/core/index.ts';
import { fakeCluster } from '../../../support/fake-cluster.ts';
import { withCalls } from '../test-operator.ts';

test('who asks for a kind after the watches have ended is told so, and does not wait for ever', async () => {
  const stop = new AbortController();
  const scope = { signal: stop.signal, log: silentLogger };
  const begun = Promise.withResolvers<void>();
  const cluster = withCalls(fakeCluster(), {
    watch: (_kind, _selection, _handler, { signal }) => {
      begun.resolve();
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    },
  });
  const watches = new KindWatches({ cluster, live: new LiveStore(), onChange: () => {} }, scope);
  const kinds = [{ apiVersion: 'v1', kind: 'ConfigMap' }];
  const first = watches.ensure(kinds, scope);
  await begun.promise;
  stop.abort(new Error('stopped'));
  await expect(first).rejects.toThrow('stopped');
  await watches.stopped();
  await expect(watches.ensure(kinds, scope)).rejects.toThrow('stopped');
});
