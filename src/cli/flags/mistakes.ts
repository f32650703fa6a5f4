import type { Command, CommanderError } from 'commander';

/**
 * Puts `help` in front behind the command, so that it reaches subcommands. Where the command does not exist, nobody asks for
 * help any more: commander would show that of the parent, without a word on the mistake.
 */
export function withHelpBehind(args: readonly string[], root: Command): readonly string[] {
  const words = args[0] === 'help' ? [...args.slice(1), '--help'] : args;
  return isMistyped(words, root) ? words.filter((word) => word !== '--help' && word !== '-h') : words;
}

function isMistyped([word, ...rest]: readonly string[], parent: Command): boolean {
  if (parent.commands.length === 0 || word === undefined || word === 'help' || word.startsWith('-')) return false;
  const command = commandOf(parent, word);
  return command === undefined || isMistyped(rest, command);
}

function commandOf(parent: Command, word: string | undefined): Command | undefined {
  return parent.commands.find((command) => [command.name(), ...command.aliases()].includes(word ?? ''));
}

/** What to do about the mistakes that people make most; commander only says what is wrong. */
export function hintFor({ code, message }: CommanderError, root: Command): string | undefined {
  const command = parsed(root);
  if (code === 'commander.unknownCommand') return istioctlHint(message);
  if (code === 'commander.excessArguments') return fileHint(command);
  return code === 'commander.unknownOption' ? profileHint(message, command) : undefined;
}

/** The command that the parser has come to. */
function parsed(parent: Command): Command {
  const command = commandOf(parent, parent.args[0]);
  return command === undefined ? parent : parsed(command);
}

/** What istioctl can do and iop leaves to it. */
const ISTIOCTL_COMMANDS =
  /'(admin|analyze|bug-report|create-remote-secret|experimental|proxy-\w+|p[cs]|remote-clusters|waypoint|x|ztunnel-config)'/;

function istioctlHint(message: string): string | undefined {
  const name = ISTIOCTL_COMMANDS.exec(message)?.[1];
  return name === undefined ? undefined : `Use istioctl ${name}; it works with what iop installs.`;
}

function fileHint(command: Command): string | undefined {
  const file = command.args[command.registeredArguments.length];
  if (file === undefined || !hasFlag(command, '--filename')) return undefined;
  return `Name the file with -f: ${nameOf(command)} -f ${file}`;
}

function profileHint(message: string, command: Command): string | undefined {
  if (!/'--profile(=|')/.test(message) || !hasFlag(command, '--set')) return undefined;
  const [, said] = /'--profile=(.*)'/.exec(message) ?? [];
  const next = command.args[command.args.indexOf('--profile') + 1];
  return `Use --set profile=${said ?? next ?? 'NAME'}`;
}

function hasFlag({ options }: Command, long: string): boolean {
  return options.some((option) => option.long === long);
}

function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}
