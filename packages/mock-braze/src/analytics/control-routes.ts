/** The routes `/_sim/campaigns` and `/_sim/canvases`: what the dashboard shows and changes of them. */
import {
  type ControlHandler,
  controlRoutes,
  deletedSchema,
  documented,
  durationSchema,
  errorSchema,
  jsonList,
  missing,
  respond,
  withBody,
} from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import type { ModelOf } from '../workspaces/workspaces.ts';
import type { Lag } from './registry.ts';
import { campaignSchema, canvasSchema, shownCampaign, shownCanvas } from './shown-entries.ts';

const changeFields = {
  name: z.string().min(1).max(255).optional(),
  description: z.string().optional(),
  tags: z.array(z.string().min(1)).optional(),
  /** An archived one is left out of the list; its analytics remain. */
  archived: z.boolean().optional(),
  enabled: z.boolean().optional(),
  /** How long Currents do not send a new name. Default: an hour. */
  lag: durationSchema.default(3_600_000),
  /** What Currents send meanwhile: the old name, or null. */
  lagName: z.enum(['old', 'null']).default('old'),
};

const campaignChange = z.strictObject({
  ...changeFields,
  /** Whether `/sends/data_series` knows its sends; from then on. */
  is_api_campaign: z.boolean().optional(),
});
const canvasChange = z.strictObject(changeFields);
const example = { name: 'Spring sale', tags: ['spring'], lagName: 'null' };

const lagOf = ({ lag, lagName }: { lag: number; lagName: Lag['sends'] }): Lag => ({
  ms: lag,
  sends: lagName,
});

export function analyticsControlRoutes(of: ModelOf) {
  return controlRoutes({
    'GET campaigns': documented(
      'The campaigns that were emitted or made, deleted ones too.',
      { 200: z.array(campaignSchema) },
      request => jsonList(of(request).analytics.campaigns.all().map(shownCampaign)),
    ),
    'PUT campaigns/:id': documented(
      'Makes or changes a campaign. Currents send its name: a changed one after a lag.',
      { 200: campaignSchema },
      withBody(campaignChange, example, (change, request) => {
        const { campaigns } = of(request).analytics;
        const campaign = campaigns.put(request.params.id ?? '', change, lagOf(change));
        campaign.apiCampaign = change.is_api_campaign ?? campaign.apiCampaign;
        return respond(200, shownCampaign(campaign));
      }),
    ),
    'DELETE campaigns/:id': documented(
      'Deletes a campaign: the API no longer knows it.',
      { 200: deletedSchema, 404: errorSchema },
      deleting('campaign', 'campaigns', of),
    ),
    'GET canvases': documented(
      'The Canvases that were emitted or made, deleted ones too.',
      { 200: z.array(canvasSchema) },
      request => jsonList(of(request).analytics.canvases.all().map(shownCanvas)),
    ),
    'PUT canvases/:id': documented(
      'Makes or changes a Canvas. Currents send its name: a changed one after a lag.',
      { 200: canvasSchema },
      withBody(canvasChange, example, (change, request) => {
        const { canvases } = of(request).analytics;
        return respond(200, shownCanvas(canvases.put(request.params.id ?? '', change, lagOf(change))));
      }),
    ),
    'DELETE canvases/:id': documented(
      'Deletes a Canvas: the API no longer knows it.',
      { 200: deletedSchema, 404: errorSchema },
      deleting('Canvas', 'canvases', of),
    ),
    'DELETE canvases/:id/steps/:step': documented(
      'Removes a step from a Canvas. Its numbers remain, for `include_deleted_step_data`.',
      { 200: deletedSchema, 404: errorSchema },
      request => {
        const { id = '', step: stepId = '' } = request.params;
        const step = of(request).analytics.canvases.get(id)?.steps.get(stepId);
        if (step === undefined) return missing('Canvas step', `${id}/${stepId}`, 'canvases');
        step.deleted = true;
        return respond(200, { deleted: stepId });
      },
    ),
  });
}

function deleting(what: string, list: 'campaigns' | 'canvases', of: ModelOf): ControlHandler {
  return request => {
    const { id = '' } = request.params;
    return of(request).analytics[list].delete(id) ? respond(200, { deleted: id }) : missing(what, id, list);
  };
}
