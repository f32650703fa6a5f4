import { execFile } from 'node:child_process';
import { join, relative } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { findCluster, startOrFind, type TestCluster } from '../cluster/index.ts';
import { showProgress } from '../cluster/progress.ts';
import { installCrd, kubectl, ROOT } from '../support/kubectl.ts';
import { followInstallation } from './follow.ts';
import { logPath, startOperator, stopOperator } from './operator-process.ts';

const run = promisify(execFile);

const NODES = ['sealos01', 'sealos02', 'sealos03', 'sealos04'];
/** Where each pod runs and whether it has the node's network: what the example is about, and all that fits into 80 columns. */
const POD_COLUMNS =
  'custom-columns=NAME:.metadata.name,STATUS:.status.phase,NODE:.spec.nodeName,HOST NETWORK:.spec.hostNetwork';
const EXAMPLE = join('examples', 'example-istiocontrolplane.yaml');

/** Runs the whole demo. On an abort it takes down what it has started; afterwards cluster and operator go on. */
export async function startDemo(name: string, out: NodeJS.WriteStream, signal: AbortSignal): Promise<void> {
  const say = (text: string) => out.write(`${text}\n`);
  say('1. A Kubernetes control plane with four simulated nodes');
  const started = await startOrFind({ name, nodes: NODES, keep: true, onProgress: showProgress(out) }, signal);
  const { cluster } = started;
  try {
    say(`   ${started.isNew ? 'started' : 'is running already'}: ${cluster.server}`);
    say('\n2. The operator');
    await run(process.execPath, ['build.ts'], { cwd: ROOT, signal });
    await installCrd(cluster, signal);
    await startOperator(name, cluster.kubeconfigPath);
    say(`   is running; its log is ${relative(process.cwd(), logPath(name))}`);
    await install(cluster, say, signal);
  } catch (error) {
    await stopOperator(name);
    if (started.isNew) await cluster.stop();
    throw error;
  }
  await showResult(name, cluster, say, signal);
}

async function install(cluster: TestCluster, say: (text: string) => void, signal: AbortSignal): Promise<void> {
  say(`\n3. The example: kubectl apply -f ${EXAMPLE}`);
  await ensureNamespace(cluster, signal);
  await kubectl(cluster, ['apply', '-f', EXAMPLE], signal);
  const applied = process.hrtime.bigint(); // not before: the API server holds the first object of a new CRD back for 2 s
  await followInstallation(
    cluster.kubeconfigPath,
    { namespace: 'istio-system', name: 'example-istiocontrolplane', file: EXAMPLE },
    signal,
  );
  const seconds = Number(process.hrtime.bigint() - applied) / 1e9;
  say(`   HEALTHY after ${seconds.toFixed(1)} s`);
}

async function ensureNamespace(cluster: TestCluster, signal: AbortSignal): Promise<void> {
  const found = await kubectl(
    cluster,
    ['get', 'namespace', 'istio-system', '--ignore-not-found', '-o', 'name'],
    signal,
  );
  if (found.trim() === '') await kubectl(cluster, ['create', 'namespace', 'istio-system'], signal);
}

async function showResult(
  name: string,
  cluster: TestCluster,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  say('\n4. What is there now');
  say(indent(await kubectl(cluster, ['get', 'pods', '-A', '-o', POD_COLUMNS, '--sort-by', '.metadata.name'], signal)));
  const kubeconfig = relative(process.cwd(), cluster.kubeconfigPath);
  const suffix = name === 'demo' ? '' : ` --name ${name}`;
  say(`Look around:
   export KUBECONFIG=${kubeconfig}
   kubectl -n istio-system get istiooperators,pods,services
   kubectl -n istio-system get istiooperator example-istiocontrolplane -o yaml
   # the operator follows an edit within a second
   kubectl -n istio-system edit istiooperator example-istiocontrolplane
Cluster and operator keep running. Stop both with:
   npm run demo -- stop${suffix}`);
}

/** Stops operator and cluster of a demo. */
export async function stopDemo(name: string, out: NodeJS.WriteStream): Promise<void> {
  const hadOperator = await stopOperator(name);
  const cluster = await findCluster(name);
  await cluster?.stop();
  out.write(hadOperator || cluster !== undefined ? 'Operator and cluster are stopped.\n' : 'Nothing is running.\n');
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '   ');
}
