import type { Monitoring } from "./promql.js";
import type { Series } from "./prometheus.js";

/** A panel with what its queries returned. */
export interface DrawnPanel {
  readonly title: string;
  readonly fieldConfig: { readonly defaults: { readonly unit: string } };
  readonly series: readonly LabelledSeries[];
}

/** A series with the pattern of its name, such as `{{handler}} {{reason}}`. */
interface LabelledSeries extends Series {
  readonly legendFormat: string;
}

const [columns, width, height, margin] = [3, 380, 190, 12];
const [chartTop, chartHeight, chartLeft] = [34, 84, 56];
const colours = ["#3b6fb6", "#c4622d", "#3f8f5f", "#8a5aa8", "#b5952b", "#4a9aa5", "#b04a6a", "#6b6b6b"];

/** The panels of a dashboard as small line charts, three in a row, with a line that says what the picture is. */
export function dashboardSvg(
  { job, dashboard }: Pick<Monitoring, "job" | "dashboard">,
  panels: readonly DrawnPanel[],
): string {
  const rows = Math.ceil(panels.length / columns);
  const [fullWidth, fullHeight] = [columns * width + margin, rows * height + 44];
  const drawn = panels.map((panel, index) => {
    const [x, y] = [margin + (index % columns) * width, 40 + Math.floor(index / columns) * height];
    return `<g transform="translate(${x} ${y})">${panelSvg(panel)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${fullWidth} ${fullHeight}" font-family="sans-serif" font-size="11">
<title>The panels of the dashboard ${job}</title>
<rect width="100%" height="100%" fill="#fff"/>
<text x="${margin}" y="24" font-size="13" fill="#333">The panels of ${dashboard}, drawn by npm run pictures from what their queries returned in a test run of one minute. Not a picture of Grafana.</text>
${drawn.join("\n")}
</svg>
`;
}

function panelSvg({ title, fieldConfig, series }: DrawnPanel): string {
  const points = series.flatMap(({ values }) => values).filter(([, value]) => Number.isFinite(value));
  const most = Math.max(...points.map(([, value]) => value), 0) || 1;
  const times = points.map(([seconds]) => seconds);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const x = (seconds: number): number =>
    chartLeft + ((seconds - first) / (last - first || 1)) * (width - chartLeft - 30);
  const y = (value: number): number => chartTop + chartHeight * (1 - value / most);
  const lines = series.map(({ values }, index) => {
    const path = values
      .filter(([, value]) => Number.isFinite(value))
      .map(([seconds, value]) => `${x(seconds).toFixed(1)},${y(value).toFixed(1)}`);
    return `<polyline fill="none" stroke="${colourOf(index)}" stroke-width="1.5" points="${path.join(" ")}"/>`;
  });
  const unit = fieldConfig.defaults.unit;
  return [
    `<rect width="${width - margin}" height="${height - margin}" rx="4" fill="#fafafa" stroke="#ddd"/>`,
    `<text x="10" y="20" font-weight="bold" fill="#333">${escaped(title)}</text>`,
    ...[0, most].map(
      (value) =>
        `<line x1="${chartLeft}" x2="${width - 30}" y1="${y(value)}" y2="${y(value)}" stroke="#ddd"/>` +
        `<text x="${chartLeft - 5}" y="${y(value) + 4}" text-anchor="end" fill="#666">${format(value, unit)}</text>`,
    ),
    ...lines,
    ...legend(series),
  ].join("\n");
}

/** A name that would reach into the second column. */
const longName = 28;

/** Two columns of names, or one where names are long; what does not fit is counted. */
function legend(series: readonly LabelledSeries[]): readonly string[] {
  const shown = series.length > 8 ? series.slice(0, 7) : series;
  const names = shown.map(({ legendFormat, metric }) =>
    legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? ""),
  );
  const rest = series.length - shown.length;
  const columns = names.length <= 4 && names.some((name) => name.length > longName) ? 1 : 2;
  return [...names, ...(rest > 0 ? [`and ${rest} more`] : [])].map((name, index) => {
    const x = 12 + (index % columns) * 180;
    const y = chartTop + chartHeight + 18 + Math.floor(index / columns) * 13;
    return `<text x="${x}" y="${y}" font-size="10" fill="${colourOf(index)}">${escaped(name)}</text>`;
  });
}

const colourOf = (index: number): string => colours[index % colours.length] ?? "#000";

function format(value: number, unit: string): string {
  if (unit === "bytes") return `${(value / 1e6).toFixed(0)} MB`;
  if (unit === "percentunit") return `${(value * 100).toFixed(1)} %`;
  if (unit === "s") return value < 1 ? `${(value * 1000).toFixed(1)} ms` : `${value.toFixed(1)} s`;
  if (unit === "d") return `${value.toFixed(0)} d`;
  return unit === "reqps" ? `${value.toFixed(1)}/s` : value.toFixed(0);
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
