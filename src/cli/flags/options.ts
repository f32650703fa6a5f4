import { type Argument, type Command, Option } from 'commander';
import { nearMatch, OperatorError } from '../../core/index.ts';

/** What registering commands needs: how to run one, and the exit code with which it fails where that is not 1. */
export type Run = (command: () => Promise<number>, whenItFails?: number) => Promise<void>;

/** The heading of the flags that every command with a cluster has. */
const CLUSTER = 'Cluster:';

/** Adds the flags that say which cluster is meant, and as whom. */
export function withClusterFlags(command: Command): Command {
  for (const option of clusterOptions()) command.addOption(option);
  return command;
}

function clusterOptions(): readonly Option[] {
  return [
    new Option('-c, --kubeconfig <file>', 'kubeconfig file; default KUBECONFIG, then ~/.kube/config'),
    new Option('--context <name>', 'context of the kubeconfig'),
    new Option('--as <user>', 'act as this user'),
    new Option('--as-group <group>', 'act as a member of it; may be repeated').argParser(collect).default([]),
    new Option('--as-uid <uid>', 'act with this uid'),
    new Option('--kubeclient-timeout <duration>', 'how long one request may take').default('30s'),
  ].map((option) => option.helpGroup(CLUSTER));
}

/** Groups what a help lists: what is special about a command comes before the flags that all of them have. */
export function clusterLast<T>(_all: T[], visible: T[], groupOf: (item: T) => string): Map<string, T[]> {
  const isCluster = (item: T) => Number(groupOf(item) === CLUSTER);
  return Map.groupBy(
    visible.toSorted((a, b) => isCluster(a) - isCluster(b)),
    groupOf,
  );
}

/**
 * Lets the flags that are the same everywhere stand before a subcommand, too: `iop --context a status`. A command that
 * has no such flag ignores it, as istioctl does.
 */
export function withSharedFlagsAnywhere(root: Command): void {
  root.enablePositionalOptions();
  for (const parent of parentsIn(root)) {
    const shared = [
      ...clusterOptions(),
      istioNamespaceOption('namespace of the control plane'),
      namespaceOption('-n, --namespace <name>', 'namespace that the command is about'),
    ];
    for (const option of shared) parent.addOption(option.hideHelp());
  }
  root.hook('preAction', (_root, command) => {
    for (let parent = command.parent; parent !== null; parent = parent.parent) handDown(parent, command);
  });
}

function parentsIn(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [] : [command, ...command.commands.flatMap(parentsIn)];
}

/** Gives a command what was said before its name, where it was not said again behind. */
function handDown(parent: Command, command: Command): void {
  const known = new Set(command.options.map((option) => option.attributeName()));
  for (const [name, value] of Object.entries(parent.opts())) {
    const isMeant = parent.getOptionValueSource(name) === 'cli' && command.getOptionValueSource(name) !== 'cli';
    if (isMeant && known.has(name)) command.setOptionValueWithSource(name, value, 'cli');
  }
}

/** Adds the flags that say what is to be installed. */
export function withInputFlags(command: Command): Command {
  return command
    .option('-f, --filename <file>', 'IstioOperator file, - for stdin; several are merged', collect, [])
    .option('-s, --set <path=value>', 'set a field of spec, e.g. profile=demo', collect, [])
    .addOption(revisionOption('control plane revision'));
}

/** Adds the flags for where Istio and its IstioOperator are. */
export function withNamespaceFlags(command: Command): Command {
  return command
    .addOption(istioNamespaceOption('namespace of the control plane (default istio-system)'))
    .addOption(namespaceOption('-n, --namespace <name>', 'namespace of an IstioOperator that names none'));
}

/** `-i`, which has no default where a manifest may say it, too. */
export function istioNamespaceOption(description: string): Option {
  return namespaceOption('-i, --istioNamespace <name>', description);
}

/** An option that takes the name of a namespace. */
export function namespaceOption(flags: string, description: string): Option {
  return labelOption(new Option(flags, description), 'the name of a namespace');
}

/** `-r`; empty, as scripts may have it, is the revision without a name. */
export function revisionOption(description: string): Option {
  const option = labelOption(new Option('-r, --revision <name>', description), 'a revision');
  const parse = option.parseArg;
  return option.argParser((text) => (text === '' ? text : String(parse?.(text, ''))));
}

/** Lets an option take only what can be a DNS label. */
function labelOption(option: Option, what: string): Option {
  return option.argParser((text) => {
    if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text)) return text;
    throw new OperatorError(`${option.long}: "${text}" is not ${what}.`, {
      code: 'Usage',
      hint: 'Use lower-case letters, digits and dashes.',
    });
  });
}

/** Adds `-o`. The first format is the default. */
export function withOutputFlag(command: Command, formats: readonly [string, ...string[]]): Command {
  const option = new Option('-o, --output <format>', 'output format');
  return command.addOption(oneOf(option, formats).default(formats[0]));
}

/** Lets an option or argument take one of some words only, and tells the near one where it is none. */
export function oneOf<T extends Option | Argument>(option: T, words: readonly string[]): T {
  option.choices([...words]);
  option.argParser((text: string) => {
    if (words.includes(text)) return text;
    const near = nearMatch(text, words);
    throw new OperatorError(`${labelOf(option)}: "${text}" is none of ${words.join(', ')}.`, {
      code: 'Usage',
      ...(near === undefined ? {} : { hint: `Did you mean ${near}?` }),
    });
  });
  return option;
}

function labelOf(option: Option | Argument): string {
  return option instanceof Option ? (option.long ?? option.flags) : option.name();
}

/** The longer name of `--yes`. */
export function skipConfirmationOption(): Option {
  return hiddenOption('--skip-confirmation', 'the same as --yes').implies({ yes: true });
}

/** Refuses the flags with which istioctl reads charts and profiles from a folder, with the reason. */
export function withoutCharts(command: Command): Command {
  const refuse = () => {
    throw new OperatorError('iop brings its manifests along and reads no charts, so --manifests has no effect.', {
      code: 'Usage',
      hint: 'Leave it out; what is installed is changed with -f, --set and overlays.',
    });
  };
  return command
    .addOption(hiddenOption('-d, --manifests <folder>', 'not supported').argParser(refuse))
    .addOption(hiddenOption('--charts <folder>', 'not supported').argParser(refuse));
}

/** An option that only people who come from another tool know; help and completion do not show it. */
export function hiddenOption(flags: string, description: string): Option {
  return new Option(flags, description).hideHelp();
}

/** Adds an example below the help of a command. */
export function withExample(command: Command, example: string): Command {
  return command.addHelpText('after', `\nExample:\n  $ ${example}`);
}

/** Collects a flag that may be given several times. */
export function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

/** An option that takes a whole number above 0. */
export function countOption(flags: string, description: string): Option {
  return numberOption(new Option(flags, description), 1, 1_000);
}

/** An option that takes a TCP port; 0 stands for a free one. */
export function portOption(flags: string, description: string): Option {
  return numberOption(new Option(flags, description), 0, 65_535);
}

function numberOption(option: Option, least: number, most: number): Option {
  return option.argParser((text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new OperatorError(`${option.long}: "${text}" is not a whole number from ${least} to ${most}.`, {
      code: 'Usage',
    });
  });
}
