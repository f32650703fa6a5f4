import type { Command } from 'commander';
import { PROFILE_NAMES } from '../../profiles/index.ts';
import { EXIT_OK } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';

/** Shells that a script can be printed for. */
export type Shell = 'bash' | 'zsh' | 'fish';

/** What can follow the words of a command: commands or fixed arguments, and flags. */
interface Node {
  /** The words after `iop`, joined by a blank; empty for `iop` itself. */
  readonly command: string;
  readonly words: readonly string[];
  readonly flags: readonly string[];
}

/** `iop completion`: a script for the shell that completes commands, flags, profiles and other fixed words. */
export async function completion(shell: Shell, root: Command, io: Io): Promise<number> {
  const nodes = nodesOf(root, '');
  await io.stdout.write({ bash: bashScript, zsh: zshScript, fish: fishScript }[shell](nodes));
  return EXIT_OK;
}

function nodesOf(command: Command, path: string): readonly Node[] {
  const names = command.commands.flatMap((each) => [each.name(), ...each.aliases()]);
  const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
  const profiles = path.startsWith('profile d') ? PROFILE_NAMES : [];
  const flags = command.options.flatMap(({ long, hidden }) => (long && !hidden ? [long] : []));
  const node = { command: path, words: [...names, ...choices, ...profiles].sort(), flags: [...flags, '--help'].sort() };
  const children = command.commands.flatMap((each) =>
    [each.name(), ...each.aliases()].flatMap((name) => nodesOf(each, path === '' ? name : `${path} ${name}`)),
  );
  return [node, ...children];
}

/** Finds the deepest command that the words name; what it offers are its words and flags, and files. */
function bashScript(nodes: readonly Node[]): string {
  const cases = nodes.map(
    ({ command, words, flags }) => `    '${command}') words='${words.join(' ')}' flags='${flags.join(' ')}' ;;`,
  );
  return `# bash completion for iop. Load it with: source <(iop completion bash)
_iop_offers() {
  case "$1" in
${cases.join('\n')}
    *) return 1 ;;
  esac
}
_iop() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' next words flags i
  _iop_offers ''
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ "\${COMP_WORDS[i]}" == -* ]] && continue
    next="\${path:+$path }\${COMP_WORDS[i]}"
    _iop_offers "$next" && path="$next"
  done
  _iop_offers "$path"
  if [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$current"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    [[ \${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -o filenames -o bashdefault -F _iop iop
`;
}

function zshScript(nodes: readonly Node[]): string {
  return `#compdef iop
# zsh completion for iop. Load it with: source <(iop completion zsh)
autoload -U +X bashcompinit && bashcompinit
${bashScript(nodes)}`;
}

function fishScript(nodes: readonly Node[]): string {
  const lines = nodes.flatMap(({ command, words, flags }) => {
    const condition = `-n "test (__iop_path) = '${command}'"`;
    return [
      ...(words.length === 0 ? [] : [`complete -c iop -f ${condition} -a '${words.join(' ')}'`]),
      ...flags.map((flag) => `complete -c iop ${condition} -l ${flag.slice(2)}`),
    ];
  });
  const known = nodes.map(({ command }) => `'${command}'`).join(' ');
  return `# fish completion for iop. Load it with: iop completion fish | source
function __iop_path
  set -l known ${known}
  set -l path ''
  for word in (commandline -opc)[2..-1]
    string match -q -- '-*' $word; and continue
    set -l next (string trim -- "$path $word")
    contains -- $next $known; and set path $next
  end
  echo $path
end
${lines.join('\n')}
`;
}
