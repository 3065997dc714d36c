import { word } from "./word.js";

/** Works from a folder of `fpath`, where zsh runs the file as the function, and from `source <(…)`. */
export const zsh = (program: string): string => `#compdef ${program}
# zsh completion of ${program}; made by '${program} completion zsh'
_${word(program)}() {
  local line value
  local -a answer described
  answer=("\${(@f)$("\${\${(Q)words[1]}/#\\~/$HOME}" __complete -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2> /dev/null)}")
  if [[ "$answer[1]" == files ]]; then
    [[ "$PREFIX" == --*=* ]] && compset -P '*='
    _files
    return
  fi
  for line in "\${(@)answer[2,-1]}"; do
    value="\${\${line%%$'\\t'*}//:/\\\\:}"
    described+=("$value\${\${line#*$'\\t'}:+:\${line#*$'\\t'}}")
  done
  _describe ${program} described
}
if [[ "\${funcstack[1]}" == _${word(program)} || "\${funcstack[1]}" == _${program} ]]; then
  _${word(program)} "$@"
else
  compdef _${word(program)} ${program}
fi
`;
