import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PodPorts } from '../../../src/cluster/pod-ports.ts';
import { silentLogger } from '../../../src/core/index.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { type PortForwardBehaviour, PortForwardServer } from '../../support/port-forward-server.ts';
import { failureOf } from './api-server.ts';

const AT = { namespace: 'istio-system', pod: 'istiod-0', port: 15_000 };
const SCOPE = { signal: new AbortController().signal, log: silentLogger };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pod-ports-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function portsOf(url: string): Promise<PodPorts> {
  const config = {
    clusters: [{ name: 'c', cluster: { server: url } }],
    users: [{ name: 'u', user: { token: 'abc' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  const kubeconfigPath = join(folder, 'config');
  await writeFile(kubeconfigPath, JSON.stringify(config));
  return await PodPorts.find({ kubeconfigPath, impersonation: { user: 'me', groups: ['g'] } }, fakeClock());
}

async function connected(behaviour: PortForwardBehaviour) {
  const server = await PortForwardServer.start(behaviour);
  const ports = await portsOf(server.url);
  const stack = new AsyncDisposableStack();
  stack.use(server);
  stack.use(ports);
  return { server, ports, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

test('bytes go to the pod and back, and the numbers of the port do not', async () => {
  await using it = await connected({ received: (data, pod) => pod.answer(`echo: ${data}`) });
  const stream = await it.ports.open(AT, SCOPE);
  stream.write('hello');
  const [answer] = await once(stream, 'data');
  expect(String(answer)).toBe('echo: hello');
  stream.destroy();
});

test('the request names pod and port, and who is meant', async () => {
  await using it = await connected({});
  (await it.ports.open(AT, SCOPE)).destroy();
  const [request] = it.server.requests;
  expect(request?.url).toBe('/api/v1/namespaces/istio-system/pods/istiod-0/portforward?ports=15000');
  expect(request?.headers).toMatchObject({
    authorization: 'Bearer abc',
    'impersonate-user': 'me',
    'impersonate-group': 'g',
    'sec-websocket-protocol': 'v4.channel.k8s.io',
  });
});

test('it ends when the pod closes its side', async () => {
  await using it = await connected({
    opened: (pod) => {
      pod.answer('bye');
      pod.end();
    },
  });
  expect(await text(await it.ports.open(AT, SCOPE))).toBe('bye');
});

test('all bytes arrive, however slowly they are read', async () => {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  await using it = await connected({
    opened: (pod) => {
      for (let index = 0; index < 64; index++) pod.answer(chunk);
      pod.end();
    },
  });
  expect((await buffer(await it.ports.open(AT, SCOPE))).length).toBe(64 * chunk.length);
});

test('what the kubelet says went wrong is the error', async () => {
  await using it = await connected({
    opened: (pod) => {
      pod.fail('error forwarding port 15000 to pod istiod-0: connection refused');
      pod.end();
    },
  });
  const stream = await it.ports.open(AT, SCOPE);
  await expect(text(stream)).rejects.toThrow('error forwarding port 15000 to pod istiod-0: connection refused.');
});

test('ending it closes the connection at the other side', async () => {
  await using it = await connected({});
  const stream = await it.ports.open(AT, SCOPE);
  stream.end();
  stream.resume();
  await once(stream, 'close');
  expect(it.server.open).toBe(0);
});

test('a pod that does not exist, and a right that is missing, are what the API server says', async () => {
  const cases = [
    { status: 404, reason: 'NotFound', message: 'pods "istiod-0" not found', code: 'NotFound' },
    { status: 403, reason: 'Forbidden', message: 'pods "istiod-0" is forbidden', code: 'Forbidden' },
  ];
  for (const { code, ...refusal } of cases) {
    await using it = await connected({ refusal });
    const failure = await failureOf(it.ports.open(AT, SCOPE));
    expect(failure.detail.code).toBe(code);
    expect(failure.message).toBe(
      `Cannot get a connection to port 15000 of Pod istio-system/istiod-0: ${refusal.message}`,
    );
  }
});

test('a server that does not answer is named', async () => {
  using ports = await portsOf('http://127.0.0.1:1');
  const failure = await failureOf(ports.open(AT, SCOPE));
  expect(failure.detail.code).toBe('ApiUnavailable');
  expect(failure.message).toMatch(
    /^The API server http:\/\/127\.0\.0\.1:1 \(context "x" of .*\) cannot be reached: nothing/,
  );
});
