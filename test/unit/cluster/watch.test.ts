import type { ServerResponse } from 'node:http';
import { expect, test } from '@jest/globals';
import type { LiveObject } from '../../../src/apply/index.ts';
import {
  type ApiServer,
  aClient,
  answer,
  aScope,
  fail,
  listOf,
  liveConfigMap,
  type Received,
  startApiServer,
  startStream,
  type TestClient,
  until,
} from './api-server.ts';

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' };

/** A server whose lists have one object, and whose watches the test answers. */
async function aWatchServer(onWatch: (response: ServerResponse, request: Received, count: number) => void) {
  let count = 0;
  return await startApiServer((request, response) => {
    if (request.query.get('watch') === 'true') onWatch(response, request, ++count);
    else answer(response, 200, listOf([liveConfigMap('old', '3')], '5'));
  });
}

/** Watches and writes down what is reported: `SYNC a`, `ADDED b@7`, `ERROR Gone`. */
function startWatch(client: TestClient, selection = {}) {
  const stop = new AbortController();
  const seen: string[] = [];
  const objects: LiveObject[] = [];
  const handler = {
    onSync: (all: readonly LiveObject[]) => seen.push(`SYNC ${all.map(({ metadata }) => metadata.name)}`),
    onEvent: (type: string, object: LiveObject) => {
      seen.push(`${type} ${object.metadata.name}@${object.metadata.resourceVersion}`);
      objects.push(object);
    },
    onError: (error: Error) =>
      seen.push(`ERROR ${'detail' in error ? (error.detail as { code: string }).code : error}`),
  };
  const running = client.cluster.watch(CONFIG_MAP, selection, handler, aScope(stop.signal));
  return {
    seen,
    objects,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running; // resolves, does not reject
    },
  };
}

function event(type: string, object: object): string {
  return `${JSON.stringify({ type, object })}\n`;
}

function watches(server: ApiServer): Received[] {
  return server.requests.filter((request) => request.query.get('watch') === 'true');
}

function lists(server: ApiServer): Received[] {
  return server.requests.filter((request) => !request.query.has('watch'));
}

test('a watch asks for bookmarks and a bounded time, from the version of the list', async () => {
  await using server = await aWatchServer(startStream);
  using client = aClient(server);
  await using watch = startWatch(client, { namespace: 'default', metadataOnly: true, labelSelector: 'a=b' });
  await until(() => watches(server).length === 1);
  const [request] = watches(server);
  expect(request?.path).toBe('/api/v1/namespaces/default/configmaps');
  expect(Object.fromEntries(request?.query ?? [])).toEqual({
    watch: 'true',
    allowWatchBookmarks: 'true',
    labelSelector: 'a=b',
    resourceVersion: '5',
    timeoutSeconds: '450',
  });
  expect(request?.headers.accept).toMatch(/^application\/json;as=PartialObjectMetadata;/);
  expect(lists(server)[0]?.headers.accept).toMatch(/^application\/json;as=PartialObjectMetadataList;/);
  expect(watch.seen).toEqual(['SYNC old']);
});

test('events arrive whole when chunks split lines and characters', async () => {
  const text = event('ADDED', liveConfigMap('ä€😀', '6', { data: { a: 'x'.repeat(200_000) } }));
  const bytes = Buffer.from(text + event('MODIFIED', liveConfigMap('b', '7')));
  const cuts = [1, bytes.indexOf('ä') + 1, bytes.indexOf('€') + 2, bytes.indexOf('😀') + 3, 100_000, bytes.length - 1];
  await using server = await aWatchServer(async (response) => {
    startStream(response);
    for (const [index, cut] of cuts.entries()) await send(response, bytes.subarray(cuts[index - 1] ?? 0, cut));
    await send(response, bytes.subarray(cuts.at(-1)));
  });
  using client = aClient(server);
  await using watch = startWatch(client);
  await until(() => watch.seen.length === 3);
  expect(watch.seen).toEqual(['SYNC old', 'ADDED ä€😀@6', 'MODIFIED b@7']);
});

test('objects have the kind that is watched, also when only their metadata comes', async () => {
  const partial = { ...liveConfigMap('it', '6'), apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata' };
  await using server = await aWatchServer((response) => {
    startStream(response);
    response.write(event('ADDED', partial));
  });
  using client = aClient(server);
  await using watch = startWatch(client, { metadataOnly: true });
  await until(() => watch.seen.length === 2);
  expect(watch.objects[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
});

test('after a clean end the watch goes on from the last bookmark without a list, and drops what it has seen', async () => {
  await using server = await aWatchServer((response, _request, count) => {
    startStream(response);
    if (count > 1) {
      response.write(event('ADDED', liveConfigMap('new', '8')) + event('MODIFIED', liveConfigMap('new', '12')));
      return;
    }
    response.write(event('ADDED', liveConfigMap('new', '8')));
    response.end(event('BOOKMARK', { kind: 'ConfigMap', metadata: { resourceVersion: '11' } }));
  });
  using client = aClient(server);
  await using watch = startWatch(client);
  await until(() => watch.seen.length === 3);
  expect(watch.seen).toEqual(['SYNC old', 'ADDED new@8', 'MODIFIED new@12']);
  expect(watches(server).map(({ query }) => query.get('resourceVersion'))).toEqual(['5', '11']);
  expect(lists(server)).toHaveLength(1);
});

test.each(['as an HTTP status', 'as an event in the stream'])('410 %s: it waits, then lists anew', async (form) => {
  await using server = await aWatchServer((response, _request, count) => {
    if (count > 1) return startStream(response);
    if (form === 'as an HTTP status') return fail(response, 410, 'Expired');
    startStream(response);
    response.end(event('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' }));
  });
  using client = aClient(server);
  await using watch = startWatch(client);
  await until(() => watch.seen.length === 2);
  await client.clock.settle();
  expect(watch.seen).toEqual(['SYNC old', 'ERROR Gone']);
  expect(lists(server)).toHaveLength(1);
  await client.clock.advance(400);
  await until(() => watch.seen.length === 3);
  expect(watch.seen.at(-1)).toBe('SYNC old');
});

test('a server that always answers 410 is asked ever more slowly', async () => {
  await using server = await aWatchServer((response) => fail(response, 410, 'Expired'));
  using client = aClient(server);
  await using watch = startWatch(client);
  const delays: (number | undefined)[] = [];
  for (let round = 1; round <= 9; round++) {
    await until(
      () => watch.seen.filter((entry) => entry === 'ERROR Gone').length === round && client.clock.pending === 1,
    );
    delays.push(client.clock.nextInMs);
    await client.clock.advance(client.clock.nextInMs ?? 0);
  }
  expect(delays).toEqual([300, 600, 1_200, 2_400, 4_800, 9_600, 19_200, 22_500, 22_500]);
});

test('a dropped connection: the watch goes on from where it was', async () => {
  await using server = await aWatchServer((response, _request, count) => {
    startStream(response);
    if (count === 1) response.write(event('ADDED', liveConfigMap('new', '8')), () => response.destroy());
  });
  using client = aClient(server);
  await using watch = startWatch(client);
  await until(() => watch.seen.length === 3);
  await client.clock.advance(1_000);
  await until(() => watches(server).length === 2);
  expect(watch.seen).toEqual(['SYNC old', 'ADDED new@8', 'ERROR ApiUnavailable']);
  expect(watches(server)[1]?.query.get('resourceVersion')).toBe('8');
  expect(lists(server)).toHaveLength(1);
});

test('a line that is not JSON: the watch lists anew, and the line is in no message', async () => {
  await using server = await aWatchServer((response, _request, count) => {
    startStream(response);
    if (count === 1) response.write('{"type": secret\n');
  });
  using client = aClient(server);
  await using watch = startWatch(client);
  await until(() => watch.seen.length === 2);
  await client.clock.advance(1_000);
  await until(() => watch.seen.length === 3);
  expect(watch.seen).toEqual(['SYNC old', 'ERROR ApiError', 'SYNC old']);
});

test('a connection that is silent for 90 s counts as dead; what keeps talking does not', async () => {
  let stream: ServerResponse | undefined;
  await using server = await aWatchServer((response) => {
    startStream(response);
    stream = response;
  });
  using client = aClient(server);
  await using watch = startWatch(client);
  await until(() => client.reports.length === 2);
  await client.clock.advance(60_000);
  stream?.write(event('ADDED', liveConfigMap('new', '8')));
  await until(() => watch.seen.length === 2);
  await client.clock.advance(89_999);
  expect(watches(server)).toHaveLength(1);
  await client.clock.advance(1);
  await until(() => watch.seen.length === 3);
  expect(watch.seen.at(-1)).toBe('ERROR ApiTimeout');
  await client.clock.advance(400);
  await until(() => watches(server).length === 2);
  expect(watches(server)[1]?.query.get('resourceVersion')).toBe('8');
  expect(server.open.size).toBe(1);
});

test('403 and 429 are reported, waited out, and end nothing', async () => {
  await using server = await aWatchServer((response, _request, count) => {
    if (count === 1) fail(response, 403, 'Forbidden');
    else if (count === 2) fail(response, 429, 'TooManyRequests', { headers: { 'retry-after': '20' } });
    else startStream(response);
  });
  using client = aClient(server);
  await using watch = startWatch(client);
  await until(() => watch.seen.length === 2 && client.clock.pending === 1);
  await client.clock.advance(client.clock.nextInMs ?? 0);
  await until(() => watch.seen.length === 3 && client.clock.pending === 1);
  expect(client.clock.nextInMs).toBe(20_000);
  await client.clock.advance(20_000);
  await until(() => watches(server).length === 3);
  expect(watch.seen).toEqual(['SYNC old', 'ERROR Forbidden', 'ERROR TooManyRequests']);
  expect(lists(server)).toHaveLength(1);
});

test('after half an hour the end of a watch is an occasion to list again', async () => {
  await using server = await aWatchServer((response, _request, count) => {
    startStream(response);
    if (count === 1) void client.clock.advance(1_800_000 - 1).then(() => response.end());
  });
  using client = aClient(server, { watchTimes: { inactivityMs: 4_000_000, relistMs: 1_700_000 } });
  await using watch = startWatch(client);
  await until(() => watch.seen.length === 2);
  expect(watch.seen).toEqual(['SYNC old', 'SYNC old']);
});

test('aborting closes the connection and resolves', async () => {
  await using server = await aWatchServer(startStream);
  using client = aClient(server);
  const watch = startWatch(client);
  await until(() => client.reports.length === 2);
  await watch[Symbol.asyncDispose]();
  await until(() => server.open.size === 0);
  expect(client.clock.pending).toBe(0);
});

test('there is never more than one watch request of a kind', async () => {
  let open = 0;
  let most = 0;
  await using server = await aWatchServer((response, _request, count) => {
    most = Math.max(most, ++open);
    response.on('close', () => open--);
    startStream(response);
    if (count < 20)
      response.write(event('ADDED', liveConfigMap(`it-${count}`, String(10 + count))), () => response.destroy());
  });
  using client = aClient(server);
  await using watch = startWatch(client);
  for (let round = 1; round < 20; round++) {
    await until(() => watch.seen.length === 1 + 2 * round && client.clock.pending === 1);
    await client.clock.advance(client.clock.nextInMs ?? 0);
  }
  await until(() => watches(server).length === 20);
  expect(most).toBe(1);
});

/** Writes one chunk, and waits until it is on its way by itself. */
async function send(response: ServerResponse, chunk: Buffer): Promise<void> {
  await new Promise<void>((resolve) => response.write(chunk, () => setImmediate(resolve)));
}
