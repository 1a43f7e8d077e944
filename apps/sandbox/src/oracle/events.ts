import { setTimeout as wait } from 'node:timers/promises';
import type { CatalogueVersion } from '@braze-mixpanel/core/currents';
import { mapEvent } from '@braze-mixpanel/core/mapping';
import type { RunningMockBraze } from '@braze-mixpanel/mock-braze';
import type { RunningMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { call } from '../control.ts';
import { sandboxKeys } from '../wiring.ts';
import { backlogOf, readStatus } from './backlog.ts';
import { type EventVerdict, judgeEvent } from './judge-event.ts';
import { keyOf, type Ledger } from './ledger.ts';

export interface OracleWorld {
  /** Catalogue version of the service. */
  readonly catalogueVersion: CatalogueVersion;
  readonly ledger: Ledger;
  readonly braze: RunningMockBraze;
  readonly mixpanel: RunningMockMixpanel;
  /** Address of the service. */
  readonly service: string;
}

/** Number and delay (real milliseconds) of the retries for events in transit between two servers. */
const attempts = 4;
const pause = 250;

/** The verdicts on all emitted events. */
export async function judgeEvents(world: OracleWorld): Promise<EventVerdict[]> {
  for (let attempt = 1; ; attempt += 1) {
    const verdicts = await lookOnce(world);
    if (attempt >= attempts || !verdicts.some(({ became }) => became === 'lost')) return verdicts;
    await wait(pause);
  }
}

/**
 * Reads the emitted events first and Mixpanel last, so that an event in transit is found in the later
 * reading.
 */
async function lookOnce(world: OracleWorld): Promise<EventVerdict[]> {
  const { catalogueVersion, ledger, mixpanel, service } = world;
  const { events } = ledger;
  const pending = backlogOf(await readStatus(service)).pending > 0;
  const waiting = countInBraze(world) > 0;
  const sent = sendingCurrents(world).some(({ state }) => state === 'launched');
  const deadLetters = await deadLettersOf(service);
  const corrections = await correctionsOf(service);
  const stored = await countIds(mixpanel.model.events.readRaw());
  const unique = await countIds(mixpanel.model.events.readUnique());
  return events.map(emitted => {
    const mapping = mapEvent(emitted.event, { catalogueVersion }, mixpanel.clock.now());
    const insertId = mapping.outcome === 'mapped' ? mapping.insertId : emitted.id;
    return judgeEvent({
      emitted,
      mapping,
      stored: stored.get(String(insertId)) ?? 0,
      unique: unique.get(String(insertId)) ?? 0,
      deadLetter: deadLetters.get(keyOf(emitted.event)),
      corrected:
        mapping.outcome === 'dead' &&
        corrections.some(({ reason, insertId }) =>
          insertId === undefined
            ? reason === undefined || reason === mapping.reason
            : insertId === String(emitted.id),
        ),
      pending: pending || waiting,
      sent,
    });
  });
}

/** The Currents that send to an endpoint. What storage Currents write to files reaches Mixpanel only by a back-fill. */
const sendingCurrents = ({ braze }: Pick<OracleWorld, 'braze'>) =>
  braze.model.currents.list().filter(({ definition }) => definition.kind !== 'storage');

/** The number of events that wait in the queues of Currents. */
export const countInBraze = (world: Pick<OracleWorld, 'braze'>): number =>
  sendingCurrents(world)
    .flatMap(each => each.report().queues)
    .reduce((sum, { pending, waiting, held }) => sum + pending + waiting + held, 0);

/** The number of events that storage Currents wrote to files. They are in no Mixpanel because of that. */
export function countWritten({ braze }: Pick<OracleWorld, 'braze'>): number {
  return braze.model.currents
    .list()
    .filter(({ definition }) => definition.kind === 'storage')
    .reduce((sum, current) => sum + current.report().sent, 0);
}

async function countIds(
  batches: AsyncIterable<readonly { readonly properties: object }[]>,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for await (const events of batches) {
    for (const { properties } of events) {
      const id = String((properties as Record<string, unknown>).$insert_id);
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
  return counts;
}

interface DeadLetter {
  readonly id: number;
  readonly reason: string;
  readonly detail: string;
  readonly original: unknown;
}

/** All dead letters by the key of their event. */
async function deadLettersOf(service: string): Promise<Map<string, DeadLetter>> {
  const found = new Map<string, DeadLetter>();
  for (let before: number | undefined; ; ) {
    const page = before === undefined ? '' : `&before=${before}`;
    const { deadLetters } = await call<{ deadLetters: DeadLetter[] }>(
      'GET',
      `${service}/api/dead-letters?limit=100${page}`,
      undefined,
      { token: sandboxKeys.adminToken },
    );
    for (const letter of deadLetters) {
      const key = keyOf(letter.original);
      if (!found.has(key)) found.set(key, letter);
    }
    const last = deadLetters.at(-1);
    if (last === undefined) return found;
    before = last.id;
  }
}

/** A replay of corrected dead letters in the audit log: of one event, of those of a reason, or of any. */
interface Correction {
  readonly reason?: string;
  readonly insertId?: string;
}

/** The corrected replays among the newest changes in the service. */
async function correctionsOf(service: string): Promise<readonly Correction[]> {
  const { entries } = await call<{
    entries: {
      action: string;
      detail: Correction & { corrected?: boolean; fix?: unknown; replayed?: number };
    }[];
  }>('GET', `${service}/api/audit?limit=1000`, undefined, { token: sandboxKeys.adminToken });
  return entries
    .filter(({ action }) => action === 'dead_letters.replay')
    .map(({ detail }) => detail)
    .filter(({ corrected, fix, replayed = 0 }) => replayed > 0 && (corrected || fix !== undefined));
}
