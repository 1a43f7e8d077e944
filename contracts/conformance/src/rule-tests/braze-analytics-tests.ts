/** Tests of the rules of mock-braze about lists and analytics. */
export const brazeAnalyticsTests = {
  'packages/mock-braze/src/analytics/lists.test.ts': {
    '100 on a page, `page` counts from 0; by time of creation, the oldest first unless `sort_direction` is desc':
      'has pages of 100 by time of creation, the oldest first unless desc',
    'archived ones only with `include_archived`':
      'leaves out archived ones unless asked, and deleted ones always',
    '`last_edit.time[gt]` selects those that were edited later':
      'selects what was edited after last_edit.time[gt]',
    'a deleted one is unknown: Braze can archive campaigns and Canvases, but has no deletion':
      'of an archived campaign remain, those of a deleted one do not',
    'name, tags, channels, message variations by ID, first and last time of sending to the hour; archived campaigns too':
      'of a campaign name its channels, message variations and hours of sending',
    '`messages` have the channel and the name alone; no drafts, teams or conversion behaviors':
      'of a campaign name its channels, message variations and hours of sending',
    'name, tags, channels, variants, steps with their messages, first and last entry':
      'of a Canvas name its variants and steps, without the removed ones',
    'steps are full steps, with a first step for each variant, and no paths between them; removed steps are left out':
      'of a Canvas name its variants and steps, without the removed ones',
    '400 `campaign_id must be a string of the campaign api identifier` without one': '%s is refused: %s',
    '400 `Invalid Campaign ID` for an unknown campaign, `Invalid Canvas ID` for an unknown Canvas':
      '%s is refused: %s',
    'success is 200, a wrong parameter 400, with texts of this simulator where none is known':
      'refuses %s in a sentence',
    'the key is accepted in the header alone, not as `api_key`':
      'needs a key with the permission of its name',
    '250,000 requests an hour, shared by lists, details and series of campaigns, Canvases, sends and events, then 429 (off until enabled)':
      'shares an allowance of 250,000 requests an hour with the others, if that limit is enabled',
  },
  'packages/mock-braze/src/analytics/registry.test.ts': {
    'a campaign or Canvas exists since the first event with its ID, or since the control API made it; the first 10,000 of each':
      'the first 10,000 IDs are kept, so that generated events cannot fill the memory',
    'events have `campaign_name` and `canvas_name` null or out of date for an hour after a change, and never tags':
      'a new campaign name reaches Currents after an hour, and until then they send the %s one',
  },
} as const;
