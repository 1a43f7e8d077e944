/** Requests to mock-braze, with its default keys. */
import type { Exchange } from './vendor-case.ts';

export const keys = { partner_api_key: 'braze-partner-key', client_secret: 'braze-data-import-key' };
export const rest = (path: string, body: unknown, more: Partial<Exchange> = {}): Exchange => ({
  ...{ path, body, status: 201, ...more },
  headers: { authorization: 'Bearer braze-rest-key', ...more.headers },
});
export const import_ = (body: object, status: number): Exchange => ({
  ...{ path: '/partners/mixpanel/cohorts/users', body: { ...keys, ...body }, status },
});
export const time = '2026-01-01T00:00:00Z';
export const external_id = 'ada';
export const purchase = { external_id, product_id: 'book', currency: 'EUR', price: 1.5, time };
export const event = { external_id, name: 'Visit', time };

export const exported = (user: object): Exchange =>
  rest('/users/export/ids', { external_ids: [external_id] }, { answer: { users: [user] } });
