/** Sample events of users, as the Custom HTTP connector sends them. */
import {
  type CatalogueEntry,
  type CatalogueVersion,
  type CurrentsEvent,
  type CurrentsUser,
  catalogue2026_07,
  glossary2026_07,
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
  const { catalogueVersion, anonymous = 0 } = choices;
  const cycle = (eventTypes.length * users.size) / commonDivisor(eventTypes.length, users.size);
  return Array.from({ length: count }, (_, index) => {
    const entry = catalogueVersion.byType.get(eventTypes[index % eventTypes.length]!)!;
    if (anonymous > 0 && options.random() < anonymous) return sampleOf(entry, choices, options);
    const user = users.get(users.at((index + Math.floor(index / cycle)) % users.size))!;
    return sampleOf(entry, choices, {
      ...options,
      externalUserId: user.external_id ?? null,
      userId: user.braze_id,
      timezone: user.timezone,
      ...(user.device_ids[0] !== undefined && { deviceId: user.device_ids[0] }),
    });
  });
}

/** A sample event. In 2026-07 its user has only the fields that the connector carries for the type. */
export function sampleOf(
  entry: CatalogueEntry,
  { catalogueVersion, unlisted = false }: SampleChoices,
  options: SampleOptions,
): CurrentsEvent {
  const event = sampleEvent(unlisted ? withFieldsOfToday(entry) : entry, { ...options, unlisted });
  const carried = catalogueVersion === catalogue2026_07 ? userFields.get(entry.eventType) : undefined;
  return carried ? { ...event, user: picked(event.user, carried) } : event;
}

/**
 * The fields of `user` by event type.
 *
 * @see https://www.braze.com/docs/user_guide/data/distribution/braze_currents/event_glossary/
 */
const userFields: ReadonlyMap<string, readonly string[]> = new Map(
  glossary2026_07.flatMap(({ eventType, customHttp }) =>
    customHttp ? [[eventType, customHttp.user.map(({ name }) => name)]] : [],
  ),
);

const picked = (user: CurrentsUser, fields: readonly string[]): CurrentsUser =>
  Object.fromEntries(Object.entries(user).filter(([name]) => fields.includes(name)));

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
