/** The control routes of mock Braze, in addition to those of every simulator. */
import { joinRoutes, type SimRequest, settingsRoutes } from '@braze-mixpanel/simulator-kit';
import { analyticsControlRoutes } from './analytics/control-routes.ts';
import { currentsControlRoutes } from './currents/control-routes.ts';
import { deliveryControlRoutes } from './currents/delivery-routes.ts';
import { partnerControlRoutes } from './partners/control-routes.ts';
import { restKeyControlRoutes } from './rest/control-routes.ts';
import { segmentControlRoutes } from './segments/control-routes.ts';
import { settingsSchema } from './settings.ts';
import { userControlRoutes } from './users/control-routes.ts';
import { workspaceControlRoutes } from './workspaces/control-routes.ts';
import type { ModelOf, Workspaces } from './workspaces/workspaces.ts';

export function mockBrazeControlRoutes(
  workspaces: Workspaces,
  restEndpoint: (request: SimRequest) => string,
) {
  const of: ModelOf = request => workspaces.of(request);
  return joinRoutes(
    currentsControlRoutes(of),
    deliveryControlRoutes(of),
    userControlRoutes(of),
    segmentControlRoutes(of),
    analyticsControlRoutes(of),
    partnerControlRoutes(of, restEndpoint),
    restKeyControlRoutes(workspaces),
    workspaceControlRoutes(workspaces),
    settingsRoutes(of, settingsSchema, { batchSize: 50, flushInterval: '5m' }),
  );
}
