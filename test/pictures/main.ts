// The pictures of the documentation, from what iop says on a test cluster: `npm run pictures`.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { runCli } from '../../src/cli/program.ts';
import type { Io, Output } from '../../src/cli/terminal/io.ts';
import { startCluster, type TestCluster } from '../cluster/index.ts';
import { kubectl, ROOT } from '../support/kubectl.ts';
import { Screen } from './screen.ts';
import { screenSvg } from './svg.ts';

const COLUMNS = 90;
const TITLE = 'iop installs Istio, finds a change that somebody made, and names the near match of a mistyped profile';

const { signal } = new AbortController();
await using cluster = await startCluster({ nodes: ['node-1'] }, signal);
const screen = new Screen(COLUMNS);

await show('install --set profile=default -y');
await showKubectl('-n istio-system label service istiod app=mine --overwrite');
await show('plan');
await show('manifest generate --set profile=dmeo');

const folder = join(ROOT, 'docs', 'images');
await mkdir(folder, { recursive: true });
await writeFile(join(folder, 'iop.svg'), screenSvg(screen.rows, COLUMNS, TITLE));

/** Runs a command of iop and shows what it says, as on a terminal. */
async function show(command: string): Promise<void> {
  prompt(`iop ${command}`);
  await runCli(command.split(' '), io(cluster));
  screen.write('\n');
}

async function showKubectl(command: string): Promise<void> {
  prompt(`kubectl ${command}`);
  screen.write(`${await kubectl(cluster, command.split(' '), signal)}\n`);
}

function prompt(command: string): void {
  screen.write(`\u001b[36m$\u001b[39m \u001b[1m${command}\u001b[22m\n`);
}

function io({ kubeconfigPath }: TestCluster): Io {
  const output: Output = {
    isTerminal: true,
    columns: COLUMNS,
    write: async (text) => screen.write(text),
  };
  return {
    stdout: output,
    stderr: output,
    stdin: process.stdin,
    env: { KUBECONFIG: kubeconfigPath, TERM: 'xterm' },
    cwd: ROOT,
    signal,
  };
}
