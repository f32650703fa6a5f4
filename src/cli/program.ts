import { Command, CommanderError, Option } from 'commander';
import { OPERATOR_VERSION, OperatorError } from '../core/index.ts';
import { EXIT_FAILED, EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import { Interrupted, type Io } from './io.ts';
import { formatFailure } from './messages.ts';

/**
 * Runs one command line.
 * @param args - without the program's own name.
 * @returns the exit code: 0, 1 when it failed, 64 when the command line is wrong, 130 or 143 after a signal.
 */
export async function runCli(args: readonly string[], io: Io): Promise<number> {
  const pending: string[] = [];
  try {
    await program(io, (text) => pending.push(text)).parseAsync(args, { from: 'user' });
    return EXIT_OK;
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
function program(io: Io, writeErr: (text: string) => void): Command {
  const root = new Command('iop')
    .description('Installs, upgrades and looks after Istio from IstioOperator resources.')
    .version(OPERATOR_VERSION, '-V, --version', 'print the version of iop')
    .helpOption('-h, --help', 'show help')
    .showHelpAfterError('(add --help for the options)')
    .configureOutput({ writeOut: (text) => void io.stdout.write(text), writeErr })
    .exitOverride();
  addManifest(root, io);
  addProfile(root, io);
  addOperator(root, io);
  return root;
}

function addManifest(root: Command, io: Io): void {
  const manifest = root.command('manifest').description('Work with the manifest that an IstioOperator stands for.');
  manifest
    .command('generate')
    .description('Print the manifest, one YAML document per object.')
    .option(
      '-f, --filename <file>',
      'IstioOperator file, - for standard input; several are merged in order',
      collect,
      [],
    )
    .option('-s, --set <path=value>', 'set a field of spec, e.g. values.global.hub=my.registry', collect, [])
    .option('-r, --revision <name>', 'control plane revision; the same as --set revision=<name>')
    .addHelpText(
      'after',
      '\nExample:\n  $ iop manifest generate -f iop.yaml --set profile=demo | kubectl apply --server-side -f -',
    )
    .action(async (options) => {
      const { generateManifest } = await import('./manifest-generate.ts');
      await generateManifest(options, io);
    });
}

function addProfile(root: Command, io: Io): void {
  const profile = root.command('profile').description('Show the built-in configuration profiles.');
  profile
    .command('list')
    .description('List the profiles.')
    .addHelpText('after', '\nExample:\n  $ iop profile list')
    .action(async () => {
      const { listProfiles } = await import('./profile.ts');
      await listProfiles(io);
    });
  profile
    .command('dump')
    .description('Print a profile as an IstioOperator, with everything that it inherits.')
    .argument('[profile]', 'name of the profile', 'default')
    .option('-f, --filename <file>', 'merge IstioOperator files over it', collect, [])
    .option('-s, --set <path=value>', 'set a field of spec', collect, [])
    .addOption(new Option('-o, --output <format>', 'output format').choices(['yaml', 'json']).default('yaml'))
    .addHelpText('after', '\nExample:\n  $ iop profile dump demo')
    .action(async (name, options) => {
      const { dumpProfile } = await import('./profile.ts');
      await dumpProfile(name, options, io);
    });
}

function addOperator(root: Command, io: Io): void {
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
    .option('--monitoring-host <address>', 'address of /metrics, /healthz and /readyz', '127.0.0.1')
    .option('--monitoring-port <port>', 'port of the same; 0 takes a free one', portNumber, 8383)
    .addOption(
      new Option('--log-level <level>', 'least important messages to log')
        .choices(['error', 'warn', 'info', 'debug'])
        .default('info'),
    )
    .addHelpText('after', '\nExample:\n  $ iop operator run --kubeconfig ~/.kube/config --watch-namespace ""')
    .action(async (options) => {
      const { operatorRun } = await import('./operator-run.ts');
      await operatorRun(options, io);
    });
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

function positiveInteger(text: string): number {
  return wholeNumber(text, 1, 1_000);
}

function portNumber(text: string): number {
  return wholeNumber(text, 0, 65_535);
}

function wholeNumber(text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new OperatorError(`"${text}" is not a whole number from ${least} to ${most}.`, { code: 'Usage' });
}
