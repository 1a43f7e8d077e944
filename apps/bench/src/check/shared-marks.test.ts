import { describe, expect, it } from 'vitest';
import type { Measured } from '../measure/result.ts';
import { fullSpeed } from './forms.ts';
import { ratiosBetween } from './ratios.ts';
import { sharedMarks } from './shared-marks.ts';

const run = (figures: object): Measured => ({ bench: 'ingest', options: {}, figures, marks: [], text: '' });

/** A run of 100 events with so many microseconds of CPU per event, and a floor of 10. */
const ingest = (cpuMicros: number, { importSeconds = 1, peakBytes = 200_000_000 } = {}) =>
  run({
    ...{ events: 100, importSeconds, floor: { cpu: 0.001 } },
    service: { cpuSeconds: cpuMicros / 10_000, peakBytes },
  });

const missed = (marks: ReturnType<typeof sharedMarks>) =>
  marks.filter(({ met }) => !met).map(({ name }) => name);

describe('the marks on a shared machine', () => {
  it('compare the CPU of the service with the floor, PostgreSQL with SQLite, and small batches with large ones', () => {
    const runs = new Map([
      [fullSpeed.sqlite, ingest(30)],
      [fullSpeed.postgres, ingest(33)],
      [fullSpeed.tens, ingest(60)],
    ]);
    expect(sharedMarks(runs).map(({ name, value }) => [name, Number(value.toFixed(2))])).toEqual([
      ['ingest: CPU by the floor', 3],
      ['ingest: peak memory', 200_000_000],
      ['ingest, PostgreSQL: CPU by the floor', 3.3],
      ['ingest, PostgreSQL: peak memory', 200_000_000],
      ['ingest, batches of 10: peak memory', 200_000_000],
      ['CPU on PostgreSQL by SQLite', 1.1],
      ['CPU in batches of 10 by 100', 2],
    ]);
    expect(missed(sharedMarks(runs))).toEqual([]);
  });

  it('are missed by a service that needs twice the CPU of the worst run, or much memory', () => {
    const runs = new Map([[fullSpeed.sqlite, ingest(84, { peakBytes: 400_000_000 })]]);
    expect(missed(sharedMarks(runs))).toEqual(['ingest: CPU by the floor', 'ingest: peak memory']);
  });

  it('do not depend on the rate', () => {
    expect(missed(sharedMarks(new Map([[fullSpeed.sqlite, ingest(30, { importSeconds: 1_000 })]])))).toEqual(
      [],
    );
  });

  it('have nothing about what was not measured', () => {
    expect(sharedMarks(new Map())).toEqual([]);
  });
});

it('the ratios of a check are missed by a PostgreSQL that has half of the rate of SQLite', () => {
  const runs = new Map([
    [fullSpeed.sqlite, ingest(30)],
    [fullSpeed.postgres, ingest(30, { importSeconds: 2 })],
  ]);
  expect(ratiosBetween(runs).map(({ met }) => met)).toEqual([false, true]);
});
