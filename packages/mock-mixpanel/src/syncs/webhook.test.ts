import { describe, expect, it } from 'vitest';
import { hour, ids, summary, syncWorld, webhook } from '../testing/sync-world.ts';

const { world, control, putCohort, changeMembers, sync, shown, lastRun, memberIds } = syncWorld();

describe('a sync to a webhook', () => {
  it('sends the whole cohort first, in pages of 1,000 of one session, with Basic auth', async () => {
    await putCohort(ids(2_001));
    const id = await sync(webhook);
    expect(world.sent.map(summary)).toEqual([
      ['members', 1_000, '1/3'],
      ['members', 1_000, '2/3'],
      ['members', 1, '3/3'],
    ]);
    expect(new Set(world.sent.map(({ body }) => body.parameters.mixpanel_session_id)).size).toBe(1);
    expect(new Set(memberIds('members')).size).toBe(2_001);
    expect(world.sent[0]?.authorization).toBe(
      `Basic ${Buffer.from('mixpanel:webhook-pass').toString('base64')}`,
    );
    expect(await lastRun(id)).toMatchObject({
      kind: 'full',
      members: 2_001,
      joined: 2_001,
      left: 0,
      requests: 3,
      outcome: 'succeeded',
    });
  });

  it('sends a call exactly as documented', async () => {
    await putCohort([
      {
        distinct_id: 'ada',
        properties: {
          $email: 'ada@example.com',
          $first_name: 'Ada',
          $last_name: 'L',
          $phone: '+1',
          $braze_external_id: 'ada-1',
          plan: 'pro',
        },
      },
    ]);
    await sync(webhook);
    expect(world.sent[0]).toEqual({
      url: webhook.url,
      authorization: expect.any(String),
      body: {
        action: 'members',
        parameters: {
          mixpanel_project_id: '12345',
          mixpanel_cohort_name: 'VIPs',
          mixpanel_cohort_id: '12345',
          mixpanel_cohort_description: 'Spenders',
          mixpanel_session_id: expect.stringMatching(/^[0-9a-f-]{35}$/),
          page_info: { total_pages: 1, page_count: 1 },
          members: [
            {
              email: 'ada@example.com',
              mixpanel_distinct_id: 'ada',
              first_name: 'Ada',
              last_name: 'L',
              phone_number: '+1',
              $braze_external_id: 'ada-1',
              plan: 'pro',
            },
          ],
        },
      },
    });
  });

  it('sends changes every 30 minutes, and not a millisecond earlier', async () => {
    await putCohort(['ada', 'bob']);
    await sync(webhook);
    world.sent = [];
    await changeMembers(['carl'], ['ada']);
    await world.mixpanel.clock.advance(hour / 2 - 1);
    expect(world.sent).toEqual([]);
    await world.mixpanel.clock.advance(1);
    expect(world.sent.map(summary)).toEqual([
      ['add_members', 1, '1/1'],
      ['remove_members', 1, '1/1'],
    ]);
    expect([memberIds('add_members'), memberIds('remove_members')]).toEqual([['carl'], ['ada']]);
  });

  it('sends a member without a profile with its distinct id alone', async () => {
    await putCohort(['ada']);
    await sync(webhook);
    expect(world.sent[0]?.body.parameters.members).toEqual([{ mixpanel_distinct_id: 'ada' }]);
  });

  it('sends empty changes, and an empty cohort', async () => {
    await putCohort([]);
    await sync(webhook, { interval: '30m' });
    await world.mixpanel.clock.advance(hour / 2);
    expect(world.sent.map(summary)).toEqual([
      ['members', 0, '1/1'],
      ['add_members', 0, '1/1'],
      ['remove_members', 0, '1/1'],
    ]);
  });

  it('of mode one-time runs once, and again only on request', async () => {
    await putCohort(['ada']);
    const id = await sync(webhook, { mode: 'one-time' });
    await world.mixpanel.clock.advance(10 * hour);
    expect([world.sent.length, (await shown(id)).state]).toEqual([1, 'done']);
    await control('POST', `syncs/${id}/run`);
    expect(world.sent.slice(1).map(summary)).toEqual([
      ['add_members', 0, '1/1'],
      ['remove_members', 0, '1/1'],
    ]);
  });
});

describe('the snapshot of the last success', () => {
  it('is kept for three days, then the whole cohort is sent', async () => {
    await putCohort(['ada']);
    const id = await sync(webhook, { interval: '4d' });
    expect(await shown(id)).toMatchObject({ snapshot: { at: '2026-01-31T12:00:00.000Z', members: 1 } });
    await world.mixpanel.clock.advance(72 * hour);
    expect((await shown(id)).snapshot).not.toBeNull();
    await world.mixpanel.clock.advance(24 * hour);
    expect(world.sent.map(summary)).toEqual([
      ['members', 1, '1/1'],
      ['members', 1, '1/1'],
    ]);
  });
});
