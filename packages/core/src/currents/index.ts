export { catalogueTable } from './catalogue-table.ts';
export type { CurrentsEventOf, EventOf, EventType } from './event-types.ts';
export { generation2022_06 } from './generation-2022-06/index.ts';
export { generations } from './generations.ts';
export { type SampleOptions, sampleEvent } from './sample-event.ts';
export { currentsBatchSchema, currentsEventSchema, eventSchema } from './schemas.ts';
export { seededRandom } from './seeded-random.ts';
export { resolveSelection, type Selection } from './selection.ts';
export type * from './types.ts';
