import { type Command, Option } from 'commander';
import { OPERATOR_VERSION } from '../../core/index.ts';
import { FATES } from '../live/fate.ts';
import { EXIT_OK } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import {
  collect,
  countOption,
  hiddenOption,
  oneOf,
  portOption,
  type Run,
  skipConfirmationOption,
  withClusterFlags,
  withExample,
  withOutputFlag,
  withoutCharts,
} from './options.ts';

/** Adds `operator run|init|dump|drain|remove|status`. */
export function addOperator(root: Command, run: Run, io: Io): void {
  const operator = root.command('operator').description('The controller that looks after IstioOperator resources.');
  withExample(operator, 'iop operator init');
  addRun(operator, run, io);
  addInit(operator, run, io);
  addDump(operator, run, io);
  addDrain(operator, run, io);
  addRemove(operator, run, io);
  addStatus(operator, run, io);
}

function addRun(operator: Command, run: Run, io: Io): void {
  const command = operator.command('run').description('Run the controller against the current cluster, or in one.');
  addWatchFlags(command);
  addLeaderFlags(command);
  command
    .addOption(
      new Option('--monitoring-host <address>', 'address of /metrics, /healthz and /readyz').default('127.0.0.1'),
    )
    .addOption(portOption('--monitoring-port <port>', 'its port, 0 for any').default(8383))
    .addOption(
      oneOf(new Option('--log-level <level>', 'least important messages to log'), [
        'error',
        'warn',
        'info',
        'debug',
      ]).default('info'),
    );
  withClusterFlags(command);
  withExample(command, 'iop operator run --kubeconfig ~/.kube/config --watch-namespace ""').action((options) =>
    run(async () => {
      await (await import('../commands/operator-run.ts')).operatorRun(options, io);
      return EXIT_OK;
    }),
  );
}

function addWatchFlags(command: Command): void {
  command
    .addOption(
      new Option('-n, --watch-namespace <names>', 'namespaces to watch, comma-separated; empty for all')
        .env('WATCH_NAMESPACE')
        .default('istio-system'),
    )
    .addOption(new Option('--revision <name>', 'only CRs of this revision').env('REVISION'))
    .option('--no-finalizer', 'let a deleted CR leave what it installed')
    .addOption(countOption('--max-concurrent-reconciles <count>', 'CRs worked on at a time').default(4))
    .addOption(
      new Option('--readiness-timeout <duration>', 'how long a component may take to become ready')
        .env('WAIT_FOR_RESOURCES_TIMEOUT')
        .default('300s'),
    );
}

function addLeaderFlags(command: Command): void {
  command
    .addOption(
      new Option(
        '--leader-election-namespace <name>',
        'namespace of the lock; default that of its pod; empty for no lock',
      ).env('LEADER_ELECTION_NAMESPACE'),
    )
    .addOption(
      new Option('--renew-deadline <duration>', 'time a leader may write without renewing')
        .env('RENEW_DEADLINE')
        .default('10s'),
    );
}

/** The image in `deploy/`, which is not loaded for the help. */
const DEFAULT_IMAGE = `ghcr.io/istio-operator/istio-operator:${OPERATOR_VERSION}`;

/** @param otherwise - what holds where nothing is said: before the default image and namespace. */
function withSetupFlags(command: Command, otherwise: string): Command {
  return withoutCharts(command)
    .option('--image <image>', `image of the operator; default ${otherwise}${DEFAULT_IMAGE}`)
    .option('--hub <registry>', 'registry of the image, where --image is not given')
    .option('--tag <tag>', 'tag of the image, where --image is not given')
    .option('--imagePullSecrets <name>', 'Secret with which it is pulled; may be repeated', collect, [])
    .option('--operatorNamespace <name>', 'namespace of the operator', 'istio-operator')
    .option(
      '--watchedNamespaces <names>',
      `namespaces to watch, comma-separated; empty for all; default ${otherwise}istio-system`,
    );
}

function addInit(operator: Command, run: Run, io: Io): void {
  const command = operator
    .command('init')
    .description('Install the operator, or bring it up to date, and wait until it is ready.');
  withSetupFlags(withClusterFlags(command), 'as before, else ')
    .option('-f, --filename <file>', 'IstioOperator to apply then, - for stdin')
    .option('--readiness-timeout <duration>', 'how long it may take to become ready', '300s')
    .option('-q, --quiet', 'print errors only');
  withExample(command, 'iop operator init --image my.registry/istio-operator:0.1.0').action((options) =>
    run(async () => (await import('../commands/operator-init.ts')).operatorInit(options, io)),
  );
}

function addDump(operator: Command, run: Run, io: Io): void {
  const command = operator.command('dump').description('Print what init installs.');
  withOutputFlag(withSetupFlags(command, ''), ['yaml', 'json']);
  withExample(command, 'iop operator dump | kubectl apply --server-side -f -').action((options) =>
    run(async () => (await import('../commands/operator-setup.ts')).operatorDump(options, io)),
  );
}

function addRemove(operator: Command, run: Run, io: Io): void {
  const command = operator
    .command('remove')
    .description('Remove the operator. Istio, the IstioOperators and their CRD stay.');
  withFateFlags(withClusterFlags(command))
    .option('--operatorNamespace <name>', 'namespace of the operator', 'istio-operator')
    .option('-y, --yes', 'do not ask')
    .addOption(skipConfirmationOption())
    .addOption(hiddenOption('--purge', 'there is one operator in a namespace; it is removed anyhow'))
    .addOption(hiddenOption('--force', 'errors never keep anything from being removed'));
  withExample(command, 'iop operator remove').action((options) =>
    run(async () => (await import('../commands/operator-setup.ts')).operatorRemove(options, io)),
  );
}

function addDrain(operator: Command, run: Run, io: Io): void {
  const command = operator
    .command('drain')
    .description('Stop the operator, so that no IstioOperator waits for it. Then Helm or kubectl may remove it.');
  withFateFlags(withClusterFlags(command))
    .addOption(
      new Option('-n, --watch-namespace <names>', 'namespaces that it watches, comma-separated; empty for all')
        .env('WATCH_NAMESPACE')
        .default('istio-system'),
    )
    .addOption(new Option('--revision <name>', 'revision that it looks after').env('REVISION'))
    .addOption(
      new Option('--operatorNamespace <name>', 'namespace of the operator')
        .env('POD_NAMESPACE')
        .default('istio-operator'),
    )
    .addOption(new Option('--name <name>', 'its Deployment').env('OPERATOR_NAME').default('istio-operator'))
    .option('-y, --yes', 'do not ask')
    .addOption(skipConfirmationOption());
  withExample(command, 'iop operator drain --resources release').action((options) =>
    run(async () => (await import('../commands/operator-drain.ts')).operatorDrain(options, io)),
  );
}

/** Adds the flags that say what becomes of the IstioOperators. */
function withFateFlags(command: Command): Command {
  return command
    .addOption(
      oneOf(new Option('--resources <what>', 'what becomes of IstioOperators; remove deletes Istio with them'), FATES)
        .env('ON_UNINSTALL')
        .default('release'),
    )
    .option('--timeout <duration>', 'how long the operator has to remove what they installed', '120s');
}

function addStatus(operator: Command, run: Run, io: Io): void {
  const command = operator.command('status').description('Show the operator and the IstioOperators.');
  withOutputFlag(withClusterFlags(command), ['text', 'json']).option(
    '--operatorNamespace <name>',
    'namespace of the operator',
    'istio-operator',
  );
  withExample(command, 'iop operator status').action((options) =>
    run(async () => (await import('../commands/operator-setup.ts')).operatorStatus(options, io)),
  );
}
