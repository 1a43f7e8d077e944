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
import { ofCampaigns } from './sample-campaigns.ts';

/** What sample events are like. */
export interface SampleChoices {
  /** Default: 2022-06. */
  readonly catalogueVersion: CatalogueVersion;
  /** Share of events without an external ID, 0 to 1, besides those of anonymous users. Default: 0. */
  readonly anonymous?: number | undefined;
  /** Whether events also have today's fields that the catalogue version does not list. Default: false. */
  readonly unlisted?: boolean | undefined;
  /** Place of the first one in the cycle of types and users, to go on after others. Default: 0. */
  readonly first?: number | undefined;
  /** Number of campaigns and of Canvases that the events belong to. Default: 3. */
  readonly campaigns?: number | undefined;
}

/**
 * Sample events that cycle through these types and users, so that eventually every user has every type. Messages are
 * of a campaign and of a Canvas in turn, also those of one type.
 * `users` has at least one user, and the catalogue version has every type.
 */
export function sampleEvents(
  count: number,
  eventTypes: readonly string[],
  users: Users,
  choices: SampleChoices,
  options: Pick<SampleOptions, 'random' | 'time'>,
): CurrentsEvent[] {
  const { catalogueVersion, anonymous = 0, unlisted = false, first = 0, campaigns } = choices;
  const cycle = (eventTypes.length * users.size) / commonDivisor(eventTypes.length, users.size);
  const samples = Array.from({ length: count }, (_, place) => {
    const index = first + place;
    const listed = catalogueVersion.byType.get(eventTypes[index % eventTypes.length]!)!;
    // Position and round, so that a type has the other origin in the next round.
    const origin = originAt((index % eventTypes.length) + Math.floor(index / eventTypes.length));
    const entry = unlisted ? withFieldsOfToday(listed) : listed;
    if (anonymous > 0 && options.random() < anonymous)
      return sampleEvent(entry, { ...options, unlisted, origin });
    const user = users.get(users.at((index + Math.floor(index / cycle)) % users.size))!;
    return sampleEvent(entry, {
      ...options,
      ...{ unlisted, origin },
      externalUserId: user.external_id ?? null,
      userId: user.braze_id,
      timezone: user.timezone,
      ...(user.device_ids[0] !== undefined && { deviceId: user.device_ids[0] }),
    });
  });
  return ofCampaigns(samples, campaigns);
}

/** The origin of messages in turn. A message has one of them. */
export const originAt = (index: number): 'campaign' | 'canvas' => (index % 2 === 0 ? 'campaign' : 'canvas');

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
