import type { Command, Option } from 'commander';
import { PROFILE_NAMES } from '../../profiles/index.ts';
import type { Io } from '../terminal/io.ts';
import { bashScript, fishScript, zshScript } from './completion-scripts.ts';

/** Shells that a script can be printed for. */
export type Shell = 'bash' | 'zsh' | 'fish';

/** What can stand behind a flag: some words, a file, or what nobody can guess. */
export type FlagValue = { readonly words: readonly string[] } | 'file' | 'unknown' | 'none';

/** A flag with its spellings. */
export interface Flag {
  readonly names: readonly string[];
  readonly description: string;
  readonly value: FlagValue;
}

/** What can follow the words of a command: commands or fixed arguments, and flags. */
export interface CompletionNode {
  /** The words after `iop`, joined by a blank; empty for `iop` itself. */
  readonly command: string;
  readonly words: readonly { readonly word: string; readonly description: string }[];
  readonly flags: readonly Flag[];
  /** True where an argument is a file. */
  readonly takesFiles: boolean;
}

/** `iop completion`: a script for the shell that completes commands, flags and their values, profiles and files. */
export async function completion(shell: Shell, root: Command, io: Io): Promise<number> {
  const nodes = nodesOf(root, '');
  await io.stdout.write({ bash: bashScript, zsh: zshScript, fish: fishScript }[shell](nodes));
  return 0;
}

function nodesOf(command: Command, path: string): readonly CompletionNode[] {
  const commands = command.commands.map((each) => ({ word: each.name(), description: each.description() }));
  const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
  const profiles = path.startsWith('profile d') ? PROFILE_NAMES : [];
  const flags = command.options.filter(({ hidden }) => !hidden).map(flagOf);
  const help: Flag = { names: ['--help', '-h'], description: 'show help', value: 'none' };
  const node: CompletionNode = {
    command: path,
    words: [...commands, ...[...choices, ...profiles].map((word) => ({ word, description: '' }))],
    flags: [...flags, help],
    takesFiles: command.registeredArguments.some((argument) => FILES.has(argument.name())),
  };
  const children = command.commands.flatMap((each) =>
    [each.name(), ...each.aliases()].flatMap((name) => nodesOf(each, path === '' ? name : `${path} ${name}`)),
  );
  return [node, ...children];
}

/** Names of arguments and of values of flags that are files. */
const FILES: ReadonlySet<string> = new Set(['file', 'files', 'folder', 'before', 'after']);

function flagOf(option: Option): Flag {
  const { long, short, description } = option;
  const names = [long, short].filter((name) => name !== undefined && name !== null);
  return { names, description, value: valueBehind(option) };
}

function valueBehind({ argChoices, flags, required }: Option): FlagValue {
  const name = /<(.*)>/.exec(flags)?.[1] ?? '';
  if (argChoices !== undefined && argChoices !== null) return { words: argChoices };
  if (name === 'path=value') return { words: PROFILE_NAMES.map((profile) => `profile=${profile}`) };
  if (FILES.has(name)) return 'file';
  return required ? 'unknown' : 'none';
}
