import { whole } from '../measure/report.ts';
import type { LoadCurve, LoadPoint } from './load-points.ts';
import { logScale, type Scale } from './log-scale.ts';

/** A line of the chart: distinguished by its dashes and its label too, not by its colour alone. */
interface Series {
  readonly label: string;
  readonly colour: 'first' | 'second' | 'third';
  readonly dashes: string;
  readonly value: (point: LoadPoint) => number;
}

const latencySeries: Series[] = [
  { label: 'p99', colour: 'first', dashes: '', value: ({ p99 }) => p99 },
  { label: 'p50', colour: 'second', dashes: '6 3', value: ({ p50 }) => p50 },
  { label: 'p99, bare server', colour: 'third', dashes: '2 3', value: ({ bareP99 }) => bareP99 },
];
const rateSeries: Series[] = [
  { label: 'imported', colour: 'first', dashes: '', value: ({ imported }) => imported },
  { label: 'as offered', colour: 'third', dashes: '2 3', value: ({ offered }) => offered },
];

const [width, height] = [960, 380];
const panel = { top: 74, height: 250, width: 300 };

/** Follows the colour scheme of the reader, with a background of its own. */
const style = `
  .paper { fill: #ffffff } .grid { stroke: #d8dee4 } text { fill: #1f2328; font: 12px system-ui, sans-serif }
  .title { font-weight: 600; font-size: 14px } .line { fill: none; stroke-width: 2 }
  .first { stroke: #0550ae } .second { stroke: #953800 } .third { stroke: #59636e }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117 } .grid { stroke: #30363d } text { fill: #e6edf3 }
    .first { stroke: #79c0ff } .second { stroke: #ffa657 } .third { stroke: #9198a1 }
  }`;

/** The chart as an SVG document: acknowledgement and imported events over the offered rate, on logarithmic axes. */
export function drawLoad({ points, about }: LoadCurve): string {
  const latency = drawPanel(70, 'Acknowledgement of a batch, ms', latencySeries, points);
  const rate = drawPanel(560, 'Events imported per second', rateSeries, points);
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>Acknowledgement and rate over load</title>`,
    `<desc>${escaped(points.map(sentenceOf).join(' '))}</desc>`,
    `<style>${style}\n</style>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    `<text class="title" x="20" y="28">Acknowledgement and rate over load</text>`,
    `<text x="20" y="46">${escaped(about)}</text>`,
    ...latency,
    ...rate,
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}

const sentenceOf = ({ offered, imported, p50, p99, bareP99 }: LoadPoint): string =>
  `${whole(offered)} events/s offered: ${whole(imported)}/s imported, acknowledged in ${p50.toFixed(1)} ms (p50) and ${p99.toFixed(1)} ms (p99), bare server ${bareP99.toFixed(1)} ms (p99).`;

function drawPanel(left: number, title: string, series: Series[], points: readonly LoadPoint[]): string[] {
  const right = left + panel.width;
  const bottom = panel.top + panel.height;
  const x = logScale(
    points.map(({ offered }) => offered),
    [left, right],
  );
  const y = logScale(
    series.flatMap(({ value }) => points.map(value)),
    [bottom, panel.top],
  );
  return [
    `<text x="${left}" y="${panel.top - 10}">${escaped(title)}</text>`,
    ...y.ticks.flatMap(tick => [
      `<line class="grid" x1="${left}" x2="${right}" y1="${y.at(tick)}" y2="${y.at(tick)}"/>`,
      `<text x="${left - 8}" y="${y.at(tick) + 4}" text-anchor="end">${whole(tick)}</text>`,
    ]),
    ...x.ticks.flatMap(tick => [
      `<line class="grid" x1="${x.at(tick)}" x2="${x.at(tick)}" y1="${panel.top}" y2="${bottom}"/>`,
      `<text x="${x.at(tick)}" y="${bottom + 18}" text-anchor="middle">${whole(tick)}</text>`,
    ]),
    `<text x="${(left + right) / 2}" y="${bottom + 40}" text-anchor="middle">events per second offered</text>`,
    ...drawSeries(series, points, x, y, right),
  ];
}

/** The lines with their labels at the right end, moved apart where they would overlap. */
function drawSeries(
  series: Series[],
  points: readonly LoadPoint[],
  x: Scale,
  y: Scale,
  right: number,
): string[] {
  const last = points.at(-1)!;
  const ends = series
    .map(each => ({ each, end: y.at(each.value(last)) }))
    .sort((one, other) => one.end - other.end);
  let above = Number.NEGATIVE_INFINITY;
  return ends.flatMap(({ each: { label, colour, dashes, value }, end }) => {
    above = Math.max(end, above + 15);
    const path = points.map(point => `${x.at(point.offered)},${y.at(value(point))}`).join(' ');
    return [
      `<polyline class="line ${colour}" points="${path}"${dashes === '' ? '' : ` stroke-dasharray="${dashes}"`}/>`,
      `<text x="${right + 8}" y="${above + 4}">${escaped(label)}</text>`,
    ];
  });
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
