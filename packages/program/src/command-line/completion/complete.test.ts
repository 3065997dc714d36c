import { Argument, Command, Option } from "commander";
import { describe, expect, it } from "vitest";
import { complete } from "./complete.js";

const format = new Option("-o, --output <format>", "format").choices(["text", "json", "junit"]);
const program = new Command("demo")
  .option("-V, --version", "version")
  .addCommand(
    new Command("check")
      .summary("judge")
      .description("Judges.")
      .argument("<paths...>")
      .addOption(format)
      .option("--old <path>", "what is there")
      .option("--label <text...>", "labels")
      .option("--strict", "fail on warnings"),
  )
  .addCommand(
    new Command("explain")
      .description("Explains.")
      .addArgument(new Argument("<rule>").choices(["a-b", "a-c"])),
  )
  .addCommand(
    new Command("print")
      .addOption(new Option("--policies [only]", "policies").choices(["only"]))
      .option("--name <name>", "name"),
  )
  .addCommand(new Command("secret"), { hidden: true });

/** The candidates, and `FILES` where files can stand there. */
function at(line: string): string[] {
  const { candidates, files } = complete(program, line.split(" "));
  return [...candidates.map(({ value }) => value), ...(files ? ["FILES"] : [])];
}

describe("complete", () => {
  it.each<[string, readonly string[]]>([
    // Commands: those that people may see.
    ["", ["check", "explain", "print", "help"]],
    ["c", ["check"]],
    ["s", []],
    ["help ", ["check", "explain", "print", "help"]],
    ["help e", ["explain"]],
    ["--", ["--version", "--help"]],
    ["--version c", ["check"]],
    // Options: once each, but for those that may be repeated.
    ["check --", ["--output", "--old", "--label", "--strict", "--help"]],
    ["check -", ["--output", "--old", "--label", "--strict", "--help"]],
    ["check -o json --o", ["--old"]],
    ["check --output=json --o", ["--old"]],
    ["check --label a --l", ["--label"]],
    ["check file.yaml --s", ["--strict"]],
    ["check --strict --s", []],
    // Values, in a word of their own, behind =, and as bash cuts the line.
    ["check -o ", ["text", "json", "junit"]],
    ["check --output j", ["json", "junit"]],
    ["check --output=j", ["--output=json", "--output=junit"]],
    ["check --output = j", ["json", "junit"]],
    ["check --output =", ["text", "json", "junit"]],
    ["check --output = json --s", ["--strict"]],
    ["check --old ", ["FILES"]],
    ["check --old=a", ["FILES"]],
    ["check --strict=", []],
    ["check --none=", []],
    ["print --name ", []],
    ["print --policies ", ["only"]],
    ["print --policies --n", ["--name"]],
    ["print --policies only --n", ["--name"]],
    // Arguments.
    ["check ", ["FILES"]],
    ["check a b ", ["FILES"]],
    ["check --strict ", ["FILES"]],
    ["check - ", ["FILES"]],
    ["check -- --s", ["FILES"]],
    ["explain ", ["a-b", "a-c"]],
    ["explain a-b ", ["--help"]],
    ["explain -- a-b ", []],
    // Where nothing else can come, what is left are options.
    ["print ", ["--policies", "--name", "--help"]],
    ["print x", []],
  ])("knows what can stand at the end of %j", (line, expected) => {
    expect(at(line)).toEqual(expected);
  });

  it("says what each is, shortly", () => {
    expect(complete(program, ["ch"]).candidates).toEqual([{ value: "check", description: "judge" }]);
    expect(complete(program, ["ex"]).candidates).toEqual([{ value: "explain", description: "Explains." }]);
    expect(complete(program, ["check", "--st"]).candidates).toEqual([
      { value: "--strict", description: "fail on warnings" },
    ]);
  });
});
