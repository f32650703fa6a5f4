import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { parseOperator } from '../src/api/index.ts';
import { OFFLINE_FACTS } from '../src/core/index.ts';
import { renderManifest, renderOperator } from '../src/render/index.ts';
import { median, type Row } from './report.ts';

const WARM_UP = 200;
const RUNS = 500;
const MANY = 1_000;
const MANY_RUNS = 3;

/** istioctl 1.30.3 as a process on two cores; measured once, for where it is not at hand. */
const ISTIOCTL_GENERATE_S = 0.6;

/** Rendering profile demo in this process, warm: from the spec to labelled objects. */
export async function measureInProcess(): Promise<Row> {
  const specs = [{ profile: 'demo', components: { cni: { enabled: true } } }];
  const times: number[] = [];
  for (let index = 0; index < WARM_UP + RUNS; index++) {
    const start = performance.now();
    renderManifest({ specs, facts: OFFLINE_FACTS });
    if (index >= WARM_UP) times.push(performance.now() - start);
  }
  return { topic: 'render', what: 'demo + cni, in process', unit: 'ms', values: times, aim: 5 };
}

/** A thousand CRs that differ, validated and rendered, cold caches and all. */
export async function measureMany(): Promise<Row> {
  const values = Array.from({ length: MANY_RUNS }, (_unused, run) => {
    const start = performance.now();
    for (let index = 0; index < MANY; index++) renderOne(`${run}-${index}`);
    return (performance.now() - start) / 1_000;
  });
  return { topic: 'render', what: `validate and render ${MANY} different CRs`, unit: 's', values, aim: 5 };
}

function renderOne(name: string): void {
  const document = {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name: `mesh-${name}`, namespace: `ns-${name}` },
    spec: { profile: 'demo', revision: `rev-${name}`, values: { global: { network: `network-${name}` } } },
  };
  const { operator } = parseOperator(document);
  renderOperator({ metadata: document.metadata, spec: operator.spec }, OFFLINE_FACTS);
}

/** `manifest generate` as a whole process, the built CLI; with the reference in turn where its path is given. */
export async function measureProcess(runs: number, istioctl: string | undefined): Promise<Row> {
  const args = ['manifest', 'generate', '--set', 'profile=demo', '--set', 'components.cni.enabled=true'];
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let index = 0; index < runs; index++) {
    ours.push(timeProcess(process.execPath, [join('dist', 'cli.js'), ...args]));
    if (istioctl !== undefined) theirs.push(timeProcess(istioctl, args));
  }
  const reference =
    istioctl === undefined
      ? { value: ISTIOCTL_GENERATE_S, name: 'istioctl 1.30.3 (recorded)' }
      : { value: median(theirs), name: 'istioctl (this run)' };
  return { topic: 'render', what: 'iop manifest generate, demo + cni', unit: 's', values: ours, aim: 0.2, reference };
}

/** Seconds that a command takes. @throws when it fails. */
export function timeProcess(command: string, args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
  const seconds = (performance.now() - start) / 1_000;
  if (status !== 0) throw new Error(`${command} failed: ${stderr.toString()}`);
  return seconds;
}
