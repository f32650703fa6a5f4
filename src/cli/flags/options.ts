import { type Command, Option } from 'commander';
import { OperatorError } from '../../core/index.ts';

/** What registering commands needs: how to run one, and what its exit code goes to. */
export type Run = (command: () => Promise<number>) => Promise<void>;

/** Adds the flags that say which cluster is meant. */
export function withClusterFlags(command: Command): Command {
  return command
    .option('-c, --kubeconfig <file>', 'kubeconfig file; default KUBECONFIG, then ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig');
}

/** Adds the flags that say what is to be installed. */
export function withInputFlags(command: Command): Command {
  return command
    .option('-f, --filename <file>', 'IstioOperator file, - for stdin; several are merged', collect, [])
    .option('-s, --set <path=value>', 'set a field of spec, e.g. profile=demo', collect, [])
    .option('-r, --revision <name>', 'control plane revision');
}

/** Adds the flags for where Istio and its IstioOperator are. */
export function withNamespaceFlags(command: Command): Command {
  return command
    .option('-i, --istioNamespace <name>', 'namespace of the control plane (default istio-system)')
    .option('-n, --namespace <name>', 'namespace of an IstioOperator that names none');
}

/** Adds `-o`. The first format is the default. */
export function withOutputFlag(command: Command, formats: readonly [string, ...string[]]): Command {
  return command.addOption(new Option('-o, --output <format>', 'output format').choices(formats).default(formats[0]));
}

/** Adds an example below the help of a command. */
export function withExample(command: Command, example: string): Command {
  return command.addHelpText('after', `\nExample:\n  $ ${example}`);
}

/** Collects a flag that may be given several times. */
export function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

/** A whole number above 0. */
export function positiveInteger(text: string): number {
  return wholeNumber(text, 1, 1_000);
}

/** A TCP port; 0 takes a free one. */
export function portNumber(text: string): number {
  return wholeNumber(text, 0, 65_535);
}

function wholeNumber(text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new OperatorError(`"${text}" is not a whole number from ${least} to ${most}.`, { code: 'Usage' });
}
