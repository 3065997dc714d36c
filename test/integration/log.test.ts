import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const logPackage = fileURLToPath(new URL("../../packages/common/src/log/index.ts", import.meta.url));

const program = (body: string): string[] => [
  "--import",
  "tsx",
  "--input-type=module",
  "--eval",
  `import { setup } from ${JSON.stringify(logPackage)};\nconst log = setup("LOG_LEVEL");\n${body}`,
];

it("lines written before a crash are on standard output", async () => {
  const child = spawn(process.execPath, program(`log.info("last words"); process.abort();`), {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const output = await text(child.stdout);
  expect(JSON.parse(output.split("\n")[0] ?? "")).toMatchObject({ level: "info", msg: "last words" });
});

const writeALot = `
  for (let i = 0; i < 50; i++) {
    log.info({ i, filler: "x".repeat(50_000) }, "line");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  process.stderr.write("survived");
`;

it("a closed pipe does not end the process", async () => {
  const child = spawn(process.execPath, program(writeALot), { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  const exit = once(child, "exit") as Promise<[number]>;
  const [errors, [code]] = await Promise.all([text(child.stderr), exit]);
  expect([code, errors]).toEqual([0, "survived"]);
});

it.skipIf(process.platform !== "linux")("a full disk does not end the process", async () => {
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, program(writeALot), { stdio: ["ignore", full, "pipe"] });
  closeSync(full);
  const [code] = (await once(child, "exit")) as [number];
  expect(code).toBe(0);
});
