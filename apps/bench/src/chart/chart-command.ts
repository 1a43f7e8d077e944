import { writeFile } from 'node:fs/promises';
import { drawLoad } from './draw-load.ts';
import { readLoadCurve } from './load-points.ts';

/** Options of `bench chart`. */
export interface ChartArguments {
  /** Path of the image; its text is printed if absent. */
  out?: string;
}

/** Draws results of the ingest benchmark at several rates. @throws Error if the files have other results */
export async function chart(files: string[], { out }: ChartArguments): Promise<void> {
  const svg = drawLoad(await readLoadCurve(files));
  if (out === undefined) process.stdout.write(svg);
  else await writeFile(out, svg);
}
