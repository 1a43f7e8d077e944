import type { CohortWorld } from './cohort-world.ts';

export const three = ['ada', 'bob', 'cid'];
export const track = { BRAZE_PARTNER_API_KEY: '', BRAZE_DATA_IMPORT_KEY: '' };

/** A gateway before Braze: answers requests that change members, by their ids, or passes them on. */
export class Gateway {
  answer: ((ids: readonly string[]) => Response | undefined) | undefined;
  /** Ids of each request that was answered or passed on. */
  readonly requests: string[][] = [];

  readonly fetch: typeof fetch = async (input, init) => {
    const path = new URL(String(input)).pathname;
    if (path !== '/users/track' && !path.endsWith('/cohorts/users')) return fetch(input, init);
    const ids = idsIn(JSON.parse(String(init?.body)));
    this.requests.push(ids);
    return this.answer?.(ids) ?? fetch(input, init);
  };
}

function idsIn(body: {
  attributes?: { external_id: string }[];
  cohort_changes?: { user_ids?: string[] }[];
}): string[] {
  return (
    body.attributes?.map(({ external_id }) => external_id) ??
    (body.cohort_changes ?? []).flatMap(({ user_ids = [] }) => user_ids)
  );
}

export const json = (body: unknown, status = 201) => Response.json(body, { status });
export const html = (status: number) =>
  new Response('<html><head><title>Too much</title></head><body>proxy-17</body></html>', { status });
export const xml = (status: number) =>
  new Response('<?xml version="1.0"?><Error><Code>Denied</Code></Error>', { status });

export async function runs(world: CohortWorld) {
  const { body } = await world.api('GET', '/12345/history');
  return body.runs as Record<string, unknown>[];
}

export const inTrack = (world: CohortWorld) =>
  three.filter(external_id => {
    const { users } = world.braze.model;
    return users.attribute(users.find({ external_id })!, 'mixpanel_cohort_12345') === true;
  });
