import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { forwardPort } from '../../../src/cli/live/port-forward.ts';
import { silentLogger } from '../../../src/core/index.ts';

/** As much of a WebSocket server as is used here; it comes with the Kubernetes client. */
interface Peer {
  send(data: Buffer): void;
  terminate(): void;
  on(event: 'message', listener: (data: Buffer) => void): void;
}
interface PeerServer {
  readonly clients: Set<Peer>;
  on(event: 'connection', listener: (peer: Peer, request: { readonly url: string }) => void): void;
}
type PeerServerConstructor = new (options: {
  server: Server;
  handleProtocols: (offered: Set<string>) => string;
}) => PeerServer;
const { WebSocketServer } = createRequire(import.meta.url)('ws') as { WebSocketServer: PeerServerConstructor };

/** The channel of the data; each channel begins with the port's number. */
const DATA = 0;

let folder: string;
let api: Server;
let peers: PeerServer;
const urls: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'iop-forward-'));
  api = createServer();
  peers = new WebSocketServer({ server: api, handleProtocols: (offered) => [...offered][0] ?? '' });
  peers.on('connection', (peer, { url }) => {
    urls.push(url);
    for (const channel of [0, 1]) peer.send(Buffer.from([channel, 0x98, 0x3a]));
    peer.on('message', (data) =>
      peer.send(Buffer.concat([Buffer.from([DATA]), Buffer.from('echo: '), data.subarray(1)])),
    );
  });
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
});
afterEach(async () => {
  for (const peer of peers.clients) peer.terminate();
  api.close();
  await rm(folder, { recursive: true, force: true });
});

async function kubeconfig(): Promise<string> {
  const { port } = api.address() as AddressInfo;
  const path = join(folder, 'config');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'a', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'a', user: { token: 'x' } }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    'current-context': 'a',
  };
  await writeFile(path, JSON.stringify(config));
  return path;
}

test('bytes go to the pod and back, and an interruption closes everything', async () => {
  const stop = new AbortController();
  const options = {
    kubeconfig: await kubeconfig(),
    namespace: 'istio-system',
    pod: 'istiod-0',
    podPort: 15_000,
    address: '127.0.0.1',
    localPort: 0,
    onError: (message: string) => {
      throw new Error(message);
    },
  };
  const answers: string[] = [];
  const onListening = async (port: number) => {
    const client = connect(port, '127.0.0.1');
    client.write('hello');
    const [answer] = await once(client, 'data');
    answers.push(String(answer));
    stop.abort();
    await once(client, 'close');
  };
  await forwardPort(options, onListening, { signal: stop.signal, log: silentLogger });
  expect(answers).toEqual(['echo: hello']);
  expect(urls).toEqual(['/api/v1/namespaces/istio-system/pods/istiod-0/portforward?ports=15000']);
});

test('a local port that is taken is named', async () => {
  const { port } = api.address() as AddressInfo;
  const options = {
    kubeconfig: await kubeconfig(),
    namespace: 'n',
    pod: 'p',
    podPort: 1,
    address: '127.0.0.1',
    localPort: port,
    onError: () => {},
  };
  const scope = { signal: new AbortController().signal, log: silentLogger };
  await expect(forwardPort(options, async () => {}, scope)).rejects.toMatchObject({
    message: expect.stringContaining(`127.0.0.1:${port}`),
    detail: { code: 'Usage' },
  });
});
