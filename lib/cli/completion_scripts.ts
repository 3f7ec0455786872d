/**
 * Scripts that let shells complete command lines of this program. They ask the program itself, so
 * that they never know less than it does.
 *
 * @module
 */

/** Shells there is a script for. */
export const SHELLS: readonly string[] = ["bash", "zsh", "fish"];

/** The script for a shell; `undefined` when there is none. */
export function completionScript(shell: string): string | undefined {
  return SCRIPTS.get(shell);
}

const BASH = `# bash completion for yoi; load it with: source <(yoi completions bash)
# Puts a word into "bare" as a command would get it: no quotes, ~/ as the home folder, nothing run.
_yoi_bare() {
  local raw=$1 quote= char
  local -i index
  bare=
  if [[ $raw == '~/'* ]]; then bare=$HOME raw=\${raw:1}; fi
  for (( index = 0; index < \${#raw}; index++ )); do
    char=\${raw:index:1}
    case $quote$char in
      \\"\\" | \\'\\') quote= ;;
      \\" | \\') quote=$char ;;
      \\\\ | \\"\\\\)
        # Between double quotes only some signs need it.
        [[ -z $quote || \${raw:index+1:1} == [\\"\\\\\\$\\\`] ]] && index+=1
        bare+=\${raw:index:1}
        ;;
      *) bare+=$char ;;
    esac
  done
}
_yoi() {
  local word _meaning bare
  local -a found=() words=()
  local current=\${COMP_WORDS[COMP_CWORD]}
  # Right behind a flag's "=" that is the current word.
  local name=\${current#=}
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    _yoi_bare "$word"
    words+=("$bare")
  done
  COMPREPLY=()
  while IFS=$'\\t' read -r word _meaning; do
    case $word in
      :file) mapfile -t found < <(compgen -f -- "$name") ;;
      :folder) mapfile -t found < <(compgen -d -- "$name") ;;
      *)
        # Behind a quote that is still open every sign stands for itself.
        [[ $current != [\\"\\']* && $word == *[!a-zA-Z0-9_,./=-]* ]] && printf -v word %q "$word"
        COMPREPLY+=("$word")
        ;;
    esac
  done < <(yoi __complete -- "\${words[@]}" 2>/dev/null)
  if (( \${#found[@]} )); then
    COMPREPLY+=("\${found[@]}")
    compopt -o filenames
  fi
}
complete -F _yoi yoi
`;

const ZSH = `#compdef yoi
# zsh completion for yoi; load it with: source <(yoi completions zsh)
_yoi() {
  local -a candidates
  local word meaning
  while IFS=$'\\t' read -r word meaning; do
    case $word in
      :file) _files ;;
      :folder) _files -/ ;;
      *) candidates+=("\${word//:/\\\\:}:$meaning") ;;
    esac
  done < <(yoi __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#candidates} )); then
    _describe -t yoi 'yoi' candidates
  fi
}
if [[ \${funcstack[1]} == _yoi ]]; then
  _yoi "$@"
else
  compdef _yoi yoi
fi
`;

const FISH = `# fish completion for yoi; load it with: yoi completions fish | source
function __yoi_complete
  set -l before (commandline -opc)
  set -l current (commandline -ct)
  for candidate in (yoi __complete -- $before[2..-1] "$current" 2>/dev/null)
    switch $candidate
      case ':file*'
        __fish_complete_path "$current"
      case ':folder*'
        __fish_complete_directories "$current"
      case '*'
        echo $candidate
    end
  end
end
complete -c yoi -f -a '(__yoi_complete)'
`;

const SCRIPTS: ReadonlyMap<string, string> = new Map([
  ["bash", BASH],
  ["zsh", ZSH],
  ["fish", FISH],
]);
