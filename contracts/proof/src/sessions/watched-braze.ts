import { createMockBraze } from '@braze-mixpanel/mock-braze';
import { type ControlledClock, type IncomingRequest, listen } from '@braze-mixpanel/simulator-kit';

/** A simulated Braze that records the IDs of all received members. */
export interface WatchedBraze extends AsyncDisposable {
  readonly url: string;
  readonly clock: ControlledClock;
  /** IDs that were added or removed, by cohort. */
  readonly came: ReadonlyMap<string, ReadonlySet<string>>;
}

interface UsersBody {
  readonly cohort_id: string;
  readonly cohort_changes: readonly { readonly user_ids?: readonly string[] }[];
}

export async function watchedBraze(seed: number): Promise<WatchedBraze> {
  const { simulator, clock, close } = await createMockBraze({ seed });
  const came = new Map<string, Set<string>>();
  const dispatch = async (request: IncomingRequest) => {
    if (request.path !== '/partners/mixpanel/cohorts/users') return simulator.dispatch(request);
    const bytes = await request.readBody();
    const { cohort_id: cohort, cohort_changes: changes } = JSON.parse(String(bytes)) as UsersBody;
    const ids = came.get(cohort) ?? new Set();
    came.set(cohort, ids);
    for (const id of changes.flatMap(({ user_ids = [] }) => user_ids)) ids.add(id);
    return simulator.dispatch({ ...request, readBody: () => Promise.resolve(bytes) });
  };
  const server = await listen({ ...simulator, dispatch });
  return {
    ...{ url: server.url, clock, came },
    async [Symbol.asyncDispose]() {
      await server.close();
      await close();
    },
  };
}
