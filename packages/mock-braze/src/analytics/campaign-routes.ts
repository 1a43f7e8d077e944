/** The endpoints `/campaigns/list`, `/campaigns/details`, `/campaigns/data_series` and `/sends/data_series`. */
import type { Route } from '@braze-mixpanel/simulator-kit';
import { rulesFrom } from '../sources.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { type Campaign, channelsOf } from './campaigns.ts';
import { exportRoute } from './export-route.ts';
import {
  detailsOf,
  entryOf,
  isoHour,
  isoTime,
  listed,
  listRules,
  messageOf,
  sharedLimit,
  unknownIdRule,
} from './lists.ts';
import { flag, ParameterError, requiredText } from './parameters.ts';
import { periodOf } from './period.ts';
import { type Send, storedSend } from './sends.ts';
import { campaignDays } from './series.ts';
import { seriesRules } from './series-rules.ts';

export function campaignRoutes(workspaces: Workspaces): Route[] {
  return [
    exportRoute(workspaces, {
      ...{ path: '/campaigns/list', permission: 'campaigns.list', limit: 'rest-shared' },
      rules: [...listRules, ...sharedLimit],
      answer: ({ analytics }, query) => ({
        message: messageOf('campaigns', analytics.campaigns),
        campaigns: listed(analytics.campaigns, query).map(({ id, updatedAt, name, apiCampaign, tags }) => ({
          ...{ id, last_edited: isoTime(updatedAt), name, is_api_campaign: apiCampaign, tags },
        })),
      }),
    }),
    exportRoute(workspaces, {
      ...{ path: '/campaigns/details', permission: 'campaigns.details', limit: 'rest-shared' },
      rules: [
        ...rulesFrom.campaignDetails(
          'name, tags, channels, message variations by ID, first and last time of sending to the hour; archived campaigns too',
        ),
        ...rulesFrom.choice(
          '`messages` have the channel and the name alone; no drafts, teams or conversion behaviors',
        ),
        ...unknownIdRule,
        ...campaignIdRule,
        ...sharedLimit,
      ],
      answer: ({ analytics }, query) => {
        flag(query, 'post_launch_draft_version');
        return details(entryOf(analytics.campaigns, query, 'Campaign'));
      },
    }),
    exportRoute(workspaces, {
      ...{
        path: '/campaigns/data_series',
        permission: 'campaigns.data_series',
        limit: 'campaigns-data-series',
      },
      rules: [
        ...rulesFrom.campaignSeries(
          '`length` of 1 to 100 days that end with `ending_at`, by default the time of the request',
          'for each channel and message variation: the numbers of its statistics; unique recipients and conversions of the campaign',
        ),
        ...rulesFrom.campaignSeries.against(
          'engagementReports',
          '`conversions` counts conversions, not users',
        ),
        ...seriesRules,
        ...rulesFrom.choice(
          'a day is listed without messages if nothing was sent in the period; variations without an ID have a null one',
          '`conversions_by_send_time` belongs to the day of the latest send; `revenue` is 0, since there are no conversion windows',
          'an archived campaign keeps its series, a deleted one is unknown',
        ),
        ...campaignIdRule,
        ...rulesFrom.rateLimits(
          '50,000 requests of campaign series in a minute, then 429 (off until enabled)',
        ),
      ],
      answer: ({ analytics, nowSeconds }, query) => {
        const { counts, variations } = entryOf(analytics.campaigns, query, 'Campaign');
        return {
          data: campaignDays(counts, periodOf(query, analytics.time, nowSeconds * 1_000), variations),
        };
      },
    }),
    exportRoute(workspaces, {
      ...{ path: '/sends/data_series', permission: 'sends.data_series', limit: 'rest-shared' },
      rules: [
        ...rulesFrom.sendSeries(
          'of API campaigns alone, by `campaign_id` and `send_id`; `length` of 1 to 100 days',
          'a send is known for 14 days after it',
          'a conversion counts for the send that it names',
        ),
        ...seriesRules,
        ...rulesFrom.choice(
          'the control API defines which campaigns are API campaigns, and their sends are counted from then on',
          '400 for a campaign that is no API campaign, and for a send that is unknown or too old',
        ),
        ...campaignIdRule,
        ...sharedLimit,
      ],
      answer: ({ analytics, nowSeconds }, query) => {
        const now = nowSeconds * 1_000;
        const campaign = entryOf(analytics.campaigns, query, 'Campaign');
        const { counts } = sendOf(campaign, query, now);
        return { data: campaignDays(counts, periodOf(query, analytics.time, now), campaign.variations) };
      },
    }),
  ];
}

/** The send of a request. @throws ParameterError for one that is not known, or not any more. */
function sendOf(campaign: Campaign, query: URLSearchParams, now: number): Send {
  const id = requiredText(query, 'send_id', 'send_id must be a string of the send identifier');
  if (!campaign.apiCampaign) throw new ParameterError('The campaign is not an API campaign');
  const send = storedSend(campaign.sends, id, now);
  if (send) return send;
  throw new ParameterError('No analytics are stored for this send_id');
}

const campaignIdRule = rulesFrom.campaignIdText(
  '400 `campaign_id must be a string of the campaign api identifier` without one',
);

function details(campaign: Campaign) {
  return {
    ...detailsOf(campaign),
    channels: channelsOf(campaign.variations.values()),
    first_sent: isoHour(campaign.firstAt),
    last_sent: isoHour(campaign.lastAt),
    messages: Object.fromEntries(campaign.variations),
    conversion_behaviors: [],
  };
}
