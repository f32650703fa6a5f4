import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findTarget } from '../../../src/cluster/target.ts';
import type { JsonObject } from '../../../src/core/index.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { failureOf } from './api-server.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** Writes a kubeconfig with one context, `main`, and returns its path. */
async function aKubeconfig(
  user: JsonObject,
  { file = 'config', cluster = {}, context = 'main' }: { file?: string; cluster?: JsonObject; context?: string } = {},
): Promise<string> {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [{ name: 'c', cluster: { server: 'https://api.test:6443', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: context, context: { cluster: 'c', user: 'u', namespace: 'team' } }],
  };
  const path = join(folder, file);
  await writeFile(path, JSON.stringify(config));
  return path;
}

async function login(user: JsonObject, cluster: JsonObject = {}) {
  const target = await findTarget({ kubeconfigPath: await aKubeconfig(user, { cluster }) }, fakeClock());
  return await target.credentials.authenticate();
}

/** A login plugin that prints what the script makes of `info`, its KUBERNETES_EXEC_INFO. */
function plugin(script: string, more: JsonObject = {}): JsonObject {
  const code = `const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO); ${script}`;
  const apiVersion = 'client.authentication.k8s.io/v1';
  return { exec: { apiVersion, command: process.execPath, args: ['-e', code], env: null, ...more } };
}

const PRINT = 'console.log(JSON.stringify({ kind: "ExecCredential", status: { token: String(token) } }))';

test('server, context and namespace come from the current context', async () => {
  const target = await findTarget({ kubeconfigPath: await aKubeconfig({ token: 'abc' }) }, fakeClock());
  expect(target).toMatchObject({ server: 'https://api.test:6443', contextName: 'main', namespace: 'team' });
});

test('a token becomes a header', async () => {
  expect((await login({ token: 'abc' })).headers).toEqual({ authorization: 'Bearer abc' });
});

test('a token file is relative to the kubeconfig, and its line end is not part of the token', async () => {
  await writeFile(join(folder, 'token'), 'abc\n');
  expect((await login({ tokenFile: 'token' })).headers).toEqual({ authorization: 'Bearer abc' });
});

test('name and password become basic authentication', async () => {
  const { headers } = await login({ username: 'me', password: 'pass' });
  expect(headers).toEqual({ authorization: `Basic ${Buffer.from('me:pass').toString('base64')}` });
});

test('who is named to act as comes before whom the kubeconfig impersonates', async () => {
  const kubeconfigPath = await aKubeconfig({ token: 'abc', as: 'a', 'as-groups': ['b'], 'as-uid': 'c' });
  const impersonation = { user: 'me', groups: ['x', 'y'] };
  const { credentials } = await findTarget({ kubeconfigPath, impersonation }, fakeClock());
  const first = await credentials.authenticate();
  expect(first.headers).toEqual({
    authorization: 'Bearer abc',
    'impersonate-user': 'me',
    'impersonate-group': ['x', 'y'],
  });
  expect(await credentials.authenticate()).toBe(first); // connections are reused as long as it is the same
});

test('credentials that were refused are loaded again, also where somebody else is impersonated', async () => {
  await writeFile(join(folder, 'token'), 'old');
  const kubeconfigPath = await aKubeconfig({ tokenFile: 'token' });
  const { credentials } = await findTarget({ kubeconfigPath, impersonation: { user: 'me', groups: [] } }, fakeClock());
  const refused = await credentials.authenticate();
  await writeFile(join(folder, 'token'), 'new');
  credentials.expire(refused);
  expect((await credentials.authenticate()).headers.authorization).toBe('Bearer new');
});

test('certificates come from data and from files', async () => {
  await writeFile(join(folder, 'ca.pem'), 'the ca');
  const data = (text: string) => Buffer.from(text).toString('base64');
  const user = { 'client-certificate-data': data('the cert'), 'client-key-data': data('the key') };
  const { tls } = await login(user, { 'certificate-authority': 'ca.pem', 'tls-server-name': 'other.test' });
  expect([tls.ca, tls.cert, tls.key].map(String)).toEqual(['the ca', 'the cert', 'the key']);
  expect(tls.servername).toBe('other.test');
  expect(tls.rejectUnauthorized).toBeUndefined();
});

test('a cluster without a user, and one without verification', async () => {
  const { headers, tls } = await login({}, { 'insecure-skip-tls-verify': true });
  expect(headers).toEqual({});
  expect(tls.rejectUnauthorized).toBe(false);
});

test('impersonation sets user, groups, uid and extras', async () => {
  const user = { token: 'abc', as: 'me', 'as-groups': ['a', 'b'], 'as-uid': '7', 'as-user-extra': { 'X/y': ['z'] } };
  expect((await login(user)).headers).toEqual({
    authorization: 'Bearer abc',
    'impersonate-user': 'me',
    'impersonate-group': ['a', 'b'],
    'impersonate-uid': '7',
    'impersonate-extra-x%2Fy': ['z'],
  });
});

test('a login plugin learns its API version, and the cluster when it asks', async () => {
  const script = `const token = info.apiVersion + ' ' + info.spec.cluster.server; ${PRINT}`;
  const { headers } = await login(plugin(script, { provideClusterInfo: true }));
  expect(headers).toEqual({ authorization: 'Bearer client.authentication.k8s.io/v1 https://api.test:6443' });
});

test('a login plugin runs once, and again when the server refuses its token', async () => {
  const script = `const token = process.pid; ${PRINT}`;
  const { credentials } = await findTarget({ kubeconfigPath: await aKubeconfig(plugin(script)) }, fakeClock());
  const [first, same] = await Promise.all([credentials.authenticate(), credentials.authenticate()]);
  expect(same).toBe(first);
  credentials.expire(first);
  expect((await credentials.authenticate()).headers).not.toEqual(first.headers);
});

test('a login plugin that is missing is named, with its own hint', async () => {
  const exec = { apiVersion: 'v1', command: join(folder, 'no-such-plugin'), installHint: 'brew install it' };
  const error = await failureOf(login({ exec }));
  expect(error.message).toContain('no-such-plugin" of the context "main" does not exist');
  expect(error.detail).toMatchObject({ code: 'Unauthorized', hint: 'brew install it' });
});

test('a login plugin that fails is quoted from stderr, never from stdout', async () => {
  const script = `console.log('secret-token'); console.error('session expired\\nmore'); process.exit(1)`;
  const error = await failureOf(login(plugin(script)));
  expect(error.message).toMatch(/failed: session expired\.$/);
  const garbled = await failureOf(login(plugin(`console.log('secret-token')`)));
  expect(garbled.message).toMatch(/failed\.$/);
});

test('an ID token that is still valid needs no provider', async () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = `${part({ alg: 'none' })}.${part({ exp: 4_000_000_000 })}.x`;
  const { headers } = await login({ 'auth-provider': { name: 'oidc', config: { 'id-token': token } } });
  expect(headers).toEqual({ authorization: `Bearer ${token}` });
});

test('a context that does not exist is answered with a near match', async () => {
  const kubeconfigPath = await aKubeconfig({}, { context: 'production' });
  const error = await failureOf(findTarget({ kubeconfigPath, context: 'prodution' }, fakeClock()));
  expect(error.message).toBe(`The context "prodution" does not exist in ${kubeconfigPath}.`);
  expect(error.detail).toEqual({ code: 'KubeconfigInvalid', hint: 'Did you mean "production"?' });
});

test('KUBECONFIG may list several files: the first that names a thing wins, missing files are skipped', async () => {
  const first = await aKubeconfig({ token: 'first' }, { file: 'first' });
  const second = await aKubeconfig({ token: 'second' }, { file: 'second', context: 'other' });
  const kubeconfig = ['/does/not/exist', first, second].join(delimiter);
  const target = await findTarget({ context: 'other', environment: { kubeconfig } }, fakeClock());
  expect(target.contextName).toBe('other');
  expect((await target.credentials.authenticate()).headers).toEqual({ authorization: 'Bearer first' });
});

test('without KUBECONFIG the file in the home folder is used, even inside a cluster', async () => {
  await mkdir(join(folder, '.kube'));
  await aKubeconfig({}, { file: join('.kube', 'config') });
  const environment = { home: folder, serviceHost: '10.0.0.1' };
  expect((await findTarget({ environment }, fakeClock())).server).toBe('https://api.test:6443');
});

const broken: Record<string, { text: string; code: string }> = {
  'YAML that cannot be read': { text: 'users: [{token: secret-token', code: 'KubeconfigInvalid' },
  'a list': { text: '[secret-token]', code: 'KubeconfigInvalid' },
  'an empty file': { text: '', code: 'KubeconfigInvalid' },
  'a context without its cluster': {
    text: '{current-context: a, contexts: [{name: a, context: {cluster: gone, user: u}}]}',
    code: 'KubeconfigInvalid',
  },
  'a server that is no URL': {
    text: '{current-context: a, contexts: [{name: a, context: {cluster: c}}], clusters: [{name: c, cluster: {server: x}}]}',
    code: 'KubeconfigInvalid',
  },
};
test.each(Object.entries(broken))('%s is refused without quoting it', async (_name, { text, code }) => {
  const kubeconfigPath = join(folder, 'broken');
  await writeFile(kubeconfigPath, text);
  const error = await failureOf(findTarget({ kubeconfigPath }, fakeClock()));
  expect(error.detail.code).toBe(code);
  expect(`${error.message} ${String(error.cause)}`).not.toContain('secret-token');
});

const incomplete: Record<string, { document: object; says: string; hint: string }> = {
  'an empty file': { document: {}, says: 'is empty.', hint: 'Name another one, or log in.' },
  'no current context': {
    document: { contexts: [{ name: 'a' }, { name: 'b' }], users: [] },
    says: 'has no current context.',
    hint: 'Choose one with --context: a, b.',
  },
  'a context with a cluster that is not there': {
    document: {
      'current-context': 'a',
      contexts: [{ name: 'a', context: { cluster: 'gone' } }],
      clusters: [{ name: 'prod' }, { name: 'test' }],
    },
    says: 'The cluster "gone", which the context names, is not in',
    hint: 'It has: prod, test.',
  },
  'a context with a user that is not there': {
    document: {
      'current-context': 'a',
      contexts: [{ name: 'a', context: { cluster: 'c', user: 'me' } }],
      clusters: [{ name: 'c', cluster: { server: 'https://api.test' } }],
    },
    says: 'The user "me", which the context names, is not in',
    hint: 'It has no users.',
  },
};
test.each(Object.entries(incomplete))('%s is told with what there is', async (_name, { document, says, hint }) => {
  const kubeconfigPath = join(folder, 'incomplete');
  await writeFile(kubeconfigPath, JSON.stringify(document));
  const error = await failureOf(findTarget({ kubeconfigPath }, fakeClock()));
  expect(error.message).toContain(says);
  expect(error.detail.hint).toBe(hint);
});

test.each([
  [
    'client-certificate',
    { 'client-certificate': '/nowhere/me.pem', 'client-key': '/nowhere/me.key' },
    '/nowhere/me.pem',
  ],
  ['tokenFile', { tokenFile: '/nowhere/token' }, '/nowhere/token'],
])('a file that is not there is named with its field: %s', async (field, user, path) => {
  const error = await failureOf(login(user));
  expect(error.message).toBe(`The kubeconfig's ${field} names ${path}, which does not exist.`);
});

test('a kubeconfig that does not exist is named', async () => {
  const error = await failureOf(findTarget({ kubeconfigPath: join(folder, 'nothing') }, fakeClock()));
  expect(error.detail.code).toBe('FileNotReadable');
  expect(error.message).toContain(join(folder, 'nothing'));
});
