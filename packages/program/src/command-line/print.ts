/** Writes a result to standard output; `runProgram` looks after what goes wrong with it. */
export function print(text: string): void {
  process.stdout.write(text);
}

/** Tells people how it goes, on standard error: standard output is for results alone. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
