export type { CurrentsEventOf, EventOf, EventType } from './event-types.ts';
export { generation2022_06 } from './generation-2022-06/index.ts';
export { generations } from './generations.ts';
export type * from './types.ts';
