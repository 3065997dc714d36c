/** Works from a folder of `fpath`, where zsh runs the file as the function, and from `source <(…)`. */
export const zsh = `#compdef cocoon-webhook
# zsh completion of cocoon-webhook; made by 'cocoon-webhook completion zsh'
_cocoon_webhook() {
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
  _describe cocoon-webhook described
}
if [[ "\${funcstack[1]}" == _cocoon_webhook || "\${funcstack[1]}" == _cocoon-webhook ]]; then
  _cocoon_webhook "$@"
else
  compdef _cocoon_webhook cocoon-webhook
fi
`;
