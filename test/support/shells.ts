import { spawn } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import type { Shell } from "../../packages/program/src/command-line/index.js";
import { executable } from "./build-executable.js";

/** Runs a program to its end, and gives what it printed on standard output; undefined where it is not installed. */
async function output(
  program: string,
  args: readonly string[],
  { folder, input = "" }: { readonly folder: string; readonly input?: string },
): Promise<string | undefined> {
  const child = spawn(program, args, {
    cwd: path.join(folder, "work"),
    // Nothing of whoever runs the tests: their start-up files, their colours, their history.
    env: {
      PATH: `${path.join(folder, "bin")}:${process.env["PATH"] ?? ""}`,
      HOME: folder,
      TERM: "dumb",
      LC_ALL: "C.UTF-8",
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const ended = new Promise<boolean>((resolve, reject) => {
    child.once("close", () => {
      resolve(true);
    });
    child.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") resolve(false);
      else reject(error);
    });
  });
  // A program that is not there, or ends early, reads nothing.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const [isInstalled, printed] = await Promise.all([ended, text(child.stdout)]);
  return isInstalled ? printed : undefined;
}

/** Puts `cocoon-webhook` into `bin`, and files to complete into `work`. */
export async function prepareShells(folder: string): Promise<void> {
  await Promise.all(
    ["bin", "work/manifests"].map((name) => mkdir(path.join(folder, name), { recursive: true })),
  );
  const program = path.join(folder, "bin/cocoon-webhook");
  await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${executable}' "$@"\n`);
  await chmod(program, 0o755);
  await Promise.all(
    ["deploy one.yaml", "manifests/a.yaml"].map((name) => writeFile(path.join(folder, "work", name), "")),
  );
}

/** What a shell offers, as it shows it. */
type Completer = (line: string, folder: string) => Promise<readonly string[] | undefined>;

/** Readline's own `insert-completions`, at the prompt of an interactive bash; then the words are printed instead of run. */
const bash: Completer = async (line, folder) => {
  const setUp = `source <(cocoon-webhook completion bash)\nbind '"\\C-xa": insert-completions'\n`;
  const control = { insert: "\u0018a", toStart: "\u0001" };
  const printed = await output("bash", ["--norc", "--noprofile", "-i"], {
    folder,
    input: `${setUp}${line}${control.insert}${control.toStart}printf '<%s>\\n' \n`,
  });
  const words =
    printed === undefined ? undefined : [...printed.matchAll(/^<(.*)>$/gm)].map(([, word = ""]) => word);
  // Where nothing is offered, the word that was to be completed stays as it was.
  const given = line.split(" ");
  return words?.slice(given.length - 1).filter((word) => word !== given.at(-1));
};

/** An interactive zsh on a terminal of its own, whose `compadd` says what it was given. */
const zsh: Completer = async (line, folder) => {
  const script = `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PS1=; stty -echo; autoload -Uz compinit; compinit -u -D; source <(cocoon-webhook completion zsh)'
zpty -w shell 'compadd() { local -a hits; builtin compadd -O hits "$@"; print -rl -- "<"\${^hits}">" > /dev/tty; builtin compadd "$@" }'
zpty -w shell 'print RE""ADY'
zpty -r shell before '*READY*'
zpty -n -w shell ${JSON.stringify(line)}$'\\t\\C-u'
zpty -w shell 'print DO""NE'
zpty -r shell after '*DONE*'
print -r -- "$after"
`;
  const printed = await output("zsh", ["-f", "-c", script], { folder });
  return printed === undefined
    ? undefined
    : [...printed.matchAll(/<([^<>\r\n]+)>/g)].map(([, word = ""]) => word);
};

/** Fish completes a line on request. */
const fish: Completer = async (line, folder) => {
  const printed = await output(
    "fish",
    ["--no-config", "-c", `cocoon-webhook completion fish | source; complete -C ${JSON.stringify(line)}`],
    { folder },
  );
  return printed
    ?.split("\n")
    .filter((word) => word !== "")
    .map((word) => word.replace(/\t.*$/, ""));
};

/** How each shell is asked that has a completion script. */
const completers: Readonly<Record<Shell, Completer>> = { bash, zsh, fish };

/** Every shell that these tests can ask. */
export const shells = Object.keys(completers) as readonly Shell[];

/**
 * The words that a shell offers at the Tab key behind a line, in the order of the alphabet; undefined where the shell is
 * not installed. What a shell adds of its own is left out: the option before `=`, the `/` behind a folder.
 */
export async function completionsIn(
  shell: Shell,
  line: string,
  folder: string,
): Promise<readonly string[] | undefined> {
  const words = await completers[shell](line, folder);
  const plain = words?.map((word) =>
    word
      .replace(/^--[\w-]+=/, "")
      .replace(/\/$/, "")
      .replaceAll("\\", ""),
  );
  return plain && [...new Set(plain)].sort();
}
