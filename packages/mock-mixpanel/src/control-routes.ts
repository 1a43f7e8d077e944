/** The control routes of mock Mixpanel, in addition to those of every simulator. */
import { joinRoutes, settingsRoutes } from '@braze-mixpanel/simulator-kit';
import { cohortControlRoutes } from './cohorts/control-routes.ts';
import { deletionControlRoutes } from './deletions/control-routes.ts';
import { destinationControlRoutes } from './destinations/control-routes.ts';
import { eventControlRoutes } from './events/control-routes.ts';
import { lexiconControlRoutes } from './lexicon/control-routes.ts';
import { lookupTableControlRoutes } from './lookup-tables/control-routes.ts';
import type { MockMixpanelModel } from './model.ts';
import { profileControlRoutes } from './profiles/control-routes.ts';
import { settingsSchema } from './settings.ts';
import { syncControlRoutes } from './syncs/control-routes.ts';

export function mockMixpanelControlRoutes(model: MockMixpanelModel) {
  return joinRoutes(
    eventControlRoutes(model),
    cohortControlRoutes(model),
    profileControlRoutes(model),
    destinationControlRoutes(model),
    syncControlRoutes(model),
    lexiconControlRoutes(model),
    lookupTableControlRoutes(model),
    deletionControlRoutes(model),
    settingsRoutes(() => model, settingsSchema, { pageSize: 100, rateLimits: true }),
  );
}
