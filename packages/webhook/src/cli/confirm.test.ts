import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { confirm } from "./confirm.js";

async function ask(answer: string, isTTY: { input?: boolean; output?: boolean } = {}) {
  const input = Object.assign(new PassThrough(), { isTTY: isTTY.input ?? true });
  const output = Object.assign(new PassThrough(), { isTTY: isTTY.output ?? true });
  input.end(answer);
  const confirmed = await confirm("Go on?", { input, output });
  output.end();
  return { confirmed, asked: await text(output) };
}

describe("confirm", () => {
  it.each(["y\n", "Y\n", " yes \n"])("takes %j for a yes", async (answer) => {
    expect(await ask(answer)).toEqual({ confirmed: true, asked: "Go on? [y/N] " });
  });

  it.each(["n\n", "\n", "yesterday\n", "no, y\n", ""])("takes %j for a no", async (answer) => {
    expect((await ask(answer)).confirmed).toBe(false);
  });

  it.each([
    ["to answer at", { input: false }],
    ["that shows the question", { output: false }],
  ])("asks nobody where there is no terminal %s", async (_, isTTY) => {
    expect(await ask("y\n", isTTY)).toEqual({ confirmed: undefined, asked: "" });
  });
});
