import { Buffer } from "node:buffer";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { readCorpus } from "./core/corpus.js";
import { fuzz } from "./core/fuzzer.js";
import { mutate } from "./core/mutate.js";
import { Random } from "./core/random.js";
import { law, type Target } from "./core/target.js";
import { targets } from "./targets/index.js";

const seed = Math.floor(Math.random() * 2 ** 32);
const aMoment = { seed, seconds: 0.4, runs: Infinity, coverage: undefined };

describe("for a moment", () => {
  it.each(targets)("$name: $laws", async (target) => {
    const corpus = readCorpus(target.name);
    const { finding, inputs } = await fuzz({ ...aMoment, target, corpus });
    expect(finding, `with the seed ${seed}`).toBeUndefined();
    expect(inputs).toBeGreaterThan(corpus.length);
  });
});

/** Breaks its law for what begins with these letters, which chance alone would not find in years. */
const hidden = (word: string, attempt: (found: number) => void): Target => ({
  name: "hidden",
  laws: "nobody finds it",
  seeds: ["x"],
  dictionary: ["y"],
  attempt: (input) => {
    const text = input.toString("latin1");
    let found = 0;
    while (found < word.length && text[found] === word[found]) found++;
    attempt(found);
  },
});

describe("the fuzzer itself", () => {
  it("finds what breaks a law, and makes it small", async () => {
    const target = hidden("ab", (found) => {
      law(found < 2, "found it");
    });
    const { finding } = await fuzz({ ...aMoment, target, corpus: [Buffer.from("ax")], seconds: 20 });
    expect(finding?.fault).toBe("Breach: found it");
    expect(finding?.input.toString("latin1")).toBe("ab");
  });

  it("finds what takes too long", async () => {
    const target = { ...hidden("", () => undefined), boundMs: 5, attempt: burn };
    expect((await fuzz({ ...aMoment, target, corpus: [] })).finding?.fault).toMatch(
      /^slow: [0-9]+ ms of CPU/,
    );
  });

  it("makes the same inputs of the same seed, and others of another", () => {
    const material = { dictionary: ["y"], corpus: [Buffer.from("some text")], isJson: false };
    const made = (from: number): string => {
      const random = new Random(from);
      return Array.from({ length: 50 }, () => mutate(material, random).toString("hex")).join();
    };
    expect(made(seed)).toBe(made(seed));
    expect(made(seed)).not.toBe(made(seed + 1));
  });

  it("keeps what runs new code, and counts what it tried", { timeout: 120_000 }, async () => {
    const program = ["--import", "tsx", "test/fuzz/main.ts", "vm-name", "--runs", "1000", "--seed", "7"];
    const { stdout } = await promisify(execFile)(process.execPath, program);
    expect(stdout).toMatch(
      /^seed 7\nvm-name +1,0[0-9]{2} inputs, .* [1-9][0-9]* in the corpus, [5-9][0-9]{2} characters of code run$/m,
    );
    expect(stdout).toMatch(/0 of 1 targets broken$/m);
  });
});

function burn(): void {
  const before = process.cpuUsage();
  while (process.cpuUsage(before).user < 20_000);
}
