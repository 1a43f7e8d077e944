import { describe, expect, it } from 'vitest';
import { cohortRequests, people } from '../testing/cohort-requests.ts';

const { world, control } = cohortRequests();

describe('a cohort', () => {
  it('is created, changed, listed and deleted through the control API', async () => {
    expect(
      await control('PUT', 'cohorts/12345', {
        name: 'VIPs',
        description: 'Spenders',
        members: people('ada'),
      }),
    ).toEqual({
      status: 200,
      body: {
        id: 12345,
        name: 'VIPs',
        description: 'Spenders',
        created: '2026-01-31T12:00:00.000Z',
        count: 1,
      },
    });
    const changed = await control('POST', 'cohorts/12345/members', {
      add: [...people('bob'), 'carl'],
      remove: ['ada', 'nobody'],
    });
    expect(changed.body).toMatchObject({ count: 2, added: 2, removed: 1 });
    expect((await control('GET', 'cohorts')).body).toEqual([
      expect.objectContaining({
        id: 12345,
        count: 2,
        members: [
          { distinct_id: 'bob', properties: { $email: 'bob@example.com' } },
          { distinct_id: 'carl', properties: {} },
        ],
      }),
    ]);
    expect((await control('DELETE', 'cohorts/12345')).status).toBe(200);
    expect((await control('GET', 'cohorts')).body).toEqual([]);
  });

  it('keeps only its creation time when replaced', async () => {
    await control('PUT', 'cohorts/1', { name: 'Old', members: people('ada') });
    await world.mixpanel.clock.advance(60_000);
    const { body } = await control('PUT', 'cohorts/1', { name: 'New', members: ['bob'] });
    expect(body).toEqual({
      id: 1,
      name: 'New',
      description: '',
      created: '2026-01-31T12:00:00.000Z',
      count: 1,
    });
  });

  it('can be listed without its members', async () => {
    await control('PUT', 'cohorts/1', { name: 'A', members: people('ada') });
    const alone = { id: 1, name: 'A', description: '', created: '2026-01-31T12:00:00.000Z', count: 1 };
    expect((await control('GET', 'cohorts?members=false')).body).toEqual([alone]);
    expect((await control('GET', 'cohorts/1?members=false')).body).toEqual(alone);
  });

  it.each([
    ['PUT', 'cohorts/abc', {}, 400, /positive whole number, not "abc"/],
    ['PUT', 'cohorts/1', { members: [{ id: 'ada' }] }, 400, /members\.0.*For example/],
    ['PUT', 'cohorts/1', { members: ['ada', ''] }, 400, /members\.1 must be a distinct id, or an object/],
    [
      'PUT',
      'cohorts/1',
      { members: [{ distinct_id: 'ada', properties: [] }] },
      400,
      /members\.0 must be a distinct id/,
    ],
    [
      'PUT',
      'cohorts/1',
      { members: [{ distinct_id: 'ada', plan: 'pro' }] },
      400,
      /members\.0 must be a distinct id/,
    ],
    ['PUT', 'cohorts/1', { members: null }, 400, / members must be a list\./],
    ['GET', 'cohorts?members=no', undefined, 400, /"members" must be true or false, not "no"/],
    ['POST', 'cohorts/1/members', { add: [] }, 404, /PUT \/_sim\/cohorts\/1 creates one/],
    ['DELETE', 'cohorts/1', undefined, 404, /no cohort 1/],
  ])('%s %s with %j is answered in a plain sentence', async (method, path, body, status, sentence) => {
    const { faults = [], ...rest } = (await control(method, path, body).then(answer => {
      expect(answer.status).toBe(status);
      return answer.body;
    })) as { error?: string; faults?: { field: string; message: string }[] };
    expect(rest).toEqual({ error: expect.stringMatching(sentence) });
    for (const { field, message } of faults) expect(rest.error).toContain(`${field} ${message}.`);
  });

  it('survives saving and restoring the state', async () => {
    await control('PUT', 'cohorts/1', { name: 'A', members: [...people('ada'), 'bob'] });
    const before = await control('GET', 'cohorts');
    const state = (await control('GET', 'state')).body;
    await control('POST', 'reset');
    expect((await control('GET', 'cohorts')).body).toEqual([]);
    await control('PUT', 'state', state);
    expect(await control('GET', 'cohorts')).toEqual(before);
  });
});
