import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { resultOf } from '../measure/result.ts';
import { drawLoad } from './draw-load.ts';
import { readLoadCurve } from './load-points.ts';
import { logScale } from './log-scale.ts';

const result = (rate: number, storage = 'sqlite') => {
  const acknowledgement = { p50: 3, p99: 20, max: 40 };
  const figures = {
    ...{ events: rate * 10, rate, storage, importSeconds: 10.1, acknowledgement },
    bare: { p50: 2, p99: 6, max: 9 },
  };
  return resultOf({ bench: 'ingest', options: {}, figures, marks: [], text: '' });
};

async function curveOf(...results: unknown[]) {
  const folder = await mkdtemp(join(tmpdir(), 'chart-'));
  try {
    const file = join(folder, 'results.jsonl');
    await writeFile(file, results.map(each => `${JSON.stringify(each)}\n`).join(''));
    return await readLoadCurve([file]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the chart of acknowledgement and rate over load', () => {
  it('has a line per figure, each with a label, and says the figures in words', async () => {
    const svg = drawLoad(await curveOf(result(10_000), result(2_000)));
    expect(svg.match(/<polyline /g)).toHaveLength(5);
    for (const label of ['p99', 'p50', 'p99, bare server', 'imported', 'as offered'])
      expect(svg).toContain(`>${label}</text>`);
    expect(svg).toContain('2,000 events/s offered: 1,980/s imported, acknowledged in 3.0 ms (p50)');
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg.indexOf('2,000 events/s offered')).toBeLessThan(svg.indexOf('10,000 events/s offered'));
  });

  it.each([
    ['one run', [result(2_000)], /at least two runs/],
    ['two runs at one rate', [result(2_000), result(2_000)], /a rate of its own/],
    ['runs on two storages', [result(1_000), result(2_000, 'postgres')], /runs on one storage/],
    ['another result', [{ bench: 'cohorts' }], /Not a result of "bench ingest/],
    ['a text that is no JSON', ['}{'], /Not a result of "bench ingest/],
  ])('is not drawn of %s', async (_, results, message) => {
    await expect(curveOf(...results)).rejects.toThrow(message);
  });

  it('in the documentation is that of the measured figures beside it', async () => {
    const figures = (name: string) =>
      fileURLToPath(new URL(`../../../../docs/figures/${name}`, import.meta.url));
    const drawn = drawLoad(await readLoadCurve([figures('load-sqlite.jsonl')]));
    expect(drawn).toBe(await readFile(figures('load-sqlite.svg'), 'utf8'));
  });
});

it('a logarithmic axis begins and ends with a tick, and has places for equal ratios', () => {
  const { ticks, at } = logScale([1_500, 40_000], [0, 100]);
  expect(ticks).toEqual([1_000, 2_000, 5_000, 10_000, 20_000, 50_000]);
  expect([at(1_000), at(50_000)]).toEqual([0, 100]);
  expect(at(10_000) - at(5_000)).toBeCloseTo(at(2_000) - at(1_000), 0);
});
