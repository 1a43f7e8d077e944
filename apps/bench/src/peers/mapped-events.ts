import { mapper } from '../ingest/floor.ts';
import { sampleBodies } from '../samples.ts';

/** The events of so many batches of the ingest benchmark, mapped, as a script would have them in memory. */
export function mappedBodies(batches: number): object[] {
  const bodies = sampleBodies(batches);
  return Array.from({ length: batches }, (_, index) => bodies[index % bodies.length]!).flatMap(body =>
    JSON.parse(body.toString()).events.map((event: Parameters<typeof mapper>[0]) =>
      JSON.parse(mapper(event)),
    ),
  );
}
