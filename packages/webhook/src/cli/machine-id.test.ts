import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { machineId } from "./machine-id.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "machine-id-"));
});
afterEach(() => rm(folder, { recursive: true }));

const id = "0123456789abcdef0123456789abcdef";
const inFolder = (name: string): string => path.join(folder, name);

describe("machineId", () => {
  it("is made of the system's ID, and does not show it", async () => {
    await writeFile(inFolder("a"), `${id}\n`);
    await writeFile(inFolder("b"), `${id.replace("0", "1")}\n`);
    const [a, again, b] = await Promise.all(
      ["a", "a", "b"].map((name) => machineId({ systemFile: inFolder(name) })),
    );
    expect(a).toMatch(/^[0-9a-f]{16}$/);
    expect(again).toBe(a);
    expect(b).not.toBe(a);
    expect(id).not.toContain(a);
  });

  it.each(["", "uninitialized\n"])(
    "keeps a random one in the state folder where the system has %j",
    async (text) => {
      await writeFile(inFolder("system"), text);
      const of = (state: string): Promise<string> =>
        machineId({ systemFile: inFolder("system"), env: { XDG_STATE_HOME: inFolder(state) } });
      const first = await of("mine");
      expect(await of("mine")).toBe(first);
      expect(await of("other")).not.toBe(first);
      expect(await readFile(inFolder("mine/cocoonstack/machine-id"), "utf8")).toMatch(/^[0-9a-f-]{36}\n$/);
    },
  );

  it("is another in each run where nothing can be kept", async () => {
    await writeFile(inFolder("file"), "");
    const places = { systemFile: inFolder("none"), env: { XDG_STATE_HOME: inFolder("file") } };
    expect(await machineId(places)).not.toBe(await machineId(places));
  });
});
