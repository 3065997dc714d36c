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
 * Reads the stage of a name.
 *
 * @throws where there is no such stage, and on an instruction, or a form of one, that is not understood: a test of the image must
 *   not pass over it
 */
export function stageOf(dockerfile: string, stage: string): Stage {
  const instructions = instructionsOf(dockerfile);
  const first = instructions.findIndex(({ name, rest }) => name === "FROM" && rest.endsWith(` AS ${stage}`));
  const [from, ...below] = instructions.slice(first);
  if (from === undefined || first < 0) throw new Error(`the Dockerfile has no stage ${stage}`);
  const next = below.findIndex(({ name }) => name === "FROM");
  const others = next < 0 ? below : below.slice(0, next);
  const given = (wanted: string): string[] =>
    others.filter(({ name }) => name === wanted).map(({ rest }) => rest);
  const strange = others.filter(({ name }) => !understood.has(name)).map(({ name }) => name);
  if (strange.length > 0) {
    throw new Error(`the stage ${stage} has instructions that are not understood: ${strange.join(", ")}`);
  }
  return {
    from: from.rest.replace(/ AS \w+$/, ""),
    copies: given("COPY").map(copyOf),
    env: Object.fromEntries(given("ENV").map((text) => splitOnce(text))),
    user: given("USER").at(-1) ?? "root",
    entrypoint: JSON.parse(given("ENTRYPOINT").at(-1) ?? "[]") as string[],
    cmd: JSON.parse(given("CMD").at(-1) ?? "[]") as string[],
  };
}

const instructionsOf = (dockerfile: string): readonly { readonly name: string; readonly rest: string }[] =>
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
