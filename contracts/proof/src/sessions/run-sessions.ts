import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '@braze-mixpanel/core/currents';
import { openStorage } from '@braze-mixpanel/storage';
import type { CrashStorage } from '../crash/run-crashes.ts';
import { World } from '../crash/world.ts';
import { drawing } from '../fuzz/draw.ts';
import { inMegabytes } from '../service/resident.ts';
import type { ServiceProcess } from '../service/service-process.ts';
import { cohorts, endlessSessions } from './endless-sessions.ts';
import { memberList, pageBody, webhookPassword, webhookUser } from './push.ts';
import { Pusher } from './pusher.ts';
import { watchStatus } from './watch-status.ts';
import { type WatchedBraze, watchedBraze } from './watched-braze.ts';

export interface SessionOptions {
  readonly pages: number;
  readonly seed: number;
  readonly storage: CrashStorage;
}

export interface SessionFigures {
  readonly seed: number;
  /** Number of pages by status, including those of complete lists. */
  readonly answers: Readonly<Record<string, number>>;
  /** Incomplete sessions in storage before the complete lists: of the cohort with the most, and of all. */
  readonly open: { readonly ofOne: number; readonly ofAll: number };
  readonly events: number;
  readonly peakMB: number;
  readonly status: { readonly slowestMs: number; readonly bytes: number };
}

/** The limits documented in docs/cohorts.md. */
const bounds = { ofOne: 100, ofAll: 1_000 };
/** The memory limit of deploy/kubernetes.yaml. */
const allowedBytes = 512 * 1024 * 1024;
const statusBytes = 64 * 1024;
const heapMB = 256;
const lanes = 4;
const pagesOfList = 2;
const membersOfList = 1_500;
const timeoutMs = 60_000;
/** Longer than COHORT_PAGE_RETENTION, which is a day. */
const retentionMs = 25 * 3_600_000;

/**
 * The session proof. Cohorts are pushed in sessions that never complete, in parallel with events, to a
 * service with a heap of 256 MB. It is killed in the middle and once at the end. Every page answered with 200
 * must then be in storage, and the number of sessions within its limits. A day later these sessions are
 * removed, and a complete list of each cohort reaches Braze; nothing else ever does.
 *
 * @throws Error with every violated condition and the seed
 */
export async function runSessions({ pages, seed, storage }: SessionOptions): Promise<SessionFigures> {
  const draw = drawing(seededRandom(seed + 10));
  await using braze = await watchedBraze(seed);
  await using world = await World.start(seed, storage.url, {
    ...{ heapMB, lanes: 1 },
    environment: environmentOf(braze.url),
  });
  const { problems } = world;
  let url: string | undefined;
  const pusher = new Pusher(() => url);
  const peaks: number[] = [];
  const begin = async () => {
    const service = world.launch();
    url = await service.url;
    return service;
  };
  const end = async (service: ServiceProcess) => {
    peaks.push((await service.peakBytes()) ?? 0);
    url = undefined;
    await world.kill();
  };
  await using status = watchStatus(() => url);

  let service = await begin();
  const next = endlessSessions(draw);
  let left = pages;
  const pushing = Promise.all(
    Array.from({ length: lanes }, async () => {
      while (left-- > 0) await pusher.push(next());
    }),
  );
  const killAt = Math.floor(pages * (0.3 + 0.4 * draw.below(100) * 0.01));
  while (pusher.pages < killAt) await wait(5);
  await end(service);
  service = await begin();
  await pushing;
  await world.look('after the restart');
  await end(service);
  const open = await openSessions(storage.url, pusher, problems);

  service = await begin();
  if (braze.came.size > 0) problems.push(`members of ${[...braze.came.keys()].join()} came to Braze`);
  await braze.clock.advance(retentionMs);
  for (const cohort of cohorts) await pushList(pusher, cohort);
  await allIn(braze, problems);
  const { events } = await world.settle();
  peaks.push((await service.peakBytes()) ?? 0);
  await end(service);
  const rest = await openSessions(storage.url, undefined, problems);
  if (rest.ofAll > 0) problems.push(`${rest.ofAll} sessions outlived their retention`);

  const peak = peaks.reduce((most, each) => Math.max(most, each), 0);
  if (peak > allowedBytes) problems.push(`${inMegabytes(peak)} MB were resident`);
  if (status.bytes > statusBytes) problems.push(`/status took ${status.bytes} bytes`);
  const all = [...problems, ...pusher.problems, ...status.problems];
  if (all.length > 0) throw new Error([`With seed ${seed}:`, ...all].join('\n- '));
  return {
    ...{ seed, open, events, answers: pusher.answers, peakMB: inMegabytes(peak) },
    status: { slowestMs: Math.round(status.slowestMs), bytes: status.bytes },
  };
}

const environmentOf = (braze: string) => ({
  ...{ MIXPANEL_WEBHOOK_USERNAME: webhookUser, MIXPANEL_WEBHOOK_PASSWORD: webhookPassword },
  ...{ BRAZE_REST_URL: braze, BRAZE_DATA_IMPORT_KEY: 'braze-data-import-key' },
  ...{ BRAZE_PARTNER_API_KEY: 'braze-partner-key', CLOCK_URL: `${braze}/_sim/clock` },
  // Never called; required because a simulated clock is accepted only with simulators.
  MIXPANEL_QUERY_URL: braze,
});

/** Counts the sessions in the storage of a stopped service, and compares them with the accepted pages. */
async function openSessions(url: string, pusher: Pusher | undefined, problems: string[]) {
  const storage = await openStorage(url);
  const open = { ofOne: 0, ofAll: 0 };
  let lost = pusher?.taken.size ?? 0;
  for (const cohort of cohorts) {
    const groups = await storage.cohorts.groups(`default:${cohort}`);
    open.ofAll += groups.length;
    open.ofOne = Math.max(open.ofOne, groups.length);
    for (const { session, seen } of groups)
      if (pusher?.taken.get(`${cohort} ${session}`)?.size === seen) lost -= 1;
  }
  await storage.close();
  if (lost > 0) problems.push(`${lost} sessions miss pages that were answered 200`);
  if (open.ofOne > bounds.ofOne || open.ofAll > bounds.ofAll)
    problems.push(`${open.ofOne} sessions of one cohort and ${open.ofAll} of all are open`);
  return open;
}

const listOf = (cohort: string) => memberList(`kept-${cohort}`, membersOfList);

async function pushList(pusher: Pusher, cohort: string): Promise<void> {
  const members = listOf(cohort);
  const size = membersOfList / pagesOfList;
  for (let page = 1; page <= pagesOfList; page++) {
    const place = { cohort, session: 'complete', page };
    const part = members.slice((page - 1) * size, page * size);
    await pusher.pushUntilTaken({
      ...place,
      body: pageBody({ ...place, total: pagesOfList, members: part }),
    });
  }
}

/** Waits until the list of every cohort is in Braze, without any other members. */
async function allIn({ came }: WatchedBraze, problems: string[]): Promise<void> {
  const begun = performance.now();
  for (const cohort of cohorts) {
    const wanted = new Set(listOf(cohort).map(member => member.mixpanel_distinct_id));
    const missing = () => wanted.difference(came.get(cohort) ?? new Set()).size;
    while (missing() > 0 && performance.now() - begun < timeoutMs) await wait(20);
    if (missing() > 0) problems.push(`${missing()} members of the list of cohort ${cohort} are not in Braze`);
    const strange = came.get(cohort)?.difference(wanted) ?? new Set();
    if (strange.size > 0) problems.push(`members of incomplete sessions came: ${[...strange][0]}`);
  }
}
