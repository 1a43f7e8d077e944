import {
  type CatalogueEntry,
  type CatalogueVersion,
  type CurrentsEvent,
  customHttpEntries,
  sampleEvent,
  seededRandom,
} from '@braze-mixpanel/core/currents';
import { call, until } from '../control.ts';
import { launchCurrent, seededUsers, seedUsers } from '../seed.ts';
import type { Stack } from '../wiring.ts';

/** The outcome of the event scenario, with every number read back from the servers. */
export interface EventsOutcome {
  /** Number of unique events sent by Braze. */
  emitted: number;
  /** Number of events that Braze sent again, in addition to `emitted`. */
  resent: number;
  /** Number of unique events in Mixpanel. */
  imported: number;
  /**
   * Number of rows stored by Mixpanel. One answer is lost on purpose, so the service sends some events again.
   */
  stored: number;
  skipped: Record<string, number>;
  deadLettered: number;
  eventNames: string[];
}

interface ServiceStatus {
  connections: Record<
    string,
    { skipped: Record<string, number>; deadLettered: Record<string, number>; pending: { events: number } }
  >;
}

/**
 * The event scenario: every event type once for a user with an external ID (including custom and
 * purchase properties), a few for users without one, one with a distinct ID that Mixpanel rejects, some sent
 * twice by Braze, and one import that Mixpanel stores although its answer is lost.
 */
export async function playEvents(stack: Stack, catalogueVersion: CatalogueVersion): Promise<EventsOutcome> {
  await seedUsers(stack);
  const current = await launchCurrent(stack);
  await call('POST', `${stack.mixpanel}/_sim/faults`, { route: 'import', kind: 'lost-answer', times: 1 });
  const { now } = await call<{ now: number }>('GET', `${stack.mixpanel}/_sim/clock`);
  const { everyType, sentTwice, anonymous, refused } = scenarioEvents(
    catalogueVersion,
    Math.floor(now / 1000) - 60,
  );

  const emit = (events: CurrentsEvent[]) =>
    call<{ emitted: number }>('POST', `${stack.braze}/_sim/emit`, { events });
  await emit([...everyType, ...anonymous, refused]);
  const again = await emit(sentTwice);
  const currents = await call<{ id: string; sent: number }[]>('GET', `${stack.braze}/_sim/currents`);
  const sent = currents.find(({ id }) => id === current)?.sent ?? 0;

  const status = await until(
    'the service to settle every event',
    () => call<ServiceStatus>('GET', `${stack.service}/status`),
    ({ connections }) => Object.values(connections).every(({ pending }) => pending.events === 0),
  );
  const stored = await call<{ events: { event: string }[]; raw: number; unique: number }>(
    'GET',
    `${stack.mixpanel}/_sim/events`,
  );
  const counts = status.connections.default!;
  return {
    emitted: sent - again.emitted,
    resent: again.emitted,
    imported: stored.unique,
    stored: stored.raw,
    skipped: counts.skipped,
    deadLettered: Object.values(counts.deadLettered).reduce((sum, count) => sum + count, 0),
    eventNames: [...new Set(stored.events.map(({ event }) => event))].sort(),
  };
}

/** The differences between a settled outcome and the expectation, in sentences. */
export function problemsOfEvents(outcome: EventsOutcome, catalogueVersion: CatalogueVersion): string[] {
  const problems: string[] = [];
  const skipped = Object.values(outcome.skipped).reduce((sum, count) => sum + count, 0);
  const settled = outcome.imported + skipped + outcome.deadLettered;
  if (outcome.emitted !== settled) {
    problems.push(
      `Braze emitted ${outcome.emitted} events, ${settled} are accounted for (${outcome.imported} imported, ${skipped} skipped, ${outcome.deadLettered} dead letters).`,
    );
  }
  const missing = expectedNames(catalogueVersion).filter(name => !outcome.eventNames.includes(name));
  if (missing.length > 0) problems.push(`Mixpanel has no event named ${missing.join(', ')}.`);
  if (outcome.stored <= outcome.imported)
    problems.push('No event was stored twice, although an answer was lost.');
  if (outcome.deadLettered === 0) problems.push('The event that Mixpanel rejects is not a dead letter.');
  if (!outcome.skipped.no_external_user_id) problems.push('No event without external id was skipped.');
  return problems;
}

const customEventName = 'Added to Cart';

/** Entries of the event types that have a Mixpanel event. */
const exportedEntries = (catalogueVersion: CatalogueVersion) =>
  customHttpEntries(catalogueVersion).filter(({ noMixpanelEvent }) => !noMixpanelEvent);

function expectedNames(catalogueVersion: CatalogueVersion): string[] {
  return exportedEntries(catalogueVersion).map(({ name, naming }) =>
    naming ? `${naming.prefix}${customEventName}` : name,
  );
}

function scenarioEvents(catalogueVersion: CatalogueVersion, time: number) {
  const random = seededRandom(41);
  const sample = (entry: CatalogueEntry, externalUserId: string | null, index = 0) =>
    sampleEvent(entry, {
      ...{ random, time, externalUserId, eventName: customEventName },
      origin: index % 2 === 0 ? 'campaign' : 'canvas',
    });
  const known = seededUsers.known;
  const exported = exportedEntries(catalogueVersion);
  const everyType = customHttpEntries(catalogueVersion).map((entry, index) =>
    sample(entry, known[index % known.length]!, index),
  );
  return {
    everyType,
    // A skipped event that is sent twice counts twice.
    sentTwice: everyType
      .filter(({ event_type }) => exported.some(({ eventType }) => eventType === event_type))
      .slice(0, 10),
    anonymous: exported.slice(0, 3).map((entry, index) => sample(entry, null, index)),
    refused: sample(exported[0]!, 'anonymous'),
  };
}
