import type { Draw } from '../fuzz/draw.ts';
import { memberList, type Push, pageBody, wrongPush } from './push.ts';

export const cohorts = Array.from({ length: 12 }, (_, place) => String(101 + place));
const actions = ['members', 'members', 'add_members', 'remove_members'] as const;
const membersOfPage = [1, 20, 20, 200, 1_000];
const mostReSent = 50;

/**
 * Pages of sessions that announce more pages than are ever sent. A third of the sessions belong to one
 * cohort, so that it reaches its limit. Sometimes an earlier page is repeated, or a wrong one is sent.
 */
export function endlessSessions(draw: Draw): () => Push {
  const sent: Push[] = [];
  const begun: { cohort: string; session: string; total: number; action: string; pages: number }[] = [];
  return () => {
    const chance = draw.below(100);
    const cohort = draw.chance(0.33) ? cohorts[0]! : draw.of(cohorts);
    if (chance < 8) return wrongPush(draw, cohort);
    if (chance < 20 && sent.length > 0) return draw.of(sent);
    // Most pages start a new session, since the limits are on sessions.
    if (chance < 90 || begun.length === 0)
      begun.push({
        ...{ cohort, session: `session-${begun.length}`, pages: 0 },
        total: 50 + draw.below(50),
        action: draw.of(actions),
      });
    const session = chance < 90 ? begun.at(-1)! : draw.of(begun);
    session.pages = Math.min(session.pages + 1, session.total - 1);
    const place = { cohort: session.cohort, session: session.session, page: session.pages };
    const members = memberList(`never-${session.session}-${session.pages}`, draw.of(membersOfPage));
    const push = { ...place, body: pageBody({ ...place, total: session.total, members }, session.action) };
    sent.push(push);
    if (sent.length > mostReSent) sent.shift();
    return push;
  };
}
