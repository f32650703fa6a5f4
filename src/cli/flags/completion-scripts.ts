import type { CompletionNode, FlagValue } from './completion.ts';

/**
 * What bash and zsh share: `_iop_candidates WORD…` finds out what the last of the words can be. It sets `_iop_words` to
 * the words and `_iop_files` to `yes` where it can be a file.
 * @param splitValues - how the shell parts the words of `values`.
 */
function candidates(nodes: readonly CompletionNode[], splitValues: string): string {
  return `_iop_offers() {
  case "$1" in
${nodes.map(offersOf).join('\n')}
    *) return 1 ;;
  esac
}
_iop_values() {
  case "$1 $2" in
${valueCases(nodes).join('\n')}
    *) return 1 ;;
  esac
}
_iop_candidates() {
  local offers='' flags='' files='' values='' at='' before='' next
  _iop_words='' _iop_files=''
  shift
  while [ $# -gt 1 ]; do
    case "$1" in
      -*) ;;
      *)
        next="\${at:+$at }$1"
        _iop_offers "$next" && at="$next"
        ;;
    esac
    before="$1"
    shift
  done
  _iop_offers "$at"
  if _iop_values "$at" "$before"; then
    _iop_words="$values" _iop_files="$files"
    return
  fi
  case "$1" in
    --*=*)
      files='' && _iop_values "$at" "\${1%%=*}" && _iop_files="$files"
      for next in ${splitValues}; do _iop_words="$_iop_words \${1%%=*}=$next"; done
      ;;
    -*) _iop_words="$flags" ;;
    *) _iop_words="$offers" _iop_files="$files" ;;
  esac
}
`;
}

function offersOf({ command, words, flags, takesFiles }: CompletionNode): string {
  const texts = {
    offers: words.map(({ word }) => word), // `words` is zsh's own
    flags: flags.flatMap(({ names }) => names),
    files: takesFiles ? ['yes'] : [],
  };
  const sets = Object.entries(texts).map(([name, values]) => `${name}='${values.join(' ')}'`);
  return `    '${command}') ${sets.join(' ')} ;;`;
}

/** A case for each flag with a value: for all commands that have it, or one by one where they differ. */
function valueCases(nodes: readonly CompletionNode[]): readonly string[] {
  const all = nodes.flatMap(({ command, flags }) =>
    flags.flatMap(({ names, value }) => (value === 'none' ? [] : names.map((name) => ({ command, name, value })))),
  );
  const byName = Map.groupBy(all, ({ name }) => name);
  const cases = [...byName].flatMap(([name, uses]) => {
    const effects = new Set(uses.map(({ value }) => effectOf(value)));
    if (effects.size === 1) return [{ pattern: `*' ${name}'`, effect: [...effects][0] ?? '' }];
    return uses.map(({ command, value }) => ({ pattern: `'${command} ${name}'`, effect: effectOf(value) }));
  });
  return [...Map.groupBy(cases, ({ effect }) => effect)].map(
    ([effect, same]) => `    ${same.map(({ pattern }) => pattern).join(' | ')}) ${effect} ;;`,
  );
}

function effectOf(value: FlagValue): string {
  if (value === 'file') return "values='' files=yes";
  return `values='${typeof value === 'object' ? value.words.join(' ') : ''}' files=''`;
}

/** For bash, which parts words at `=` and wants to hear only what follows it. */
export function bashScript(nodes: readonly CompletionNode[]): string {
  return `# bash completion for iop. Load it with: source <(iop completion bash)
${candidates(nodes, '$values')}
_iop() {
  local -a line=()
  local word glue='' _iop_words _iop_files
  for word in "\${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
    if [[ \${#line[@]} -gt 0 && ("$word" == '=' || -n "$glue") ]]; then
      line[\${#line[@]}-1]+="$word"
    else
      line+=("$word")
    fi
    [[ "$word" == '=' ]] && glue=yes || glue=''
  done
  local current="\${line[\${#line[@]}-1]}"
  _iop_candidates "\${line[@]}"
  COMPREPLY=($(compgen -W "$_iop_words" -- "$current"))
  [[ "$current" == *=* && "$COMP_WORDBREAKS" == *=* ]] && COMPREPLY=("\${COMPREPLY[@]#*=}")
  if [[ -n "$_iop_files" ]]; then
    compopt -o filenames 2> /dev/null
    COMPREPLY+=($(compgen -f -- "\${current#--*=}"))
  fi
}
complete -F _iop iop
`;
}

/** For zsh, whether it is sourced or found in \`fpath\`. */
export function zshScript(nodes: readonly CompletionNode[]): string {
  return `#compdef iop
# zsh completion for iop. Load it with: source <(iop completion zsh)
${candidates(nodes, `\${=values}`)}
_iop() {
  local _iop_words _iop_files
  _iop_candidates "\${(@)words[1,CURRENT]}"
  compadd -- \${=_iop_words}
  if [[ -n "$_iop_files" ]]; then
    [[ "$PREFIX" == --*=* ]] && compset -P '*='
    _files
  fi
}
if [[ "\${funcstack[1]}" == _iop ]]; then
  _iop
else
  (( $+functions[compdef] )) || { autoload -U compinit && compinit }
  compdef _iop iop
fi
`;
}

/** For fish, which shows descriptions, too. */
export function fishScript(nodes: readonly CompletionNode[]): string {
  const lines = nodes.flatMap(({ command, words, flags, takesFiles }) => {
    const condition = `complete -c iop -n "test (__iop_path) = '${command}'"`;
    return [
      ...(takesFiles ? [] : [`${condition} -f`]),
      ...words.map(({ word, description }) => `${condition} -a ${quoted(word)} -d ${quoted(description)}`),
      ...flags.map(({ names, description, value }) => {
        const spellings = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
        return `${condition} ${spellings.join(' ')}${fishValue(value)} -d ${quoted(description)}`;
      }),
    ];
  });
  const known = nodes.map(({ command }) => quoted(command)).join(' ');
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

function fishValue(value: FlagValue): string {
  if (value === 'none') return '';
  if (value === 'file') return ' -r -F';
  return value === 'unknown' ? ' -x' : ` -x -a ${quoted(value.words.join(' '))}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
