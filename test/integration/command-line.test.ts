import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { releases } from "../controlplane/kubernetes.js";
import { executable } from "../support/build-executable.js";
import { commandsIn } from "../support/commands-in.js";
import { runExecutable, spawnExecutable } from "../support/webhook-process.js";

describe("what is wrong on the command line", () => {
  it.each<[string, string]>([
    [
      "srve",
      "cocoon-webhook: unknown command 'srve'\n(Did you mean serve?)\n('cocoon-webhook --help' says more)\n",
    ],
    [
      "serve --standalon",
      "cocoon-webhook: unknown option '--standalon'\n(Did you mean --standalone?)\n('cocoon-webhook serve --help' says more)\n",
    ],
    [
      "check -o txt a.yaml",
      "cocoon-webhook: option '-o, --output <format>' argument 'txt' is invalid. Did you mean text? " +
        "Allowed choices are text, json, github, sarif, junit.\n('cocoon-webhook check --help' says more)\n",
    ],
    [
      "check -o JSON a.yaml",
      "cocoon-webhook: option '-o, --output <format>' argument 'JSON' is invalid. Did you mean json? " +
        "Allowed choices are text, json, github, sarif, junit.\n('cocoon-webhook check --help' says more)\n",
    ],
    [
      "manifests --scale-failure-policy Nothing",
      "cocoon-webhook: option '--scale-failure-policy <policy>' argument 'Nothing' is invalid. " +
        "Allowed choices are Fail, Ignore.\n('cocoon-webhook manifests --help' says more)\n",
    ],
    [
      "help chekc",
      "cocoon-webhook: unknown command 'chekc'\n(Did you mean check?)\n('cocoon-webhook --help' says more)\n",
    ],
    [
      "completion powershell",
      "cocoon-webhook: there is no script for 'powershell', only for bash, zsh, fish\n",
    ],
    [
      "explain scaledown",
      "cocoon-webhook: there is no rule 'scaledown'; did you mean scale-down? ('cocoon-webhook rules' lists them)\n",
    ],
    [
      "serve --log-level inf",
      'cocoon-webhook: the --log-level flag must be one of trace, debug, info, warn, error, fatal; it is "inf"\n',
    ],
  ])("is named with what was probably meant: %s", async (line, stderr) => {
    expect(await runExecutable(line.split(" "))).toMatchObject({ code: 2, stdout: "", stderr });
  });

  it.each([
    "serve extra",
    "serve --log-level",
    "serve --standalone --tls-cert a",
    "check",
    "rules extra",
    "explain",
    "help srve",
    "",
  ])("ends with exit code 2: %j", async (line) => {
    const { code, stdout, stderr } = await runExecutable(line === "" ? [] : line.split(" "));
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^(?:cocoon-webhook: |Usage: )/);
  });
});

describe("output that nobody takes", () => {
  /** Runs it with one of its outputs closed before it has written anything; resolves to its exit code and the other one. */
  async function withClosed(
    closed: "stdout" | "stderr",
    line: string,
  ): Promise<readonly [code: unknown, rest: string]> {
    const child = spawnExecutable(line.split(" "), {});
    const ended = once(child, "close");
    child[closed]?.destroy();
    const rest = child[closed === "stdout" ? "stderr" : "stdout"];
    const said = rest === null ? "" : await text(rest);
    const [code] = (await ended) as unknown[];
    return [code, said];
  }

  it.each([
    "--help",
    "help check",
    "dev --help",
    "--version",
    "version",
    "manifests",
    "rules",
    "explain stray-pod",
    "completion bash",
  ])("is no failure of %s", async (line) => {
    expect(await withClosed("stdout", line)).toEqual([0, ""]);
  });

  it("leaves the exit code as it is where somebody does not read what is wrong", async () => {
    expect(await withClosed("stderr", "srve")).toEqual([2, ""]);
  });

  it.skipIf(!existsSync("/dev/full"))("is a failure where the disk is full", async () => {
    const command = `"${process.execPath}" "${executable}" rules > /dev/full`;
    expect(await runExecutable(["-c", command], {}, ["bash"])).toMatchObject({
      code: 1,
      stderr: "cocoon-webhook: standard output cannot be written (ENOSPC): write it to another place\n",
    });
  });
});

describe("--help", () => {
  it("of the program and of each command says what it is for, in 80 columns, with an example", async () => {
    const program = (await runExecutable(["--help"])).stdout;
    const commands = commandsIn(program).filter((name) => name !== "help");
    expect(commands).toEqual(expect.arrayContaining(["serve", "manifests", "check", "rules", "explain"]));
    const helps = await Promise.all(commands.map((name) => runExecutable([name, "--help"])));
    for (const [index, { code, stdout, stderr }] of helps.entries()) {
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(new RegExp(`^Usage: cocoon-webhook ${commands[index] ?? ""}\\b.*\\n\\n[A-Z]`));
      expect(stdout).toMatch(/^Examples?:\n {2}\S/m);
    }
    const lines = [program, ...helps.map(({ stdout }) => stdout)].join("").split("\n");
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it("of serve has every setting with its variable, its default and its choices", async () => {
    const { stdout } = await runExecutable(["serve", "--help"]);
    const text = stdout.replaceAll(/\s+/g, " ");
    expect(text).toContain(
      "--metrics-addr <address> address of /metrics (plain HTTP) [METRICS_ADDR; default :9090]",
    );
    expect(text).toMatch(
      /--log-level <level> [^[]*\[one of trace, debug, info, warn, error, fatal; WEBHOOK_LOG_LEVEL;/,
    );
    expect(text).toMatch(/--pod-creators <users>[^-]*\[POD_CREATORS\]/);
  });
});

describe("the version", () => {
  const versionOf = async (name: string): Promise<unknown> => {
    const file = path.resolve(import.meta.dirname, "../../packages", name, "package.json");
    return (JSON.parse(await readFile(file, "utf8")) as { readonly version: unknown }).version;
  };

  it("is the same by -V, --version and version, and says what it runs on", async () => {
    const [short, long, text, json] = await Promise.all(
      ["-V", "--version", "version", "version -o json"].map((line) => runExecutable(line.split(" "))),
    );
    const facts = JSON.parse(json?.stdout ?? "") as Readonly<Record<string, unknown>>;
    expect(facts).toEqual({
      version: await versionOf("webhook"),
      commit: expect.stringMatching(/^(?:[0-9a-f]{12}|unknown)$/) as string,
      contract: await versionOf("common"),
      kubernetes: Object.values(releases).map(({ version }) => version.slice(1)),
      node: process.versions.node,
      platform: `${process.platform}/${process.arch}`,
    });
    const line = `${String(facts["version"])} (${String(facts["commit"])})\n`;
    expect([short?.stdout, long?.stdout]).toEqual([line, line]);
    expect(text?.stdout.startsWith(`cocoon-webhook ${line}contract `)).toBe(true);
    for (const fact of ["contract", "node", "platform"]) expect(text?.stdout).toContain(facts[fact]);
    for (const { version } of Object.values(releases)) expect(text?.stdout).toContain(version.slice(1));
  });
});
