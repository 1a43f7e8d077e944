/** Tests of the rules of mock-braze about lists and analytics. */
export const brazeAnalyticsTests = {
  'packages/mock-braze/src/analytics/lists.test.ts': {
    'the `message` of a list is `success`, or says that events had more IDs than are kept':
      'says in its message that it is cut, where events had more IDs than are kept, also after a restart',
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
  'packages/mock-braze/src/segments/series-route.test.ts': {
    'estimated size of a segment per day':
      '/segments/data_series has the present size of a segment on each day',
    'the size is exact, and the same on each day: that of the request':
      '/segments/data_series has the present size of a segment on each day',
    'every segment has analytics tracking':
      '/segments/data_series has the present size of a segment on each day',
    '400 `Invalid Segment ID` for an unknown segment, and for one whose filter fits several cohorts':
      '/segments/data_series refuses a segment that is unknown or whose filter fits several cohorts',
  },
  'packages/mock-braze/src/analytics/registry.test.ts': {
    'a campaign or Canvas exists since the first event with its ID, which holds for 1,000 of each, or since the control API made it':
      'the first 1,000 IDs of events are kept, so that generated events cannot fill the memory, and any that are made',
    'events have `campaign_name` and `canvas_name` null or out of date for an hour after a change, and never tags':
      'a new campaign name reaches Currents after an hour, and until then they send the %s one',
  },
  'packages/mock-braze/src/analytics/campaign-series.test.ts': {
    '`length` of 1 to 100 days that end with `ending_at`, by default the time of the request':
      'has the days that end with ending_at, by default the time of the request',
    'for each channel and message variation: the numbers of its statistics; unique recipients and conversions of the campaign':
      'has the statistics of each channel and variation',
    '`conversions` counts conversions, not users':
      'counts conversions by their behavior, and again on the day of the latest send',
    '`conversions_by_send_time` belongs to the day of the latest send; `revenue` is 0, since there are no conversion windows':
      'counts conversions by their behavior, and again on the day of the latest send',
    'a day is listed without messages if nothing was sent in the period; variations without an ID have a null one':
      'has the days that end with ending_at, by default the time of the request',
    'an archived campaign keeps its series, a deleted one is unknown':
      'remains for an archived campaign, and is gone for a deleted one',
    'days are those of the time zone of the company (setting `timeZone`, default UTC)':
      'has the days of the company in %s',
    'a change of the time zone leaves a break: days that were counted keep their numbers':
      'keeps the numbers of a day when the time zone changes',
    'unique opens and clicks count a recipient once in seven days for each dispatch; opens and clicks count each time':
      'counts opens each time, unique opens once in seven days for each recipient and dispatch',
    'unique recipients are those of the day': 'has the statistics of each channel and variation',
    '`machine_opens` are those opens that a machine made; `opens` has them too':
      'has the opens of machines apart, and among all opens',
    'series count each emitted event once, whether or not a Current sent it, and however often':
      'counts an event once, though no Current sent it or one sent it twice',
    'push without a known platform is `android_push`; there are no influenced opens, so `total_opens` are the direct ones':
      'has the statistics of each channel and variation',
    'channels that the documents do not list (RCS, LINE, banners, feature flags) have no series':
      'has nothing of channels that the documents do not list',
    '50,000 requests of campaign series in a minute, then 429 (off until enabled)':
      'has an allowance of 50,000 requests a minute of its own, if that limit is enabled',
  },
  'packages/mock-braze/src/analytics/canvas-series.test.ts': {
    '`ending_at`, and `starting_at` or `length`, are required; a request has 1 to 14 days':
      'refuses "%s" in a sentence',
    'numbers need not equal those of Currents':
      'counts users, so that its numbers are smaller than those of Currents',
    'entries and conversions of a Canvas are users of the day, not events':
      'counts users, so that its numbers are smaller than those of Currents',
    'variants, steps and removed steps only with `include_variant_breakdown`, `include_step_breakdown` and `include_deleted_step_data`':
      'has variants, steps and removed steps on request alone',
    '`starting_at` and `ending_at` mean whole days':
      'has the days from starting_at to ending_at, in the time zone of the company',
    'of `starting_at` and `length`, `starting_at` counts; conversions by entry time belong to the day of the latest entry':
      'has entries and conversions of each day',
  },
  'packages/mock-braze/src/analytics/send-series.test.ts': {
    'of API campaigns alone, by `campaign_id` and `send_id`; `length` of 1 to 100 days':
      'has the numbers of one send of an API campaign',
    'a send is known for 14 days after it': 'knows a send for 14 days after it',
    'a conversion counts for the send that it names': 'has the numbers of one send of an API campaign',
    'the control API defines which campaigns are API campaigns, and their sends are counted from then on':
      'counts the sends of a campaign from when it is an API campaign',
    '400 for a campaign that is no API campaign, and for a send that is unknown or too old':
      'refuses a campaign that is no API campaign, an unknown send, and a request without one',
  },
  'packages/mock-braze/src/analytics/event-series.test.ts': {
    'names of custom events in alphabetical order, 250 on a page':
      'have the names in alphabetical order, 250 on a page',
    'names of products in pages': 'have the names in alphabetical order, 250 on a page',
    'products are in alphabetical order, 250 on a page':
      'have the names in alphabetical order, 250 on a page',
    '1,000 requests an hour, shared by the lists of events and products and the series of purchases, then 429 (off until enabled)':
      'share an allowance of 1,000 requests an hour with the series of purchases',
    'occurrences of one custom event': 'counts one custom event by day, also what /users/track brings',
    '`length` of 1 to 100 days, or hours if `unit` is hour, that end with `ending_at`':
      'has hours of the company, with their offset',
    'hours are those of the company, with its offset from UTC; an hour that clocks repeat is one':
      'has a negative offset west of Greenwich, and one hour where clocks repeat it',
    'a name that never occurred has a series of 0; the first 10,000 names are kept':
      'is 0 for a name that never occurred',
    '`app_id` and `segment_id` are refused: all apps and users are counted together':
      'refuses "%s" in a sentence',
    'number and revenue of purchases, of all products or of `product`':
      'have the purchases of all products or of one',
    'revenue is the sum of all prices, without exchange rates, to the hundredth':
      'have the purchases of all products or of one',
  },
  'packages/mock-braze/src/analytics/distinct-count.test.ts': {
    'unique numbers are exact up to 4,096 a day, and estimates above':
      'a distinct count is exact up to 4,096 values, in whatever order and however often they come',
  },
} as const;
