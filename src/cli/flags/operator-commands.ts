import type { Command } from 'commander';
import type { Io } from '../terminal/io.ts';
import { type Run, withClusterFlags, withExample, withOutputFlag } from './options.ts';

/** Adds `operator init|dump|remove|status`. */
export function addOperatorSetup(operator: Command, run: Run, io: Io): void {
  addInit(operator, run, io);
  addDump(operator, run, io);
  addRemove(operator, run, io);
  addStatus(operator, run, io);
}

function withSetupFlags(command: Command): Command {
  return command
    .option('--image <image>', 'image of the operator')
    .option('--operatorNamespace <name>', 'namespace of the operator', 'istio-operator')
    .option('--watchedNamespaces <names>', 'namespaces to watch, comma-separated; empty for all', 'istio-system');
}

function addInit(operator: Command, run: Run, io: Io): void {
  const command = operator.command('init').description('Install the operator and wait until it is ready.');
  withSetupFlags(withClusterFlags(command))
    .option('--readiness-timeout <duration>', 'how long it may take to become ready', '300s')
    .option('-q, --quiet', 'print errors only');
  withExample(command, 'iop operator init --image my.registry/istio-operator:0.1.0').action((options) =>
    run(async () => (await import('../commands/operator-setup.ts')).operatorInit(options, io)),
  );
}

function addDump(operator: Command, run: Run, io: Io): void {
  const command = operator.command('dump').description('Print what init installs.');
  withOutputFlag(withSetupFlags(command), ['yaml', 'json']);
  withExample(command, 'iop operator dump | kubectl apply --server-side -f -').action((options) =>
    run(async () => (await import('../commands/operator-setup.ts')).operatorDump(options, io)),
  );
}

function addRemove(operator: Command, run: Run, io: Io): void {
  const command = operator
    .command('remove')
    .description('Remove the operator. Istio, the IstioOperators and their CRD stay.');
  withClusterFlags(command)
    .option('--operatorNamespace <name>', 'namespace of the operator', 'istio-operator')
    .option('-y, --yes', 'do not ask');
  withExample(command, 'iop operator remove').action((options) =>
    run(async () => (await import('../commands/operator-setup.ts')).operatorRemove(options, io)),
  );
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
