import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type Component, markerArgument } from '../../cluster/components.ts';
import { findProcesses, killProcesses, sendSignal } from '../../cluster/process-table.ts';
import { waitUntil } from '../../cluster/wait-until.ts';

/** A process that looks like a component of the cluster in `dir`. */
async function aProcess(component: Component, dir: string) {
  const program = 'process.stdout.write("up"); setInterval(() => {}, 1000)';
  const child = spawn(process.execPath, ['-e', program, '--', markerArgument(component, dir)], {
    argv0: component,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  return child;
}

const aDir = (name: string) => join(tmpdir(), `process-table-${process.pid}`, name);

test('the processes of one cluster are found, not those of another', async () => {
  const [dir, other] = [aDir('one'), aDir('one-more')];
  const [etcd, kwok] = [await aProcess('etcd', dir), await aProcess('kwok', dir)];
  await aProcess('etcd', other);
  try {
    expect(await findProcesses(dir)).toEqual([
      { component: 'etcd', pid: etcd.pid, isPaused: false },
      { component: 'kwok', pid: kwok.pid, isPaused: false },
    ]);
  } finally {
    await Promise.all([killProcesses(dir), killProcesses(other)]);
  }
  expect(await findProcesses(dir)).toEqual([]);
});

test('a paused process is shown as such, and killed', async () => {
  const dir = aDir('paused');
  const { pid = 0 } = await aProcess('kube-apiserver', dir);
  sendSignal(pid, 'SIGSTOP');
  // the kernel may let it finish what it is at
  const isPaused = async () => (await findProcesses(dir))[0]?.isPaused === true;
  await waitUntil('The process was not paused', isPaused, 10_000, new AbortController().signal);
  expect(await findProcesses(dir)).toEqual([{ component: 'kube-apiserver', pid, isPaused: true }]);
  await killProcesses(dir);
  expect(await findProcesses(dir)).toEqual([]);
});

test('only the named components are killed', async () => {
  const dir = aDir('some');
  await Promise.all([aProcess('etcd', dir), aProcess('kube-scheduler', dir)]);
  await killProcesses(dir, ['etcd']);
  expect((await findProcesses(dir)).map(({ component }) => component)).toEqual(['kube-scheduler']);
  await killProcesses(dir);
});

test('a signal to a process that is gone is no failure', async () => {
  const child = await aProcess('etcd', aDir('gone'));
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  expect(() => sendSignal(child.pid ?? 0, 'SIGKILL')).not.toThrow();
});
