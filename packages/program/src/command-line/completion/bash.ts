import { word } from "./word.js";

/**
 * For bash 3.2 and later, which macOS still has: without `compopt` and `mapfile`, and with file names by `compgen` there.
 * What is typed is a word of the line already, so the executable that is completed is the one that is asked.
 */
export const bash = (
  program: string,
): string => `# bash completion of ${program}; made by '${program} completion bash'
_${word(program)}() {
  local answer line
  COMPREPLY=()
  answer="$("\${COMP_WORDS[0]/#\\~/$HOME}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2> /dev/null)" || return
  while IFS=$'\\t' read -r line _; do COMPREPLY+=("$line"); done <<< "$answer"
  if [ "\${COMPREPLY[0]}" != files ]; then
    COMPREPLY=("\${COMPREPLY[@]:1}")
    return
  fi
  COMPREPLY=()
  compopt -o default 2> /dev/null && return
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -F _${word(program)} ${program}
`;
