import { type RunningMockBraze, startMockBraze } from '@braze-mixpanel/mock-braze';
import { controlClient } from '@braze-mixpanel/simulator-kit/client';
import { Braze } from 'braze-api';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

let server: RunningMockBraze;
let braze: Braze;
beforeAll(async () => {
  server = await startMockBraze();
  braze = new Braze(server.url, 'braze-rest-key');
});
afterAll(() => server.close());
beforeEach(() => controlClient(server.url).reset());

const lead = { alias_name: 'lead-1', alias_label: 'crm' };

describe('the published client braze-api', () => {
  it('tracks attributes, events and purchases, and reads the user back', async () => {
    const time = '2026-01-31T12:00:00Z';
    expect(
      await braze.users.track({
        attributes: [{ external_id: 'ada', plan: 'pro' }],
        events: [{ external_id: 'ada', name: 'Visit', time }],
        purchases: [{ external_id: 'ada', product_id: 'p', currency: 'USD', price: 1.5, time }],
      }),
    ).toEqual({ message: 'success', attributes_processed: 1, events_processed: 1, purchases_processed: 1 });
    expect(
      await braze.users.export.ids({
        external_ids: ['ada', 'nobody'],
        fields_to_export: ['external_id', 'custom_attributes'],
      }),
    ).toEqual({
      message: 'success',
      users: [{ external_id: 'ada', custom_attributes: { plan: 'pro' } }],
      invalid_user_ids: ['nobody'],
    });
  });

  it('creates an alias, identifies its user, and deletes it', async () => {
    expect(await braze.users.alias.new({ user_aliases: [lead] })).toMatchObject({ message: 'success' });
    const identified = { aliases_to_identify: [{ external_id: 'ada', user_alias: lead }] };
    expect(await braze.users.identify(identified)).toMatchObject({
      message: 'success',
      aliases_processed: 1,
    });
    expect(server.model.users.find({ user_alias: lead })).toBe(
      server.model.users.find({ external_id: 'ada' }),
    );
    expect(await braze.users.delete({ external_ids: ['ada'] })).toMatchObject({ deleted: 1 });
    expect(server.model.users.size).toBe(0);
  });

  it('reports errors of Braze as its own', async () => {
    const wrong = new Braze(server.url, 'wrong-key');
    await expect(wrong.users.track({ attributes: [{ external_id: 'ada' }] })).rejects.toMatchObject({
      message: 'Invalid API key',
      status: 401,
    });
    await expect(braze.users.track({ attributes: [{ plan: 'pro' }] })).rejects.toMatchObject({
      message: "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields.",
      status: 400,
      errors: [expect.objectContaining({ index: 0 })],
    });
    await expect(braze.segments.list()).rejects.toMatchObject({ message: 'Not Found', status: 404 });
  });
});
