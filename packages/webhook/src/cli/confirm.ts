import { once } from "node:events";
import { createInterface } from "node:readline/promises";

/** Where a question is asked: somebody is there where both are a terminal. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** Asks a question of which only a plain yes is one; undefined where nobody is there to ask. */
export async function confirm(question: string, { input, output }: Terminal): Promise<boolean | undefined> {
  // A question that goes to a file, as in 'dev 2>dev.log', is seen by nobody.
  if (input.isTTY !== true || output.isTTY !== true) return undefined;
  // Not as a terminal of readline's, which would take Ctrl-C for itself.
  const lines = createInterface({ input, output, terminal: false });
  try {
    const answer = await Promise.race([
      lines.question(`${question} [y/N] `),
      once(lines, "close").then(() => ""),
    ]);
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
