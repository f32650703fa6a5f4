import { Command, CommanderError, Help, type Option } from 'commander';
import { type ErrorCode, OPERATOR_VERSION, OperatorError } from '../core/index.ts';
import { addInstall, addPlan, addStatus, addUninstall, addUpgrade, addVerify } from './flags/install-commands.ts';
import { addOfflineCommands } from './flags/manifest-commands.ts';
import { hintFor, withHelpBehind } from './flags/mistakes.ts';
import { addOperator } from './flags/operator-commands.ts';
import { clusterLast, type Run, withExample, withSharedFlagsAnywhere } from './flags/options.ts';
import { addAbout, addDashboard, addTag } from './flags/other-commands.ts';
import { addProfile } from './flags/profile-commands.ts';
import { EXIT_FAILED, EXIT_OK, EXIT_USAGE } from './terminal/exit-codes.ts';
import { Interrupted, type Io } from './terminal/io.ts';
import { formatFailure } from './terminal/messages.ts';
import { paintFor } from './terminal/paint.ts';

/**
 * Runs one command line.
 * @param args - without the program's own name.
 * @returns the exit code: 0, 1 when it failed or a comparison found a difference, 2 when a plan has changes or a comparison
 *   failed, 64 when the command line is wrong, 130 or 143 after a signal.
 */
export async function runCli(args: readonly string[], io: Io): Promise<number> {
  const pending: string[] = [];
  let exitCode: number = EXIT_OK;
  let ifFailed: number = EXIT_FAILED;
  const run: Run = async (command, whenItFails = EXIT_FAILED) => {
    ifFailed = whenItFails;
    exitCode = await command();
  };
  const root = program(io, run, (text) => pending.push(text));
  try {
    await root.parseAsync(withHelpBehind(args, root), { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error, io, { pending, root, ifFailed });
  } finally {
    for (const text of pending.splice(0)) await io.stderr.write(text);
  }
}

/** Codes of what is wrong with the command line itself. */
const ON_COMMAND_LINE: ReadonlySet<string> = new Set(['Usage', 'InvalidSet'] satisfies ErrorCode[]);

function explain(
  error: unknown,
  io: Io,
  { pending, root, ifFailed }: { pending: string[]; root: Command; ifFailed: number },
): number {
  if (error instanceof CommanderError) {
    const hint = hintFor(error, root);
    // before commander's own last line, which points to the help
    if (hint !== undefined) pending.splice(1, 0, `       ${hint}\n`);
    return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
  }
  if (io.signal.aborted && io.signal.reason instanceof Interrupted) return io.signal.reason.exitCode;
  if (!(error instanceof OperatorError)) throw error;
  pending.push(formatFailure(error, io));
  return ON_COMMAND_LINE.has(error.detail.code) ? EXIT_USAGE : ifFailed;
}

/** The command tree. Commands load their code when they run, so that `--help` and `manifest generate` start fast. */
function program(io: Io, run: Run, writeErr: (text: string) => void): Command {
  const root = new Command('iop')
    .description('Installs, upgrades and looks after Istio from IstioOperator resources.')
    .version(OPERATOR_VERSION, '-V, --version', 'print the version of iop')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'Show help of a command.')
    .showHelpAfterError('(add --help for the options)')
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr,
      outputError: (text, write) => write(text.replace(/^error:/, paintFor(io.stderr, io)('red', 'error:'))),
      getOutHelpWidth: () => io.stdout.columns,
      getErrHelpWidth: () => io.stderr.columns,
    })
    // the name only: with flags and aliases, which the help of the command has, a line of the list would become two
    .configureHelp({
      optionDescription: describeOption,
      subcommandTerm: (command) => command.name(),
      minWidthToWrap: 20,
      groupItems: clusterLast,
    })
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
  withSharedFlagsAnywhere(root);
  return withExample(root, 'iop install --set profile=demo');
}

/** As commander does it, without telling that a list is empty by default. */
function describeOption(option: Option): string {
  const isList = Array.isArray(option.defaultValue) && option.defaultValue.length === 0;
  return new Help().optionDescription(
    isList ? Object.assign(Object.create(option), { defaultValue: undefined }) : option,
  );
}
