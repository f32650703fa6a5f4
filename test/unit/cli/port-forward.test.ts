import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { Duplex, PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { type ForwardOptions, forwardPort } from '../../../src/cli/live/port-forward.ts';
import { silentLogger } from '../../../src/core/index.ts';

function options(more: Partial<ForwardOptions>): ForwardOptions {
  return {
    address: '127.0.0.1',
    localPorts: [0],
    dial: async () => new PassThrough(),
    onError: (error) => {
      throw error;
    },
    ...more,
  };
}

/** Forwards until `work` is done with the local port. */
async function during(given: ForwardOptions, work: (port: number) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  await forwardPort(
    given,
    async (port) => {
      await work(port);
      stop.abort();
    },
    { signal: stop.signal, log: silentLogger },
  );
}

test('bytes go to the other side and back, and an interruption closes everything', async () => {
  const closed: Promise<unknown>[] = [];
  await during(options({}), async (port) => {
    const client = connect(port, '127.0.0.1');
    client.write('hello');
    const [answer] = await once(client, 'data');
    expect(String(answer)).toBe('hello');
    closed.push(once(client, 'close'));
  });
  await Promise.all(closed);
});

test('when the other side ends, so does the connection', async () => {
  const dial = async () => Duplex.from(['bye']);
  await during(options({ dial }), async (port) => {
    const client = connect(port, '127.0.0.1');
    const [answer] = await once(client, 'data');
    await once(client, 'close');
    expect(String(answer)).toBe('bye');
  });
});

test('when the client hangs up, the other side is let go, and that is no failure', async () => {
  const remote = new PassThrough();
  await during(options({ dial: async () => remote }), async (port) => {
    const client = connect(port, '127.0.0.1');
    client.write('x');
    await once(client, 'data');
    const gone = new Promise((resolve) => remote.once('close', resolve));
    client.resetAndDestroy();
    await gone;
  });
});

test('a connection that fails is told, and the next one is served', async () => {
  const failures: unknown[] = [];
  let dials = 0;
  const dial = async () => {
    if (++dials === 1) throw new Error('the pod is gone');
    return new PassThrough();
  };
  await during(options({ dial, onError: (error) => failures.push(error) }), async (port) => {
    await once(connect(port, '127.0.0.1'), 'close');
    const client = connect(port, '127.0.0.1');
    client.write('hello');
    await once(client, 'data');
  });
  expect(failures).toEqual([expect.objectContaining({ message: 'the pod is gone' })]);
});

test('of several local ports the first that is free is taken; one that is asked for must be free', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port: taken } = other.address() as AddressInfo;
  await during(options({ localPorts: [taken, 0] }), async (port) => expect(port).not.toBe(taken));
  await expect(during(options({ localPorts: [taken] }), async () => {})).rejects.toMatchObject({
    message: `Cannot listen on 127.0.0.1:${taken}: the port is in use.`,
    detail: { code: 'Usage' },
  });
  other.close();
});
