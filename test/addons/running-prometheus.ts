import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePorts } from '../cluster/free-ports.ts';
import { waitUntil } from '../cluster/wait-until.ts';

/** A target as Prometheus sees it. */
export interface Target {
  readonly scrapeUrl: string;
  readonly health: 'up' | 'down' | 'unknown';
  readonly lastError: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A series of an instant query's result. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** A Prometheus that runs; disposing of it ends it. */
export interface RunningPrometheus extends AsyncDisposable {
  targets(): Promise<readonly Target[]>;
  query(expression: string): Promise<readonly Series[]>;
}

/** Starts Prometheus with a configuration and waits until it answers. Everything it writes is below `dir`. */
export async function startPrometheus(
  command: string,
  config: string,
  dir: string,
  signal: AbortSignal,
): Promise<RunningPrometheus> {
  const [port = 0] = await findFreePorts(1);
  const address = `127.0.0.1:${port}`;
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'prometheus.yml'), config);
  const child = spawn(
    command,
    [
      '--config.file=prometheus.yml',
      '--config.auto-reload',
      '--storage.tsdb.path=data',
      `--web.listen-address=${address}`,
    ],
    { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exited = once(child, 'exit');
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const isReady = async () => {
    if (child.exitCode !== null) throw new Error(`Prometheus ended: ${log}`);
    return await fetch(`http://${address}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  };
  await waitUntil('Prometheus was not ready', isReady, 30_000, signal);
  const ask = async <Data>(path: string): Promise<Data> => {
    const answer = await fetch(`http://${address}/api/v1/${path}`, { signal });
    return ((await answer.json()) as { readonly data: Data }).data;
  };
  return {
    targets: async () =>
      (await ask<{ readonly activeTargets: readonly Target[] }>('targets?state=active')).activeTargets,
    query: async (expression) =>
      (await ask<{ readonly result: readonly Series[] }>(`query?query=${encodeURIComponent(expression)}`)).result,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
