import { Command, CommanderError, Help, Option } from 'commander';
import { OPERATOR_VERSION, OperatorError } from '../core/index.ts';
import { addInstall, addPlan, addStatus, addUninstall, addUpgrade, addVerify } from './flags/install-commands.ts';
import { addOfflineCommands } from './flags/manifest-commands.ts';
import { addOperatorSetup } from './flags/operator-commands.ts';
import { portNumber, positiveInteger, type Run, withExample } from './flags/options.ts';
import { addAbout, addDashboard, addTag } from './flags/other-commands.ts';
import { addProfile } from './flags/profile-commands.ts';
import { EXIT_FAILED, EXIT_OK, EXIT_USAGE } from './terminal/exit-codes.ts';
import { Interrupted, type Io } from './terminal/io.ts';
import { formatFailure } from './terminal/messages.ts';

/**
 * Runs one command line.
 * @param args - without the program's own name.
 * @returns the exit code: 0, 1 when it failed, 2 when a plan has changes, 64 when the command line is wrong, 130 or 143
 *   after a signal.
 */
export async function runCli(args: readonly string[], io: Io): Promise<number> {
  const pending: string[] = [];
  let exitCode: number = EXIT_OK;
  const run: Run = async (command) => {
    exitCode = await command();
  };
  try {
    await program(io, run, (text) => pending.push(text)).parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return await explain(error, io, pending);
  } finally {
    for (const text of pending.splice(0)) await io.stderr.write(text);
  }
}

async function explain(error: unknown, io: Io, pending: string[]): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
  if (io.signal.aborted && io.signal.reason instanceof Interrupted) return io.signal.reason.exitCode;
  if (!(error instanceof OperatorError)) throw error;
  pending.push(formatFailure(error));
  return error.detail.code === 'Usage' ? EXIT_USAGE : EXIT_FAILED;
}

/** The command tree. Commands load their code when they run, so that `--help` and `manifest generate` start fast. */
function program(io: Io, run: Run, writeErr: (text: string) => void): Command {
  const root = new Command('iop')
    .description('Installs, upgrades and looks after Istio from IstioOperator resources.')
    .version(OPERATOR_VERSION, '-V, --version', 'print the version of iop')
    .helpOption('-h, --help', 'show help')
    .showHelpAfterError('(add --help for the options)')
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr,
      getOutHelpWidth: () => io.stdout.columns,
      getErrHelpWidth: () => io.stderr.columns,
    })
    .configureHelp({ optionDescription: describeOption, minWidthToWrap: 20 })
    .exitOverride();
  addInstall(root, run, io);
  addUpgrade(root, run, io);
  addUninstall(root, run, io);
  addPlan(root, run, io);
  addVerify(root, run, io);
  addStatus(root, run, io);
  addOfflineCommands(root, run, io);
  addProfile(root, run, io);
  addOperator(root, run, io);
  addTag(root, run, io);
  addDashboard(root, run, io);
  addAbout(root, run, io);
  return withExample(root, 'iop install --set profile=demo');
}

/** As commander does it, without telling that a list is empty by default. */
function describeOption(option: Option): string {
  const isList = Array.isArray(option.defaultValue) && option.defaultValue.length === 0;
  return new Help().optionDescription(
    isList ? Object.assign(Object.create(option), { defaultValue: undefined }) : option,
  );
}

function addOperator(root: Command, run: Run, io: Io): void {
  const operator = root.command('operator').description('The controller that looks after IstioOperator resources.');
  operator
    .command('run')
    .description('Run the controller against the current cluster, or in one.')
    .option('-c, --kubeconfig <file>', 'kubeconfig file; default KUBECONFIG, then the cluster it runs in')
    .option('--context <name>', 'context of the kubeconfig')
    .addOption(
      new Option('-n, --watch-namespace <names>', 'namespaces to watch, comma-separated; empty for all')
        .env('WATCH_NAMESPACE')
        .default('istio-system'),
    )
    .addOption(new Option('--revision <name>', 'look after CRs of this revision only').env('REVISION'))
    .option('--max-concurrent-reconciles <count>', 'CRs that are worked on at the same time', positiveInteger, 4)
    .addOption(
      new Option('--readiness-timeout <duration>', 'how long a component may take to become ready')
        .env('WAIT_FOR_RESOURCES_TIMEOUT')
        .default('300s'),
    )
    .addOption(
      new Option(
        '--leader-election-namespace <name>',
        'namespace of the lock by which several operators agree on one; default that of its pod; empty for no lock',
      ).env('LEADER_ELECTION_NAMESPACE'),
    )
    .addOption(
      new Option(
        '--renew-deadline <duration>',
        'how long after the last renewal of its lease an operator stops writing',
      )
        .env('RENEW_DEADLINE')
        .default('10s'),
    )
    .option('--monitoring-host <address>', 'address of /metrics, /healthz and /readyz', '127.0.0.1')
    .option('--monitoring-port <port>', 'port of the same; 0 takes a free one', portNumber, 8383)
    .addOption(
      new Option('--log-level <level>', 'least important messages to log')
        .choices(['error', 'warn', 'info', 'debug'])
        .default('info'),
    )
    .addHelpText('after', '\nExample:\n  $ iop operator run --kubeconfig ~/.kube/config --watch-namespace ""')
    .action((options) =>
      run(async () => {
        await (await import('./commands/operator-run.ts')).operatorRun(options, io);
        return EXIT_OK;
      }),
    );
  addOperatorSetup(operator, run, io);
  withExample(operator, 'iop operator init');
}
