import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { print, say, StartupError } from "@cocoonstack/program/command-line";
import { ManifestError, plannedPods } from "./planned-pods.js";

/**
 * Prints the pods that the CocoonSets of a file become.
 *
 * @returns the exit code.
 * @throws {StartupError} when the file cannot be read, or is not YAML.
 */
export async function plan(file: string, namespace: string): Promise<0 | 1> {
  const text = await (file === "-" ? readAll(process.stdin) : readFile(file, "utf8")).catch(
    (error: unknown) => {
      throw new StartupError([`${file} cannot be read: ${String(error)}`], 2);
    },
  );
  try {
    const { yaml, faults } = plannedPods(text, file === "-" ? "standard input" : file, namespace);
    print(yaml);
    for (const fault of faults) say(`cocoon-operator: ${fault}`);
    return faults.length === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof ManifestError) throw new StartupError([error.message], 2);
    throw error;
  }
}
