// `npm run contract -- FILE` holds the library to recorded answers of the Go reference: each mismatch is shown, and the
// last line counts.
import { readFile } from "node:fs/promises";
import { adapters } from "./contract/adapters.js";
import { parseVectors, replay, VectorFileError } from "./contract/runner.js";

const [path, ...more] = process.argv.slice(2);

async function run(file: string): Promise<void> {
  const { passed, failed, complaints } = replay(parseVectors(await readFile(file, "utf8")), adapters);
  for (const complaint of complaints) console.log(complaint);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function complain(file: string, error: unknown): void {
  const fromSystem = error instanceof Error && "syscall" in error;
  if (!fromSystem && !(error instanceof VectorFileError)) throw error;
  const why = error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
  console.error(fromSystem ? `cannot read the vector file: ${why}` : `${file} ${why}`);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}

if (path === undefined || more.length > 0) {
  console.error("usage: npm run contract -- FILE, such as test/data/vectors.json");
  process.exitCode = 2;
} else {
  await run(path).catch((error: unknown) => {
    complain(path, error);
  });
}
