import { describe, expect, it } from 'vitest';
import { simulatedBraze } from '../testing/simulated-braze.ts';

const alias = (alias_name: string, alias_label = 'crm') => ({ alias_name, alias_label });

async function workspace() {
  const braze = await simulatedBraze({
    state: {
      users: [
        { external_id: 'ada', attributes: { email: 'ada@example.com', plan: 'pro' }, device_ids: ['d-1'] },
        { aliases: [alias('lead-1')], attributes: { plan: 'free', city: 'Turin' }, device_ids: ['d-2'] },
        { external_id: 'grace', aliases: [alias('lead-9')] },
      ],
      rest_keys: [
        { key: 'all', permissions: ['users.identify', 'users.alias.new', 'users.delete', 'users.track'] },
        { key: 'track-only', permissions: ['users.track'] },
      ],
    },
  });
  const post = (path: string, body?: unknown, key = 'all') =>
    braze.call('POST', path, body, { authorization: `Bearer ${key}` });
  const user = (external_id: string) => {
    const number = braze.model.users.find({ external_id });
    return number === undefined ? undefined : braze.model.users.get(number);
  };
  return { ...braze, post, user };
}

describe('/users/identify', () => {
  it('assigns an unknown external id to the aliased user', async () => {
    const { post, user, model } = await workspace();
    const answer = await post('/users/identify', {
      aliases_to_identify: [{ external_id: 'alan', user_alias: alias('lead-1') }],
    });
    expect([answer.status, answer.body]).toEqual([201, { aliases_processed: 1, message: 'success' }]);
    expect(user('alan')).toMatchObject({ aliases: [alias('lead-1')], attributes: { plan: 'free' } });
    expect(model.users.size).toBe(3);
  });

  it.each([
    [undefined, { email: 'ada@example.com', plan: 'pro', city: 'Turin' }],
    ['merge', { email: 'ada@example.com', plan: 'pro', city: 'Turin' }],
    ['none', { email: 'ada@example.com', plan: 'pro' }],
  ])(
    'merges the alias-only profile into a known user (merge_behavior %s)',
    async (merge_behavior, attributes) => {
      const { post, user, model } = await workspace();
      await post('/users/identify', {
        aliases_to_identify: [{ external_id: 'ada', user_alias: alias('lead-1') }],
        ...(merge_behavior && { merge_behavior }),
      });
      expect(user('ada')).toMatchObject({
        aliases: [alias('lead-1')],
        device_ids: ['d-1', 'd-2'],
        attributes,
      });
      expect([model.users.size, [...model.users.list()].length]).toEqual([2, 2]);
    },
  );

  it('merges no users with an alias of the same label, and none that is identified or unknown', async () => {
    const { post, user, model } = await workspace();
    const answer = await post('/users/identify', {
      aliases_to_identify: [
        { external_id: 'grace', user_alias: alias('lead-1') },
        { external_id: 'ada', user_alias: alias('lead-9') },
        { external_id: 'ada', user_alias: alias('nobody') },
      ],
    });
    expect(answer.body).toEqual({ aliases_processed: 3, message: 'success' });
    expect([user('grace')?.aliases, user('ada')?.aliases, model.users.size]).toEqual([
      [alias('lead-9')],
      [],
      3,
    ]);
  });

  it('finds anonymous users by e-mail address and phone number as well', async () => {
    const { post, user } = await workspace();
    await post('/users/track', { attributes: [{ email: 'new@example.com' }, { phone: '+4912345' }] });
    const answer = await post('/users/identify', {
      emails_to_identify: [{ external_id: 'e', email: 'new@example.com', prioritization: ['unidentified'] }],
      phone_numbers_to_identify: [{ external_id: 'p', phone: '+4912345', prioritization: ['unidentified'] }],
    });
    expect(answer.body).toEqual({ emails_processed: 1, phone_numbers_processed: 1, message: 'success' });
    expect([user('e')?.attributes, user('p')?.attributes]).toEqual([
      { email: 'new@example.com' },
      { phone: '+4912345' },
    ]);
  });
});

describe('/users/alias/new', () => {
  it('creates an alias-only user, or adds the alias to an existing one', async () => {
    const { post, user, model } = await workspace();
    const answer = await post('/users/alias/new', {
      user_aliases: [alias('lead-2'), { ...alias('lead-3'), external_id: 'ada' }],
    });
    expect([answer.status, answer.body]).toEqual([201, { aliases_processed: 2, message: 'success' }]);
    expect(user('ada')?.aliases).toEqual([alias('lead-3')]);
    const made = model.users.get(model.users.find({ user_alias: alias('lead-2') })!);
    expect(made?.external_id).toBeUndefined();
  });

  it('answers success without a change for an existing pair, a used label and an unknown external id', async () => {
    const { post, model } = await workspace();
    const before = model.state();
    const answer = await post('/users/alias/new', {
      user_aliases: [
        alias('lead-1'),
        { ...alias('lead-1'), external_id: 'ada' },
        { ...alias('lead-8'), external_id: 'grace' },
        { ...alias('lead-7'), external_id: 'nobody' },
      ],
    });
    expect(answer.body).toEqual({ aliases_processed: 4, message: 'success' });
    expect(model.state()).toEqual(before);
  });
});

describe('/users/delete', () => {
  it('deletes by one kind of ID, and lists unknown IDs', async () => {
    const { post, user, model } = await workspace();
    const answer = await post('/users/delete', { external_ids: ['ada', 'nobody'] });
    expect([answer.status, answer.body]).toEqual([
      201,
      { invalid_user_ids: ['nobody'], deleted: 1, message: 'success' },
    ]);
    expect([user('ada'), model.users.size, model.users.find({ email: 'ada@example.com' })]).toEqual([
      undefined,
      2,
      undefined,
    ]);
    expect((await post('/users/delete', { user_aliases: [alias('lead-1')] })).body).toEqual({
      deleted: 1,
      message: 'success',
    });
    const { braze_id } = user('grace')!;
    expect((await post('/users/delete', { braze_ids: [braze_id] })).body).toMatchObject({ deleted: 1 });
    expect(model.users.size).toBe(0);
  });

  it('deletes by e-mail address or phone number, with a prioritization', async () => {
    const { post, model } = await workspace();
    model.users.put({ external_id: 'eva', attributes: { email: 'eva@example.com', phone: '+15550100' } });
    model.users.put({ external_id: 'fay', attributes: { phone: '+15550101' } });
    const prioritization = ['unidentified', 'most_recently_updated'];
    expect(
      (await post('/users/delete', { email_addresses: [{ email: 'eva@example.com', prioritization }] })).body,
    ).toMatchObject({ deleted: 1 });
    expect(
      (await post('/users/delete', { phone_numbers: [{ phone: '+15550101', prioritization }] })).body,
    ).toMatchObject({ deleted: 1 });
    expect(model.users.find({ external_id: 'eva' }) ?? model.users.find({ external_id: 'fay' })).toBe(
      undefined,
    );
  });

  it('removes deleted users from cohorts, events and segments', async () => {
    const { post, call, model } = await workspace();
    model.cohorts.create('c', 'C', '2026-01-01');
    const cohort = model.cohorts.get('c')!;
    model.cohorts.change(cohort, [{ userIds: ['ada', 'grace'], deviceIds: [], aliases: [], remove: false }]);
    await post('/users/delete', { external_ids: ['ada'] });
    await post('/users/track', { attributes: [{ external_id: 'ada', vip: true }] });
    expect((await call('GET', '/_sim/cohorts/c')).body).toMatchObject({
      members: ['grace'],
      anonymous_members: 0,
    });
    const types = ['users.messages.email.Send'];
    const ids = model.samples(6, types)?.map(({ user }) => user?.external_user_id ?? 'anonymous');
    expect(new Set(ids)).toEqual(new Set(['grace', 'ada', 'anonymous']));
  });
});

describe('an invalid request', () => {
  const fifty = Array.from({ length: 51 }, (_, index) => `${index}`);
  it.each<[string, unknown, string]>([
    ['identify', undefined, 'The request body must be a JSON object'],
    [
      'identify',
      {},
      "'aliases_to_identify', 'emails_to_identify', 'phone_numbers_to_identify' is required and must not be empty",
    ],
    [
      'identify',
      { aliases_to_identify: [{ external_id: 'a' }] },
      "'aliases_to_identify' must hold objects with 'external_id' and 'user_alias'",
    ],
    [
      'identify',
      { emails_to_identify: [{ email: 'a' }] },
      "'emails_to_identify' must hold objects with 'external_id', 'email' and a valid 'prioritization'",
    ],
    [
      'identify',
      { phone_numbers_to_identify: ['1'] },
      "'phone_numbers_to_identify' must hold objects with 'external_id', 'phone' and a valid 'prioritization'",
    ],
    [
      'identify',
      { aliases_to_identify: [{ external_id: 'a', user_alias: alias('a') }], merge_behavior: 'both' },
      "'merge_behavior' must be 'merge' or 'none'",
    ],
    [
      'identify',
      { emails_to_identify: [{ external_id: 'a', email: 'a@example.com' }] },
      "'emails_to_identify' must hold objects with 'external_id', 'email' and a valid 'prioritization'",
    ],
    ['alias/new', { user_aliases: {} }, "'user_aliases' must be an array"],
    [
      'alias/new',
      { user_aliases: [{ alias_name: 'a' }] },
      "'user_aliases' must hold objects with 'alias_name' and 'alias_label'",
    ],
    [
      'alias/new',
      { user_aliases: fifty.map(name => alias(name)) },
      'Only 50 objects are allowed per request',
    ],
    ['delete', { external_ids: fifty }, 'Only 50 objects are allowed per request'],
    [
      'delete',
      { external_ids: ['a'], braze_ids: ['b'] },
      "Only one of 'external_ids', 'user_aliases', 'braze_ids', 'email_addresses', 'phone_numbers' is allowed per request",
    ],
    ...[
      { email: 'ada@example.com' },
      { email: 'ada@example.com', prioritization: 'identified' },
      { email: 'ada@example.com', prioritization: [] },
      { email: 'ada@example.com', prioritization: ['newest'] },
      { email: 'ada@example.com', prioritization: ['identified', 'unidentified'] },
    ].map((one): [string, unknown, string] => [
      'delete',
      { email_addresses: [one] },
      "'email_addresses' must hold objects with 'email' and a valid 'prioritization'",
    ]),
    [
      'delete',
      { phone_numbers: ['+15550100'] },
      "'phone_numbers' must hold objects with 'phone' and a valid 'prioritization'",
    ],
  ])('is rejected as a whole: %s %j', async (route, body, message) => {
    const { post, model } = await workspace();
    const before = model.state();
    const answer = await post(`/users/${route}`, body);
    expect([answer.status, answer.body]).toEqual([400, { message }]);
    expect(model.state()).toEqual(before);
  });

  it.each(['identify', 'alias/new', 'delete'])('needs a key with the permission: %s', async route => {
    const { post } = await workspace();
    expect(await post(`/users/${route}`, {}, 'wrong')).toMatchObject({
      status: 401,
      body: { message: 'Invalid API key' },
    });
    expect(await post(`/users/${route}`, {}, 'track-only')).toMatchObject({
      status: 403,
      body: { message: `This API key does not have the permission users.${route.replace('/', '.')}` },
    });
  });

  it('counts towards 20,000 a minute over all three routes, if that limit is enabled', async () => {
    const { post, call, model } = await workspace();
    await call('POST', '/_sim/clock', { freeze: true });
    await call('PUT', '/_sim/settings', { rateLimits: ['users-identity'] });
    model.rateLimits.take('users-identity', 19_999);
    expect(
      (await post('/users/delete', { external_ids: ['ada'] })).headers.get('x-ratelimit-remaining'),
    ).toBe('0');
    expect(await post('/users/alias/new', { user_aliases: [alias('a')] })).toMatchObject({
      status: 429,
      body: { message: 'Rate limit exceeded' },
    });
    expect((await post('/users/track', { attributes: [{ external_id: 'ada' }] })).status).toBe(201);
  });
});
