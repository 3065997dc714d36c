import { once } from "node:events";
import { createInterface } from "node:readline/promises";

/** Where a question is asked. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/** Asks a question of which only a plain yes is one; undefined where nobody is there to ask. */
export async function confirm(question: string, { input, output }: Terminal): Promise<boolean | undefined> {
  if (input.isTTY !== true) return undefined;
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
