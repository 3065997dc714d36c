import path from "node:path";

/** What a stage of a Dockerfile makes of its base image. */
export interface Stage {
  /** The base image. */
  readonly from: string;
  /** What is copied from the stage `build`, in order; a target that ends with `/` is a folder. */
  readonly copies: readonly { readonly sources: readonly string[]; readonly target: string }[];
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
}

/**
 * Reads the stage of a name, with what it has from the stages that it stands on.
 *
 * @throws where there is no such stage, and on an instruction, or a form of one, that is not understood: a test of the image must
 *   not pass over it
 */
export function stageOf(dockerfile: string, stage: string): Stage {
  const { from, below } = instructionsIn(dockerfile, stage);
  const given = (wanted: string): string[] =>
    below.filter(({ name }) => name === wanted).map(({ rest }) => rest);
  const strange = below.filter(({ name }) => !understood.has(name)).map(({ name }) => name);
  if (strange.length > 0) {
    throw new Error(`the stage ${stage} has instructions that are not understood: ${strange.join(", ")}`);
  }
  const base = /^\w+$/.test(from) ? stageOf(dockerfile, from) : { ...bare, from };
  const json = (text: string | undefined, otherwise: readonly string[]): readonly string[] =>
    text === undefined ? otherwise : (JSON.parse(text) as string[]);
  return {
    from: base.from,
    copies: [...base.copies, ...given("COPY").map(copyOf)],
    env: { ...base.env, ...Object.fromEntries(given("ENV").map((text) => splitOnce(text))) },
    user: given("USER").at(-1) ?? base.user,
    entrypoint: json(given("ENTRYPOINT").at(-1), base.entrypoint),
    cmd: json(given("CMD").at(-1), base.cmd),
  };
}

const bare: Omit<Stage, "from"> = { copies: [], env: {}, user: "root", entrypoint: [], cmd: [] };

/**
 * What a stage copies of the build context before it runs a command that begins so, each file by its path there and in the image, from
 * the working folder on.
 *
 * @throws where the stage runs no such command, or copies in a way that is not understood
 */
export function copiedBefore(
  dockerfile: string,
  stage: string,
  command: string,
): ReadonlyMap<string, string> {
  const { below } = instructionsIn(dockerfile, stage);
  const end = below.findIndex(({ name, rest }) => name === "RUN" && rest.startsWith(command));
  if (end < 0) throw new Error(`the stage ${stage} does not run ${command}`);
  const copies = below.slice(0, end).filter(({ name }) => name === "COPY");
  return new Map(copies.flatMap(({ rest }) => contextCopies(rest)));
}

function contextCopies(text: string): readonly (readonly [string, string])[] {
  const paths = text.split(/\s+/);
  const target = paths.pop() ?? "";
  if (text.startsWith("-") || !target.endsWith("/")) throw new Error(`COPY ${text} is not understood`);
  return paths.map((source) => [source, path.posix.join(target, path.posix.basename(source))]);
}

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

function instructionsIn(
  dockerfile: string,
  stage: string,
): { readonly from: string; readonly below: readonly Instruction[] } {
  const instructions = instructionsOf(dockerfile);
  const first = instructions.findIndex(({ name, rest }) => name === "FROM" && rest.endsWith(` AS ${stage}`));
  const [from, ...rest] = instructions.slice(first);
  if (from === undefined || first < 0) throw new Error(`the Dockerfile has no stage ${stage}`);
  const next = rest.findIndex(({ name }) => name === "FROM");
  return { from: from.rest.replace(/ AS \w+$/, ""), below: next < 0 ? rest : rest.slice(0, next) };
}

const instructionsOf = (dockerfile: string): readonly Instruction[] =>
  dockerfile
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll("\\\n", " ")
    .split("\n")
    .flatMap((line) => {
      const [, name = "", rest = ""] = /^\s*([A-Z]+)\s+(.*?)\s*$/.exec(line) ?? [];
      return name === "" ? [] : [{ name, rest }];
    });

const understood: ReadonlySet<string> = new Set([
  ...["ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "LABEL", "USER"],
]);

function copyOf(text: string): Stage["copies"][number] {
  const [stage, ...paths] = text.split(/\s+/);
  const target = paths.pop();
  if (stage !== "--from=build" || target === undefined || paths.length === 0) {
    throw new Error(`COPY ${text} is not understood`);
  }
  return { sources: paths, target };
}

function splitOnce(text: string): [string, string] {
  const [, name, value] = /^(\w+)=([^\s"]*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new Error(`ENV ${text} is not understood`);
  return [name, value];
}
