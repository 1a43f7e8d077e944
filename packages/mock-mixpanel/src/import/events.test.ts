import { describe, expect, it } from 'vitest';
import { event, runningMixpanel } from '../testing/running-mixpanel.ts';
import { now, seconds } from '../testing/simulated-mixpanel.ts';

const { world, send, stored, storedIds } = runningMixpanel();

describe('an event that Mixpanel rejects', () => {
  const bad = event('no_underscores');
  const failed = {
    index: 1,
    insert_id: 'no_underscores',
    field: 'properties.$insert_id',
    message: "'$insert_id' is invalid: must only contain alphanumeric or hyphen '-' characters",
  };

  it('is listed in a strict answer, and the valid events of the batch are stored', async () => {
    expect(await send([event('a'), bad, event('b')])).toEqual({
      status: 400,
      body: {
        code: 400,
        error: 'some data points in the request failed validation',
        failed_records: [failed],
        num_records_imported: 2,
        status: 'Bad Request',
      },
    });
    expect(await storedIds()).toEqual(['a', 'b']);
  });

  it('is none without distinct_id, which becomes a hash of the address of the sender', async () => {
    expect(await send([event('a', { distinct_id: undefined })])).toMatchObject({ status: 200 });
    expect(await send([event('b', { distinct_id: null })])).toMatchObject({ status: 400 });
    expect((await stored()).events[0]?.properties.distinct_id).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is dropped silently with strict=0', async () => {
    expect(await send([event('a'), bad], { query: '?strict=0' })).toEqual({
      status: 200,
      body: { code: 200, num_records_imported: 1, status: 'OK' },
    });
    expect(await storedIds()).toEqual(['a']);
  });

  it('gives one failed record, even with several errors', async () => {
    const answer = await send([{ event: '', properties: {} }]);
    expect(answer.body).toMatchObject({
      failed_records: [
        { index: 0, insert_id: '', field: 'event', message: "'event' must not be missing or blank" },
      ],
    });
  });

  it('may nest deeper than the documented 3 levels, up to the setting nestingDepth', async () => {
    const nested = (levels: number): unknown => (levels === 0 ? 'end' : { down: nested(levels - 1) });
    const events = [3, 4, 10, 11].map(levels => event(`nested-${levels}`, { value: nested(levels) }));
    const message = "'properties.value' is invalid: must not nest deeper than 10";
    expect(await send(events)).toMatchObject({
      status: 400,
      body: { num_records_imported: 3, failed_records: [{ index: 3, message }] },
    });
    world.mixpanel.model.change({ nestingDepth: 3 });
    expect(await send(events)).toMatchObject({ body: { num_records_imported: 1 } });
  });

  it('rejects the whole request if it is $merge in a project on simplified identity', async () => {
    const merge = { ...event('m', { $distinct_ids: ['ada', 'a-device'] }), event: '$merge' };
    expect(await send([event('a'), merge])).toMatchObject({
      status: 400,
      body: { num_records_imported: 0, failed_records: [{ index: 1, insert_id: 'm', field: 'event' }] },
    });
    expect(await storedIds()).toEqual([]);
  });
});

describe('a stored event', () => {
  const kept = async (properties: Record<string, unknown>) => {
    await send([event('a', properties)]);
    return (await stored()).events[0]?.properties;
  };

  it('has no ip', async () => {
    expect(await kept({ ip: '203.0.113.9', city: 'here' })).toEqual({
      ...event('a').properties,
      city: 'here',
    });
  });

  it('does not exist with $ignore', async () => {
    expect(await send([event('a', { $ignore: true })])).toMatchObject({ body: { num_records_imported: 1 } });
    expect(await stored()).toEqual({ events: [], raw: 0, unique: 0 });
  });

  it('has the time of receipt if its time was in the near future', async () => {
    expect(await kept({ time: seconds + 1_800 })).toMatchObject({ time: seconds });
  });

  it('has a time in seconds if it was sent in milliseconds', async () => {
    expect(await kept({ time: now - 5_000 })).toMatchObject({ time: seconds - 5 });
  });

  it('has strings of up to 255 characters', async () => {
    const long = 'x'.repeat(300);
    expect(await kept({ long, nested: { long: [long] } })).toMatchObject({
      long: 'x'.repeat(255),
      nested: { long: ['x'.repeat(255)] },
    });
  });

  it('has whole characters where its strings are cut', async () => {
    const tree = `${'x'.repeat(254)}🌳`;
    const cut = { fits: tree, over: `${tree}x`, half: `${'x'.repeat(255)}🌳` };
    expect(await kept(cut)).toMatchObject({ fits: tree, over: tree, half: 'x'.repeat(255) });
  });

  it('stays an event of its own if its long distinct id ends in another emoji', async () => {
    const of = (emoji: string) => event('same', { distinct_id: `${'a'.repeat(254)}${emoji}` });
    await send([of('🌳'), of('🌵')]);
    const ids = (await stored()).events.map(({ properties }) => String(properties.distinct_id));
    expect(ids).toEqual([`${'a'.repeat(254)}🌳`, `${'a'.repeat(254)}🌵`]);
  });

  it('keeps a property called __proto__ as data', async () => {
    await send(
      `[{"event":"Email Send","properties":{"time":${seconds},"distinct_id":"ada","$insert_id":"a","__proto__":"x"}}]`,
    );
    const text = await (await fetch(`${world.mixpanel.url}/_sim/events`)).text();
    expect(text).toContain('"__proto__":"x"');
  });
});
