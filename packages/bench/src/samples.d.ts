/** Braze's batch size. */
export declare const EVENTS_PER_BATCH = 100;
/**
 * Bodies as the Custom HTTP connector sends them: 100 events each, all event types in turn, every listed property present.
 * The same `seed` gives the same bytes.
 */
export declare function sampleBodies(batches: number, seed?: number): Buffer[];
