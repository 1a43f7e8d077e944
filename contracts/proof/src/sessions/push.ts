import type { Draw } from '../fuzz/draw.ts';

/** A request to the webhook, and its expected outcome. */
export interface Push {
  readonly body: string;
  /** Absent if the page is valid. */
  readonly wrong?: { readonly status: number; readonly password?: string };
  readonly cohort: string;
  readonly session: string;
  readonly page: number;
}

export const webhookUser = 'proof-webhook-user';
export const webhookPassword = 'proof-webhook-password';

interface Page {
  readonly cohort: string;
  readonly session: string;
  readonly page: number;
  readonly total: number;
  readonly members: readonly unknown[];
}

/** A page as Mixpanel sends it. */
export function pageBody({ cohort, session, page, total, members }: Page, action = 'members'): string {
  return JSON.stringify({
    action,
    parameters: {
      mixpanel_cohort_id: cohort,
      mixpanel_cohort_name: `Cohort ${cohort}`,
      mixpanel_session_id: session,
      page_info: { total_pages: total, page_count: page },
      members,
    },
  });
}

export const memberList = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, place) => ({ mixpanel_distinct_id: `${prefix}-${place}` }));

/** Pages that are always rejected, each with its documented status. */
export function wrongPush(draw: Draw, cohort: string): Push {
  const page = { cohort, session: 'wrong', page: 1, total: 2, members: memberList('wrong', 3) };
  const long = 'x'.repeat(100_000);
  const [status, body, password] = draw.of<readonly [number, string, string?]>([
    [400, pageBody(page).slice(0, -20)],
    [400, pageBody(page, long)],
    [400, pageBody({ ...page, page: 3 })],
    [400, pageBody({ ...page, cohort: long })],
    [400, pageBody({ ...page, session: `line\n${long}` })],
    [400, pageBody({ ...page, members: [long, 1, null] })],
    [401, pageBody(page), 'wrong-password'],
    [413, pageBody({ ...page, members: Array(10_001).fill({}) })],
    [413, pageBody({ ...page, members: [{ list: Array(250_000).fill(0) }] })],
  ]);
  return { ...page, body, wrong: { status, ...(password !== undefined && { password }) } };
}
