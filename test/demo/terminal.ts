/** Text for a terminal; plain where the output is no terminal, or `NO_COLOR` is set (https://no-color.org). */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly red: (text: string) => string;
}

/** The style that fits a stream. */
export function styleFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Style {
  const colors = stream.isTTY === true && (env["NO_COLOR"] ?? "") === "";
  const paint =
    (code: number) =>
    (text: string): string =>
      colors ? `\u001b[${code}m${text}\u001b[0m` : text;
  return { bold: paint(1), dim: paint(2), green: paint(32), red: paint(31) };
}
