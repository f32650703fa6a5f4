import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { ROOT } from '../support/kubectl.ts';
import { until } from './operator-harness.ts';

/** `iop operator run` as a process of its own, with its log as far as it has come. */
export interface OperatorProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly log: readonly string[];
  has(message: string): boolean;
  /** Asks its monitoring port. */
  get(path: string): Promise<{ status: number; body: string }>;
}

/**
 * Starts `iop` with these arguments and nothing in its environment but what is given; resolves when its monitoring port
 * listens. It ends with its disposal, and gives its lease up then.
 * @param host - where its monitoring port is.
 */
export async function startOperatorProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  host = '127.0.0.1',
): Promise<OperatorProcess> {
  const child = spawn(process.execPath, [join(ROOT, 'src/cli/main.ts'), ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  const log: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
  const line = (message: string) => log.find((text) => text.includes(`"msg":"${message}"`));
  const listens = await until(
    'the operator to listen',
    async () => line('monitoring listens'),
    async () => log.join('\n'),
  );
  const { port } = JSON.parse(listens) as { port: number };
  return {
    child,
    log,
    has: (message) => line(message) !== undefined,
    get: async (path) => {
      const response = await fetch(`http://${host}:${port}${path}`);
      return { status: response.status, body: await response.text() };
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM'); // a lease that is not given up would hold the next test up
      await exited;
    },
  };
}
