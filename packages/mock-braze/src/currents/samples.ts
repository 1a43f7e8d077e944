/** Sample events of users, as the Custom HTTP connector sends them. */
import {
  type CatalogueEntry,
  type CatalogueVersion,
  type CurrentsEvent,
  catalogue2026_07,
  type SampleOptions,
  sampleEvent,
} from '@braze-mixpanel/core/currents';
import type { Users } from '../users/users.ts';

/** What sample events are like. */
export interface SampleChoices {
  /** Default: 2022-06. */
  readonly catalogueVersion: CatalogueVersion;
  /** Share of events without an external ID, 0 to 1, besides those of anonymous users. Default: 0. */
  readonly anonymous?: number | undefined;
  /** Whether events also have today's fields that the catalogue version does not list. Default: false. */
  readonly unlisted?: boolean | undefined;
}

/**
 * Sample events that cycle through these types and users, so that eventually every user has every type.
 * `users` has at least one user, and the catalogue version has every type.
 */
export function sampleEvents(
  count: number,
  eventTypes: readonly string[],
  users: Users,
  choices: SampleChoices,
  options: Pick<SampleOptions, 'random' | 'time'>,
): CurrentsEvent[] {
  const { catalogueVersion, anonymous = 0, unlisted = false } = choices;
  const cycle = (eventTypes.length * users.size) / commonDivisor(eventTypes.length, users.size);
  return Array.from({ length: count }, (_, index) => {
    const listed = catalogueVersion.byType.get(eventTypes[index % eventTypes.length]!)!;
    const entry = unlisted ? withFieldsOfToday(listed) : listed;
    if (anonymous > 0 && options.random() < anonymous) return sampleEvent(entry, { ...options, unlisted });
    const user = users.get(users.at((index + Math.floor(index / cycle)) % users.size))!;
    return sampleEvent(entry, {
      ...options,
      unlisted,
      externalUserId: user.external_id ?? null,
      userId: user.braze_id,
      timezone: user.timezone,
      ...(user.device_ids[0] !== undefined && { deviceId: user.device_ids[0] }),
    });
  });
}

/** The entry, with all fields as unlisted ones that the connector carries today and the entry does not list. */
function withFieldsOfToday(entry: CatalogueEntry): CatalogueEntry {
  const { properties = [], unlisted = [] } = catalogue2026_07.byType.get(entry.eventType) ?? {};
  const listed = new Set(entry.properties.map(({ wire }) => wire));
  const more = [...properties, ...unlisted].filter(({ wire, source }) => !source && !listed.has(wire));
  return { ...entry, unlisted: more };
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
