/** Requests to mock-mixpanel, with the keys of its default project. */
import type { Exchange } from './vendor-case.ts';

export const token = 'mixpanel-token';
export const authorization = `Basic ${Buffer.from('service-account:service-secret').toString('base64')}`;
/** Anonymous IDs of the original identity mode are UUIDs of version 4. */
export const anonymous = 'b1d3a8a8-5a3e-4c0e-9d8a-6f0c2b7e4a11';
export const now = () => Math.floor(Date.now() / 1_000) - 60;
export const project = 'project_id=12345';

export const event = (properties: Record<string, unknown> = {}) => ({
  event: 'Case',
  properties: { time: now(), distinct_id: 'ada', $insert_id: 'case-1', token, ...properties },
});
export const imported = (events: unknown, more: Partial<Exchange> = {}): Exchange => ({
  path: `/import?strict=1&${project}`,
  body: events,
  ...more,
  headers: { authorization, ...more.headers },
});
export const form = (path: string, data: string, more: Partial<Exchange> = {}): Exchange => ({
  ...{ path, body: String(new URLSearchParams({ data })), ...more },
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...more.headers },
});
export const exported = (query: string, more: Partial<Exchange> = {}): Exchange => ({
  ...{ method: 'GET', path: `/api/2.0/export?${project}&${query}`, headers: { authorization }, ...more },
});
export const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
/** The merged IDs with their canonical ones, as the simulator shows them. */
export const merged = (links: readonly (readonly [string, string])[]): Exchange => ({
  ...{ method: 'GET', path: '/_sim/identities' },
  answer: links.map(([distinct_id, canonical]) => ({ distinct_id, canonical })),
});
/** Original ID Merge: an empty project may choose it. */
export const onOriginalIdentity: Exchange = {
  method: 'PUT',
  path: '/_sim/settings',
  body: { idManagement: 'original' },
};

export const identified = ($identified_id: string, $anon_id: string) =>
  form('/track', JSON.stringify({ event: '$identify', properties: { token, $identified_id, $anon_id } }));
export const today = () => exported(`from_date=${day(-1)}&to_date=${day(0)}`);
export const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** JSON in which the tree is two surrogate halves of three bytes, as the browser SDK writes it. */
export function withSurrogateHalves(json: string): Uint8Array {
  const tree = Buffer.from([0xed, 0xa0, 0xbc, 0xed, 0xbc, 0xb3]);
  const [before = '', after = ''] = json.split('🌳');
  return Buffer.concat([Buffer.from(before), tree, Buffer.from(after)]);
}
