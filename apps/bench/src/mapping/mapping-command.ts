import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mapperOfRef } from './mapper-of-ref.ts';
import { againstReport, mappingReport, meetsAgainstMark, meetsMappingMark } from './mapping-report.ts';
import { measureAgainst } from './measure-against.ts';
import { measureMapping } from './measure-mapping.ts';

/** Options of `bench mapping`. */
export interface MappingArguments {
  events: number;
  rounds: number;
  /** Commit, tag or branch whose mapper is measured in turns with this one. */
  against?: string;
  json?: true;
  check?: true;
}

const repository = fileURLToPath(new URL('../../../../', import.meta.url));

/** Measures the mapping, prints the figures, and with `check` sets the exit code. */
export async function mapping({ events, rounds, against, json, check }: MappingArguments): Promise<void> {
  if (against !== undefined) {
    const folder = await mkdtemp(join(tmpdir(), 'bench-'));
    try {
      const { commit, map } = await mapperOfRef(against, repository, folder);
      const figures = measureAgainst(map, events, rounds);
      print(json, { against: commit, ...figures }, againstReport(commit, figures));
      if (check && !meetsAgainstMark(figures)) process.exitCode = 1;
    } finally {
      await rm(folder, { recursive: true });
    }
    return;
  }
  const figures = measureMapping(events, rounds);
  print(json, figures, mappingReport(figures));
  if (check && !meetsMappingMark(figures)) process.exitCode = 1;
}

function print(json: true | undefined, figures: object, text: string): void {
  console.log(json ? JSON.stringify({ bench: 'mapping', ...figures }) : `${text}\n`);
}
