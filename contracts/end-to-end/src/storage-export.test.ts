import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogueVersions } from '@braze-mixpanel/core/currents';
import { call } from '@braze-mixpanel/sandbox/control';
import { launchCurrent } from '@braze-mixpanel/sandbox/seed';
import { startStack } from '@braze-mixpanel/sandbox/stack';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  backfill,
  contentsOf,
  emit,
  eventsOfEveryType,
  expectOneEventEach,
  keyOf,
  launchStorage,
  readableEvents,
  type Shown,
  settled,
  unequalProperties,
} from './storage-export.ts';

const now = () => Math.floor(Date.now() / 1_000);
const idsOf = (events: readonly Shown[]) => events.map(({ properties }) => properties.$insert_id).sort();

async function startWith(generation: string) {
  const folder = await mkdtemp(join(tmpdir(), 'storage-end-to-end-'));
  const stack = await startStack({ storageDir: folder, environment: { CURRENTS_GENERATION: generation } });
  onTestFinished(async () => {
    await stack[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  return { stack, folder };
}

describe.each([...catalogueVersions.values()])('the events of $id', { timeout: 60_000 }, version => {
  const { id: generation } = version;

  it.each([
    { layout: 'version', codec: 'deflate' },
    { layout: 'schema-id', codec: 'null' },
  ])('are one event each, over Custom HTTP and from files in the layout $layout', async format => {
    const { stack, folder } = await startWith(generation);
    await expectOneEventEach(stack, version, { source: folder, ...format });
  });

  it('have the same properties from files, but for those that the reader names', async () => {
    const { stack, folder } = await startWith(generation);
    const other = await startWith(generation);
    const events = eventsOfEveryType(version, 1, now() - 60);
    await launchCurrent(stack);
    await launchStorage(other.stack, { generation });
    await emit(stack, events);
    await emit(other.stack, events);
    await settled(stack, events.filter(each => !version.byType.get(each.event_type)?.storageOnly).length);
    await backfill(other.stack, other.folder);
    const fromFiles = new Map((await contentsOf(other.stack)).events.map(each => [keyOf(each), each]));
    const types = new Map(events.map(each => [each.id, each.event_type]));
    const overHttp = (await contentsOf(stack)).events;
    expect(fromFiles.size).toBe(overHttp.length);
    for (const shown of overHttp) {
      const entry = version.byType.get(types.get(String(shown.properties.$insert_id))!)!;
      const unequal = unequalProperties(entry);
      const filed = fromFiles.get(keyOf(shown))?.properties;
      for (const [name, value] of Object.entries(shown.properties))
        if (!unequal.has(name)) expect(filed?.[name], `${entry.eventType}: ${name}`).toEqual(value);
    }
    expect(folder).not.toBe(other.folder);
  });

  it('are all there at last, in spite of duplicates, late, corrupt and truncated files', async () => {
    const { stack, folder } = await startWith(generation);
    const faults = { repeated: 0.3, late: 0.3, lateBy: '2h', corrupt: 0.2, truncated: 0.2 };
    const current = await launchStorage(stack, { generation, faults });
    const events = eventsOfEveryType(version, 20, now() - 60);
    await emit(stack, events, { duplicates: 0.2 });
    const first = await backfill(stack, folder);
    await call('POST', `${stack.braze}/_sim/clock`, { advance: '2h' });
    const second = await backfill(stack, folder);
    const { files, sent } = await call<{ files: Record<string, number>; sent: number }>(
      'GET',
      `${stack.braze}/_sim/currents/${current}`,
    );

    // The second back-fill reads late files, and tries damaged ones again.
    expect(files.late).toBeGreaterThan(0);
    expect(second.report.events.accepted).toBeGreaterThan(0);
    expect(first.report.faults.count + second.report.faults.count).toBeGreaterThanOrEqual(
      files.corrupt! + files.truncated!,
    );
    expect(sent).toBeGreaterThan(events.length);
    const fromFiles = await contentsOf(stack);
    // Back-fills of a connection share their counters.
    expect(fromFiles.raw).toBe(second.delivery.imported);
    const readable = (await readableEvents(folder)).filter(
      each => !version.byType.get(each.event_type)?.noMixpanelEvent,
    );
    expect(fromFiles.raw).toBe(readable.length);
    expect(idsOf(fromFiles.events)).toEqual([...new Set(readable.map(({ id }) => id))].sort());
    expect(fromFiles.raw).toBeGreaterThan(fromFiles.unique);

    await launchCurrent(stack);
    await call('POST', `${stack.braze}/_sim/currents/${current}/pause`);
    await emit(stack, events);
    const live = await settled(
      stack,
      events.filter(each => !version.byType.get(each.event_type)?.storageOnly).length,
    );
    const all = await contentsOf(stack);
    expect(all.unique).toBe(live.imported);
    expect(new Set(idsOf(fromFiles.events)).isSubsetOf(new Set(idsOf(all.events)))).toBe(true);
    expect(fromFiles.unique).toBeLessThan(all.unique);
    expect(all.raw).toBe(fromFiles.raw + live.imported);
  });
});
