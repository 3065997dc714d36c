import { escaped } from "./diagram.js";

/** Text in one style. */
interface Span {
  readonly text: string;
  /** Codes of Select Graphic Rendition (ECMA-48, 8.3.117) in force. */
  readonly codes: ReadonlySet<number>;
}

/** What a terminal showed. */
export interface Screen {
  /** What stands in the title bar. */
  readonly title: string;
  /** What the picture says, for people who do not see it. */
  readonly description: string;
  /** Output with its escape sequences. */
  readonly output: string;
}

/** Characters in a line; longer ones go on below, between words. */
const columns = 104;

const [charWidth, lineHeight, padding, barHeight] = [7.8, 19, 18, 34];

/** The codes that this software and kubectl use, as CSS classes. */
const classes: Readonly<Record<number, string>> = {
  1: "bold",
  2: "dim",
  31: "red",
  32: "green",
  33: "yellow",
};

/**
 * A picture of a terminal: dark on any page, with every character in its column whatever font there is.
 *
 * @throws {Error} when the output has an escape sequence that this does not know, instead of drawing it wrong.
 */
export function terminalSvg({ title, description, output }: Screen): string {
  const lines = output.trimEnd().split("\n").flatMap(wrapped);
  const width = round(columns * charWidth + 2 * padding);
  const height = barHeight + lines.length * lineHeight + padding;
  const drawn = spansOf(lines).map((spans, index) => lineSvg(spans, barHeight + (index + 1) * lineHeight));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" role="img" aria-labelledby="title description">
  <!-- Drawn by npm run pictures from what the commands printed; do not edit. -->
  <title id="title">${escaped(title)}</title>
  <desc id="description">${escaped(description)}</desc>
  <style>
    text { fill: #e2e8f0; white-space: pre; }
    .bold { font-weight: 700; }
    .dim { fill: #94a3b8; }
    .red { fill: #fca5a5; }
    .green { fill: #86efac; }
    .yellow { fill: #fde047; }
    .bar { fill: #94a3b8; }
  </style>
  <rect width="${width}" height="${height}" rx="10" fill="#0f172a" stroke="#475569"/>
  <g class="bar"><circle cx="20" cy="18" r="5"/><circle cx="38" cy="18" r="5"/><circle cx="56" cy="18" r="5"/></g>
  <text class="bar" x="${round(width / 2)}" y="23" text-anchor="middle">${escaped(title)}</text>
${drawn.filter((line) => line !== "").join("\n")}
</svg>
`;
}

// eslint-disable-next-line no-control-regex -- it is the control character that begins an escape sequence
const sgr = /\u001B\[([\d;]*)m/g;

/** The output without its colours. */
export const withoutColours = (output: string): string => output.replaceAll(sgr, "");

/** A line in pieces that fit, broken between words, each as far in as the first; colours take no room. */
function wrapped(line: string): readonly string[] {
  const indent = /^ */.exec(withoutColours(line))?.[0] ?? "";
  const pieces: string[] = [];
  let piece = "";
  for (const word of line.split(/(?<=\S)(?= )/)) {
    const isTooLong = withoutColours(piece + word).length > columns;
    if (isTooLong && piece !== "") pieces.push(piece);
    piece = isTooLong && piece !== "" ? indent + word.trimStart() : piece + word;
  }
  return [...pieces, piece];
}

/** The lines in spans of one style; a style lasts until it is changed, also over the end of a line. */
function spansOf(lines: readonly string[]): readonly (readonly Span[])[] {
  let codes: ReadonlySet<number> = new Set();
  return lines.map((line) => {
    const spans: Span[] = [];
    let from = 0;
    for (const match of line.matchAll(sgr)) {
      spans.push({ text: line.slice(from, match.index), codes });
      codes = following(codes, match[1] ?? "");
      from = match.index + match[0].length;
    }
    return [...spans, { text: line.slice(from), codes }];
  });
}

function following(codes: ReadonlySet<number>, parameters: string): ReadonlySet<number> {
  return parameters
    .split(";")
    .map(Number)
    .reduce<ReadonlySet<number>>((now, code) => (code === 0 ? new Set() : new Set([...now, code])), codes);
}

function lineSvg(spans: readonly Span[], y: number): string {
  let column = 0;
  return spans
    .map(({ text, codes }) => {
      const at = column;
      column += text.length;
      return text.trim() === "" ? "" : spanSvg(text, codes, at, y);
    })
    .join("");
}

function spanSvg(text: string, codes: ReadonlySet<number>, column: number, y: number): string {
  if (text.includes("\u001B")) throw new Error(`an escape sequence that cannot be drawn in: ${text}`);
  const names = [...codes].map((code) => {
    const name = classes[code];
    if (name === undefined) throw new Error(`style ${code} of a terminal cannot be drawn: add it to classes`);
    return name;
  });
  const start = text.length - text.trimStart().length;
  const shown = text.trim();
  const x = round(padding + (column + start) * charWidth);
  const style = names.length === 0 ? "" : ` class="${names.join(" ")}"`;
  return `  <text x="${x}" y="${y}" textLength="${round(shown.length * charWidth)}"${style}>${escaped(shown)}</text>`;
}

const round = (pixels: number): number => Math.round(pixels * 10) / 10;
