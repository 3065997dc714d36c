// Select Graphic Rendition (ECMA-48, 8.3.117).
const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

/** Gives a text a colour, or leaves it as it is where there are none. */
export type Paint = (colour: keyof typeof codes, text: string) => string;

/** The brush for an output that shows colours, or does not. */
export const painter = (colours: boolean): Paint =>
  colours ? (colour, text) => `\u001B[${codes[colour]}m${text}\u001B[0m` : (_, text) => text;

/**
 * Whether an output shows colours, and whoever reads it wants them: see https://no-color.org/. `FORCE_COLOR`, for CI logs that
 * show colours, makes a pipe count as a terminal.
 */
export const hasColours = (
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean =>
  (env["NO_COLOR"] ?? "") === "" &&
  ((env["FORCE_COLOR"] ?? "") !== "" || (stream.isTTY === true && env["TERM"] !== "dumb"));
