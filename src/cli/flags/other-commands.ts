import { Argument, type Command } from 'commander';
import type { Io } from '../terminal/io.ts';
import {
  hiddenOption,
  istioNamespaceOption,
  namespaceOption,
  oneOf,
  portOption,
  type Run,
  revisionOption,
  skipConfirmationOption,
  withClusterFlags,
  withExample,
  withOutputFlag,
  withoutCharts,
} from './options.ts';

/** Adds `tag …`. */
export function addTag(root: Command, run: Run, io: Io): void {
  const tag = root.command('tag').description('Names for revisions that namespaces can follow.');
  withExample(tag, 'iop tag set prod --revision 1-30-3');
  const set = tag.command('set').description('Point a tag to a revision.').argument('<tag>', 'name of the tag');
  withTagFlags(set);
  withExample(set, 'iop tag set prod --revision 1-30-3 --overwrite').action((name, options) =>
    run(async () => (await import('../commands/tag.ts')).setTag(name, options, io)),
  );
  const generate = tag
    .command('generate')
    .description('Print the webhook that set would apply.')
    .argument('<tag>', 'name of the tag');
  withTagFlags(generate);
  withExample(generate, 'iop tag generate prod --revision 1-30-3 | kubectl apply --server-side -f -').action(
    (name, options) => run(async () => (await import('../commands/tag.ts')).generateTag(name, options, io)),
  );
  const list = tag.command('list').description('List the tags and who uses them.');
  withOutputFlag(withClusterFlags(list), ['text', 'json', 'yaml']);
  withExample(list, 'iop tag list').action((options) =>
    run(async () => (await import('../commands/tag.ts')).listTags(options, io)),
  );
  const remove = tag.command('remove').description('Remove a tag.').argument('<tag>', 'name of the tag');
  withClusterFlags(remove).option('-y, --yes', 'do not ask').addOption(skipConfirmationOption());
  withExample(remove, 'iop tag remove prod').action((name, options) =>
    run(async () => (await import('../commands/tag.ts')).removeTag(name, options, io)),
  );
}

function withTagFlags(command: Command): void {
  command
    .addOption(revisionOption('revision that it stands for').makeOptionMandatory())
    .addOption(istioNamespaceOption('namespace of the control plane').default('istio-system'))
    .option('--overwrite', 'move a tag that points to another revision')
    .option('--auto-inject-namespaces', 'inject into all namespaces that do not say otherwise')
    .addOption(hiddenOption('--webhook-name <name>', 'name of the webhook configuration'))
    .addOption(hiddenOption('-y, --yes', 'nothing is asked'))
    .addOption(skipConfirmationOption());
  withoutCharts(withClusterFlags(command));
}

/** The dashboards by name, with what they are. */
const DASHBOARDS = [
  'grafana',
  'kiali',
  'prometheus',
  'jaeger',
  'zipkin',
  'skywalking',
  'proxy',
  'envoy',
  'controlz',
  'istiod-debug',
];

/** Adds `dashboard`. */
export function addDashboard(root: Command, run: Run, io: Io): void {
  const command = root
    .command('dashboard')
    .alias('dash')
    .description('Forward a local port to a web UI of the mesh and open it.')
    .addArgument(oneOf(new Argument('<name>', 'which one'), DASHBOARDS))
    .argument('[pod]', 'for proxy and envoy: the pod, as name or name.namespace');
  withClusterFlags(command)
    .addOption(istioNamespaceOption('namespace of the control plane and its add-ons').default('istio-system'))
    .addOption(namespaceOption('-n, --namespace <name>', 'namespace of the pod').default('default'))
    .option('-l, --selector <labels>', 'labels of the pod')
    .addOption(portOption('-p, --port <port>', 'local port; without it the same as in the pod, or a free one'))
    .addOption(portOption('--ui-port <port>', 'port of the web UI in the pod'))
    .option('--address <address>', 'local address', '127.0.0.1')
    .option('--browser [open]', 'open a browser; false only prints the URL', (text) => text !== 'false', true)
    .option('--no-browser', 'the same as --browser=false');
  withExample(command, 'iop dashboard kiali').action((name, pod, options) =>
    run(async () => (await import('../commands/dashboard.ts')).dashboard(name, pod, options, io)),
  );
}

/** Adds `version` and `completion`. */
export function addAbout(root: Command, run: Run, io: Io): void {
  const version = root.command('version').description('Print the versions of iop and of the control planes.');
  withOutputFlag(withClusterFlags(version), ['text', 'json', 'yaml'])
    .option('--client', 'of iop only; asks no cluster')
    .option('-s, --short', 'numbers only')
    .addOption(
      hiddenOption('--remote [asked]', 'false is the same as --client').argParser((text: string) => text !== 'false'),
    );
  withExample(version, 'iop version').action((options) =>
    run(async () => (await import('../commands/version.ts')).version(options, io)),
  );
  const completion = root
    .command('completion')
    .description('Print a script that completes commands and flags in a shell.')
    .addArgument(oneOf(new Argument('<shell>', 'which one'), ['bash', 'zsh', 'fish']));
  withExample(completion, 'source <(iop completion bash)').action((shell) =>
    run(async () => (await import('./completion.ts')).completion(shell, root, io)),
  );
}
