import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../support/kubectl.ts';

const STOP_TIMEOUT_MS = 10_000;

/** Where the operator of a demo writes its log. */
export function logPath(name: string): string {
  return join(ROOT, '.cache', 'demo', `${name}.log`);
}

function pidPath(name: string): string {
  return join(ROOT, '.cache', 'demo', `${name}.pid`);
}

/** Starts the built operator in the background; it goes on when this process ends. */
export async function startOperator(name: string, kubeconfigPath: string): Promise<void> {
  await stopOperator(name);
  await mkdir(dirname(logPath(name)), { recursive: true });
  await using log = await open(logPath(name), 'w');
  const args = [
    join(ROOT, 'dist', 'cli.js'),
    'operator',
    'run',
    '--kubeconfig',
    kubeconfigPath,
    '--monitoring-port',
    '0',
  ];
  const child = spawn(process.execPath, args, { cwd: ROOT, detached: true, stdio: ['ignore', log.fd, log.fd] });
  await writeFile(pidPath(name), String(child.pid));
  child.unref();
}

/** Ends the operator of a demo if it runs; resolves when it has. @returns whether there was one. */
export async function stopOperator(name: string): Promise<boolean> {
  const pid = await operatorPid(name);
  if (pid !== undefined) {
    process.kill(pid, 'SIGTERM');
    for (let waitedMs = 0; isAlive(pid); waitedMs += 50) {
      if (waitedMs === STOP_TIMEOUT_MS) process.kill(pid, 'SIGKILL');
      await sleep(50);
    }
  }
  await rm(pidPath(name), { force: true });
  return pid !== undefined;
}

/** The process id of the running operator. The command line is looked at, since ids are used again. */
async function operatorPid(name: string): Promise<number | undefined> {
  const text = await readFile(pidPath(name), 'utf8').catch(() => '');
  const pid = Number(text);
  if (text === '' || !Number.isInteger(pid) || !isAlive(pid)) return undefined;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'operator\0run');
  return command.includes('operator\0run') ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
