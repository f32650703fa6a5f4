import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { serviceAccountCredentials } from '../../../src/cluster/in-cluster.ts';
import { findTarget } from '../../../src/cluster/target.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { failureOf } from './api-server.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'service-account-'));
  await rotate('one', 'ca-one');
});

afterEach(() => rm(folder, { recursive: true }));

async function rotate(token: string, ca: string): Promise<void> {
  await writeFile(join(folder, 'token'), `${token}\n`);
  await writeFile(join(folder, 'ca.crt'), ca);
}

test('token and CA are read again after a minute', async () => {
  const clock = fakeClock();
  const credentials = serviceAccountCredentials(folder, clock);
  const first = await credentials.authenticate();
  expect(first).toEqual({ headers: { authorization: 'Bearer one' }, tls: { ca: 'ca-one' } });
  await rotate('two', 'ca-two');
  await clock.advance(59_999);
  expect(await credentials.authenticate()).toBe(first);
  await clock.advance(1);
  expect(await credentials.authenticate()).toEqual({ headers: { authorization: 'Bearer two' }, tls: { ca: 'ca-two' } });
});

test('a refused token is read again at once, but not when a newer one is in use already', async () => {
  const credentials = serviceAccountCredentials(folder, fakeClock());
  const old = await credentials.authenticate();
  await rotate('two', 'ca-one');
  credentials.expire(old);
  const fresh = await credentials.authenticate();
  expect(fresh.headers).toEqual({ authorization: 'Bearer two' });
  expect(fresh.tls).toBe(old.tls); // the same CA, so connections stay
  await rotate('three', 'ca-one');
  credentials.expire(old);
  expect(await credentials.authenticate()).toBe(fresh);
});

test('a file that is missing for a moment does not take the credentials away', async () => {
  const clock = fakeClock();
  const credentials = serviceAccountCredentials(folder, clock);
  await credentials.authenticate();
  await rm(join(folder, 'token'));
  await clock.advance(60_000);
  expect((await credentials.authenticate()).headers).toEqual({ authorization: 'Bearer one' });
});

test('without a service account the error says what the pod needs', async () => {
  await rm(join(folder, 'token'));
  const error = await failureOf(serviceAccountCredentials(folder, fakeClock()).authenticate());
  expect(error.detail.code).toBe('FileNotReadable');
});

test('inside a cluster the address comes from the environment, IPv6 included', async () => {
  await writeFile(join(folder, 'namespace'), 'istio-operator');
  const environment = { serviceHost: 'fd00::1', servicePort: '6443', serviceAccountDir: folder };
  const target = await findTarget({ environment }, fakeClock());
  expect(target).toMatchObject({ server: 'https://[fd00::1]:6443', namespace: 'istio-operator' });
  expect(target.contextName).toBeUndefined();
});

test('with neither kubeconfig nor cluster the error says how to name one', async () => {
  const error = await failureOf(findTarget({ environment: { home: folder } }, fakeClock()));
  expect(error.detail).toMatchObject({ code: 'KubeconfigInvalid', hint: expect.stringContaining('--kubeconfig') });
});
