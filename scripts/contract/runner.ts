import { isDeepStrictEqual } from "node:util";

/** One answer of the reference. */
export interface Vector {
  readonly in: unknown;
  readonly out: unknown;
}

/** Answers by the name of the function that gave them. */
export type VectorFile = ReadonlyMap<string, readonly Vector[]>;

/** Calls the library as the reference was called, and gives its answer in the reference's form. */
export type Adapter = (input: unknown) => unknown;

export interface ContractResult {
  readonly passed: number;
  readonly failed: number;
  /** What went wrong, each in a few lines. */
  readonly complaints: readonly string[];
}

/** A file that holds no vectors; the message says what it is instead. */
export class VectorFileError extends Error {
  override readonly name = "VectorFileError";
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isVector = (value: unknown): value is Vector => isRecord(value) && "in" in value && "out" in value;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new VectorFileError("is no JSON", { cause });
  }
}

/**
 * Reads the text of a vector file: function name → list of `{in, out}`.
 *
 * @throws {VectorFileError} when it is no JSON, has another form, or holds no vector at all.
 */
export function parseVectors(text: string): VectorFile {
  if (text.trim() === "") throw new VectorFileError("is empty");
  const root = parseJson(text);
  if (!isRecord(root)) throw new VectorFileError("must be an object: function name → list of {in, out}");
  const file = new Map<string, readonly Vector[]>();
  for (const [name, list] of Object.entries(root)) {
    if (!Array.isArray(list) || !list.every(isVector)) {
      throw new VectorFileError(`must have a list of {in, out} under '${name}'`);
    }
    file.set(name, list);
  }
  if ([...file.values()].every((list) => list.length === 0)) throw new VectorFileError("holds no vector");
  return file;
}

// `undefined` has no JSON, and would be left out of the message.
const show = (value: unknown): string => (value === undefined ? "undefined" : JSON.stringify(value));

function complaintAbout(name: string, adapter: Adapter, vector: Vector): string | undefined {
  let got: string;
  try {
    const answer = adapter(vector.in);
    if (isDeepStrictEqual(answer, vector.out)) return undefined;
    got = show(answer);
  } catch (error) {
    got = `an exception: ${String(error)}`;
  }
  return `${name}\n  input:    ${show(vector.in)}\n  expected: ${show(vector.out)}\n  got:      ${got}`;
}

/** Replays the vectors. Those of a function that nobody knows count as failed, and at least one does. */
export function replay(file: VectorFile, adapters: ReadonlyMap<string, Adapter>): ContractResult {
  const complaints: string[] = [];
  let passed = 0;
  let failed = 0;
  for (const [name, vectors] of file) {
    const adapter = adapters.get(name);
    if (adapter === undefined) {
      complaints.push(`${name}\n  unknown function: scripts/contract/adapters.ts has no adapter for it`);
      failed += Math.max(1, vectors.length);
      continue;
    }
    const found = vectors.flatMap((vector) => complaintAbout(name, adapter, vector) ?? []);
    complaints.push(...found);
    failed += found.length;
    passed += vectors.length - found.length;
  }
  return { passed, failed, complaints };
}
