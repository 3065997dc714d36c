/** What a drawing is made of, in the order in which it is painted. */
export interface Drawing {
  readonly title: string;
  /** What the picture says, for people who do not see it. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly parts: readonly string[];
}

/** Colours by what they are for; an embedded picture follows the light or dark scheme of the page, or of the system. */
const style = `
    .ground { fill: #f8fafc; }
    .box { fill: #fff; stroke: #94a3b8; stroke-width: 1.5; }
    .own { fill: #ecfdf5; stroke: #059669; stroke-width: 2; }
    .fault { fill: #fff7ed; stroke: #fdba74; }
    text { fill: #475569; }
    .name { fill: #0f172a; font-weight: 600; }
    .own-text { fill: #065f46; }
    .fault-text { fill: #9a3412; }
    .line { fill: none; stroke: #475569; stroke-width: 1.5; }
    .own-line { fill: none; stroke: #059669; stroke-width: 2; }
    .head { fill: #475569; }
    .own-head { fill: #059669; }
    @media (prefers-color-scheme: dark) {
      .ground { fill: #0f172a; }
      .box { fill: #1e293b; stroke: #64748b; }
      .own { fill: #064e3b; stroke: #34d399; }
      .fault { fill: #431407; stroke: #c2410c; }
      text { fill: #cbd5e1; }
      .name { fill: #f8fafc; }
      .own-text { fill: #a7f3d0; }
      .fault-text { fill: #fed7aa; }
      .line { stroke: #94a3b8; }
      .own-line { stroke: #34d399; }
      .head { fill: #94a3b8; }
      .own-head { fill: #34d399; }
    }`;

const arrowHead = (id: string): string =>
  `<marker id="${id}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path class="${id}" d="M0 0 10 5 0 10z"/></marker>`;

/** Text as it may stand in XML. */
export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** The whole picture, with a ground of its own, so that it can be read on any page. */
export function svgOf({ title, description, width, height, parts }: Drawing): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="14" role="img" aria-labelledby="title description">
  <!-- Drawn by npm run pictures from scripts/pictures; do not edit. -->
  <title id="title">${escaped(title)}</title>
  <desc id="description">${escaped(description)}</desc>
  <style>${style}
  </style>
  <defs>${arrowHead("head")}${arrowHead("own-head")}</defs>
  <rect class="ground" width="${width}" height="${height}" rx="12"/>
  ${parts.join("\n  ")}
</svg>
`;
}

/** Where a box lies, in pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A box with lines of text in its middle, of which the first is its name. */
export function box(
  { x, y, width, height }: Place,
  [name = "", ...lines]: readonly string[],
  kind: "box" | "own" = "box",
): string {
  const middle = x + width / 2;
  const first = y + height / 2 + 5 - (lines.length * lineHeight) / 2;
  const nameKind = kind === "own" ? "name own-text" : "name";
  return [
    `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>`,
    text({ x: middle, y: first, anchor: "middle", kind: nameKind }, name),
    ...lines.map((line, index) =>
      text({ x: middle, y: first + (index + 1) * lineHeight, anchor: "middle" }, line),
    ),
  ].join("\n  ");
}

/** How far apart the lines of a text are, in pixels. */
export const lineHeight = 19;

/** How a line of text is set. */
export interface TextSetting {
  readonly x: number;
  /** Of the base line. */
  readonly y: number;
  /** @default "start" */
  readonly anchor?: "start" | "middle" | "end";
  /** Classes of the style. @default "" */
  readonly kind?: string;
  /** In pixels. @default 14 */
  readonly size?: number;
}

/** A line of text. */
export function text({ x, y, anchor = "start", kind = "", size }: TextSetting, line: string): string {
  const attributes = [
    `x="${x}" y="${y}"`,
    ...(anchor === "start" ? [] : [`text-anchor="${anchor}"`]),
    ...(kind === "" ? [] : [`class="${kind}"`]),
    ...(size === undefined ? [] : [`font-size="${size}"`]),
  ];
  return `<text ${attributes.join(" ")}>${escaped(line)}</text>`;
}

/** A line along an SVG path, with a head at its end. */
export const arrow = (path: string, kind: "line" | "own-line" = "line"): string =>
  `<path class="${kind}" d="${path}" marker-end="url(#${kind === "line" ? "head" : "own-head"})"/>`;
