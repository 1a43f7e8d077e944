import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommonArguments } from '../measure/finish.ts';
import type { Measured } from '../measure/result.ts';
import { mapperOfRef } from './mapper-of-ref.ts';
import { againstMarks, againstReport, mappingMarks, mappingReport } from './mapping-report.ts';
import { measureAgainst } from './measure-against.ts';
import { measureMapping } from './measure-mapping.ts';

/** Options of `bench mapping`. */
export interface MappingArguments extends CommonArguments {
  events: number;
  rounds: number;
  /** Commit, tag or branch whose mapper is measured in turns with this one. */
  against?: string;
}

const repository = fileURLToPath(new URL('../../../../', import.meta.url));

/** Measures the mapping. @throws Error if an event is not mapped, or the other commit has no such mapper */
export async function mapping({ events, rounds, against }: MappingArguments): Promise<Measured> {
  const own = { bench: 'mapping', options: { events, rounds, against } };
  if (against === undefined) {
    const figures = measureMapping(events, rounds);
    return { ...own, figures, marks: mappingMarks(figures), text: mappingReport(figures) };
  }
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const { commit, map } = await mapperOfRef(against, repository, folder);
    const figures = measureAgainst(map, events, rounds);
    const text = againstReport(commit, figures);
    return { ...own, figures: { against: commit, ...figures }, marks: againstMarks(figures), text };
  } finally {
    await rm(folder, { recursive: true });
  }
}
