import { word } from "./word.js";

/** Fish keeps words whole, so a value behind `=` gets its option back. */
export const fish = (
  program: string,
): string => `# fish completion of ${program}; made by '${program} completion fish'
function __${word(program)}_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l answer ($words[1] __complete -- $words[2..-1] "$current" 2> /dev/null); or return
    if test "$answer[1]" = files
        set -l option (string match -r -- '^--[^=]+=' "$current")
        for path in (__fish_complete_path (string replace -r -- '^--[^=]+=' '' "$current"))
            printf '%s\\n' "$option$path"
        end
    else if set -q answer[2]
        printf '%s\\n' $answer[2..-1]
    end
end
complete -c ${program} -f -a '(__${word(program)}_complete)'
`;
