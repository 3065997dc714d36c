import { figure } from "../core/format.js";
import type { Chart } from "../core/section.js";

type Point = Chart["series"][number]["points"][number];

const width = 720;
const margin = { top: 64, right: 24, bottom: 48, left: 72 };
const plotWidth = width - margin.left - margin.right;

/** One for each contender, told apart also where colours are not seen well. */
const colours = ["#2f6fb7", "#c8622b", "#4b8f5a", "#8a5aa8", "#a58a1e"];
const colourOf = (index: number): string => colours[index % colours.length] ?? "#666";

/** A chart as an SVG that reads well on light and on dark pages. */
export function chartSvg(chart: Chart): string {
  const { height, marks } = chart.kind === "bars" ? bars(chart) : lines(chart);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" role="img">
<title>${escaped(chart.title)}</title>
<style>
  text { fill: #333 } .rule { stroke: #ccc } .paper { fill: #fff }
  @media (prefers-color-scheme: dark) { text { fill: #ddd } .rule { stroke: #555 } .paper { fill: #1b1b1b } }
</style>
<rect class="paper" width="${width}" height="${height}"/>
<text x="16" y="24" font-size="15" font-weight="600">${escaped(chart.title)}</text>
${legend(chart)}
${marks.join("\n")}
</svg>
`;
}

interface Drawing {
  readonly height: number;
  readonly marks: readonly string[];
}

const legend = ({ series }: Chart): string =>
  series
    .map(({ name }, index) => {
      const x = 16 + index * 190;
      return `<rect x="${x}" y="36" width="10" height="10" fill="${colourOf(index)}"/><text x="${x + 16}" y="45">${escaped(name)}</text>`;
    })
    .join("\n");

/** A group of bars for each thing that was measured; names are long, so they stand above their bars. */
function bars({ series, yLabel }: Chart): Drawing {
  const names = [...new Set(series.flatMap(({ points }) => points.map(([name]) => String(name))))];
  const most = Math.max(...series.flatMap(({ points }) => points.map(([, value]) => value)));
  const [bar, gap] = [13, 30];
  const groupHeight = series.length * bar + gap;
  const marks = names.flatMap((name, group) => {
    const top = margin.top + group * groupHeight;
    const drawn = series.flatMap(({ points }, index) => {
      const value = points.find(([own]) => own === name)?.[1];
      if (value === undefined) return [];
      const [y, length] = [top + 22 + index * bar, (value / most) * (width - 120)];
      return `<rect x="16" y="${y}" width="${length.toFixed(1)}" height="${bar - 2}" fill="${colourOf(index)}"/><text x="${(22 + length).toFixed(1)}" y="${y + 10}" font-size="11">${figure(value)} ${yLabel}</text>`;
    });
    return [`<text x="16" y="${top + 16}">${escaped(name)}</text>`, ...drawn];
  });
  return { height: margin.top + names.length * groupHeight + 16, marks };
}

/** Values over an axis of numbers; logarithmic where the numbers go over two powers of ten. */
function lines({ series, xLabel, yLabel }: Chart): Drawing {
  const height = 360;
  const plotHeight = height - margin.top - margin.bottom;
  const all = series.flatMap(({ points }) => points);
  const xs = [...new Set(all.map(([x]) => Number(x)))].sort((a, b) => a - b);
  const [least, greatest] = [xs.at(0) ?? 0, xs.at(-1) ?? 1];
  const isLogarithmic = least > 0 && greatest / least > 100;
  const along = (value: number): number => (isLogarithmic ? Math.log10(value) : value);
  const most = roundUp(Math.max(...all.map(([, y]) => y)));
  const x = (value: number): number =>
    margin.left + ((along(value) - along(least)) / (along(greatest) - along(least) || 1)) * plotWidth;
  const y = (value: number): number => margin.top + plotHeight * (1 - value / most);

  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const at = y(most * share).toFixed(1);
    return `<line class="rule" x1="${margin.left}" x2="${width - margin.right}" y1="${at}" y2="${at}"/><text x="${margin.left - 8}" y="${Number(at) + 4}" text-anchor="end" font-size="11">${figure(most * share)}</text>`;
  });
  const ticks = (isLogarithmic || xs.length < 10 ? xs : evenly(least, greatest)).map(
    (value) =>
      `<text x="${x(value).toFixed(1)}" y="${height - margin.bottom + 18}" text-anchor="middle" font-size="11">${value.toLocaleString("en", { maximumFractionDigits: 1 })}</text>`,
  );
  const curves = series.map(({ points }, index) => {
    const path = points.map((point) => at(point, x, y)).join(" ");
    return `<polyline fill="none" stroke="${colourOf(index)}" stroke-width="2" points="${path}"/>`;
  });
  return {
    height,
    marks: [
      ...grid,
      ...ticks,
      ...curves,
      `<text x="${margin.left + plotWidth / 2}" y="${height - 10}" text-anchor="middle">${escaped(xLabel)}</text>`,
      `<text x="16" y="${margin.top - 6}" font-size="11">${escaped(yLabel)}</text>`,
    ],
  };
}

const at = ([px, py]: Point, x: (value: number) => number, y: (value: number) => number): string =>
  `${x(Number(px)).toFixed(1)},${y(py).toFixed(1)}`;

const evenly = (least: number, greatest: number): readonly number[] =>
  [0, 0.25, 0.5, 0.75, 1].map((share) => least + (greatest - least) * share);

/** The next number of the kind that scales end with: 1, 2, 2.5, 5 with noughts. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value || 1));
  return power * ([1, 2, 2.5, 5, 10].find((step) => step * power >= value) ?? 10);
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
