import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ClusterError, hasErrorCode } from './cluster-error.ts';
import { COMPONENTS, type Component, markerArgument } from './components.ts';

const KILL_TIMEOUT_MS = 10_000;
const POLL_MS = 10;
// Places in what readStat returns; fields 3 and 22 of proc(5).
const STAT_STATE = 0;
const STAT_START_TIME = 19;

/** One living process of a cluster. */
export interface ClusterProcess {
  readonly component: Component;
  readonly pid: number;
  /** Whether it was stopped with SIGSTOP. */
  readonly isPaused: boolean;
}

interface RunningCommand {
  readonly pid: number;
  readonly command: string;
  readonly hasArgument: (argument: string) => boolean;
}

/**
 * The living processes of the cluster in this folder, in the order of `COMPONENTS`.
 *
 * Read from the process table: what runs is known without any record of it. Zombies have no command line, so they are
 * not in the list.
 */
export async function findProcesses(dir: string): Promise<readonly ClusterProcess[]> {
  const running = process.platform === 'linux' ? await readProc() : await readPs();
  const found: ClusterProcess[] = [];
  for (const component of COMPONENTS) {
    const marker = markerArgument(component, dir);
    for (const { pid, command, hasArgument } of running) {
      if (basename(command) !== component || !hasArgument(marker)) continue;
      const state = await processState(pid);
      if (state !== undefined) found.push({ component, pid, isPaused: state.startsWith('T') });
    }
  }
  return found;
}

/**
 * Kills these components of the cluster (all, when none is given) and waits until they are gone.
 *
 * SIGKILL, because nothing that they could still write is kept; it also ends a process that SIGSTOP holds.
 * @throws {ClusterError} when a process is still there after ten seconds.
 */
export async function killProcesses(dir: string, components: readonly Component[] = COMPONENTS): Promise<void> {
  const deadline = performance.now() + KILL_TIMEOUT_MS;
  for (;;) {
    const left = (await findProcesses(dir)).filter(({ component }) => components.includes(component));
    if (left.length === 0) return;
    for (const { pid } of left) sendSignal(pid, 'SIGKILL');
    if (performance.now() > deadline) {
      const names = left.map(({ component, pid }) => `${component} (${pid})`).join(', ');
      throw new ClusterError(`Cannot stop ${names}: the processes ignore SIGKILL.`);
    }
    await sleep(POLL_MS);
  }
}

/** Sends a signal; a process that is gone already is no failure. A negative id is a process group. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!hasErrorCode(error, 'ESRCH')) throw error;
  }
}

/**
 * A text that stands for this process and no later one of the same id; undefined when it is gone.
 *
 * Ids start again after a reboot or in a new container, so the time of the start belongs to it.
 */
export async function describeProcess(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const stat = await readStat(pid);
    return stat === undefined ? undefined : `${pid} ${stat[STAT_START_TIME]}`;
  }
  const answer = await promisify(execFile)('ps', ['-p', String(pid), '-o', 'lstart=']).catch(() => undefined);
  return answer === undefined ? undefined : `${pid} ${answer.stdout.trim()}`;
}

async function readProc(): Promise<readonly RunningCommand[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const commands = await Promise.all(pids.map(readProcEntry));
  return commands.filter((command) => command !== undefined);
}

async function readProcEntry(pid: number): Promise<RunningCommand | undefined> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const [command, ...rest] = line.split('\0');
  if (command === undefined || command === '') return undefined;
  return { pid, command, hasArgument: (argument) => rest.includes(argument) };
}

/** `ps` joins the arguments with blanks; the marker is the first of them, so it is looked for at its place. */
async function readPs(): Promise<readonly RunningCommand[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axww', '-o', 'pid=,args='], { maxBuffer: 64 * 1024 * 1024 });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, args] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || args === undefined) return [];
    const command = / --\S/.exec(args) === null ? args : args.slice(0, args.search(/ --\S/));
    return [{ pid: Number(pid), command, hasArgument: (argument: string) => `${args} `.includes(` ${argument} `) }];
  });
}

/** The state letter (`S`, `T`, …), or undefined when the process is gone. */
async function processState(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return (await readStat(pid))?.[STAT_STATE];
  const answer = await promisify(execFile)('ps', ['-p', String(pid), '-o', 'state=']).catch(() => undefined);
  return answer?.stdout.trim()[0];
}

/** The fields of `/proc/PID/stat` from the third on: the second, the name, may contain blanks and brackets. */
async function readStat(pid: number): Promise<readonly string[] | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}
