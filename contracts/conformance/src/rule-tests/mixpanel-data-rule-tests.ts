import type { RuleTests } from './rule-tests.ts';

/** Tests of the rules of mock-mixpanel about what becomes of stored data, and about reports. */
export const mixpanelDataRuleTests: Omit<RuleTests, 'cases'> = {
  'packages/mock-mixpanel/src/events/hot-shards.test.ts': {
    'over 200,000 events of one distinct_id and day: renamed to $hotshard_events, without distinct_id (off until the setting hotShardEvents)':
      'events of one id and day over the setting hotShardEvents are renamed and lose their distinct id',
    'events that are sent again count again for hotShardEvents, so a duplicate can be renamed':
      'events of one id and day over the setting hotShardEvents are renamed and lose their distinct id',
    'hotShardEvents: the day is of UTC':
      'events of one id and day over the setting hotShardEvents are renamed and lose their distinct id',
    'a renamed event is exported and counted under $hotshard_events, with mp_original_event_name and mp_original_distinct_id':
      'renamed events of hot shards are in the raw export and in reports under their new name',
  },
  'packages/mock-mixpanel/src/lexicon/dropped-events.test.ts': {
    'an event that Lexicon blocks is no longer stored; events from before stay':
      'an event that is blocked counts as imported and is not stored; earlier ones stay',
    'a hidden event is stored and exported, and counted by a query that names it':
      'a hidden event is stored, exported and counted',
    'hiding or blocking an event in the interface gives it a schema, with hidden or dropped in its metadata':
      'a status from the interface is in the schemas API, and the other way round',
    'an uploaded schema with dropped in its metadata drops the event at ingestion':
      'a status from the interface is in the schemas API, and the other way round',
    'a drop filter has an event and values of one or more properties; an event that matches all of them is not stored':
      'a drop filter drops the events that have all of its values',
    'events from before a drop filter stay, and what it dropped does not come back when it is deleted':
      'a drop filter drops the events that have all of its values',
    'at most 15 drop filters': 'a project has 15 drop filters at most, each of them with a property',
    'a dropped event counts as imported in the answer, and not for hotShardEvents':
      'an event that is blocked counts as imported and is not stored; earlier ones stay',
    'blocks and drop filters apply at once; Mixpanel takes up to hours for a block, and up to 10 minutes for a filter':
      'an event that is blocked counts as imported and is not stored; earlier ones stay',
  },
  'packages/mock-mixpanel/src/service-accounts/routes.test.ts': {
    'a service account, as HTTP Basic; 401 and 403: {"error":…,"status":"error"}':
      'needs the service account, and is of its own project',
    'service accounts of another project in the path: 403':
      'needs the service account, and is of its own project',
    'lists the service accounts of the project as {results, status}, each with id, username, role and expires':
      'has the account and when it expires',
    'expires is null for an account that does not expire; created and last_used are left out':
      'has the account and when it expires',
    'an account of any role may list the accounts': 'has the account and when it expires',
    'a service account that has expired gets 401 (never until the setting serviceAccountExpires)':
      'is accepted until then, and refused by every API after it',
  },
  'packages/mock-mixpanel/src/deletions/routes.test.ts': {
    'an OAuth token as bearer, and the token of the project; 401 and 403: {"error":…,"status":"error"}':
      'needs the OAuth token and the token of the project',
    'another token than that of the project, or none: 403':
      'needs the OAuth token and the token of the project',
    'the texts of errors of the GDPR API; 429 has no Retry-After': 'is requested once a second',
    '1 request in a second, then 429 (off until enabled)': 'is requested once a second',
    'answers 201; compliance_type is GDPR, the default, or CCPA':
      'is answered with its tracking id and read back by it',
    'results is a list with one task, named by its tracking_id, not an object with task_id':
      'is answered with its tracking id and read back by it',
    'tracking_id is a UUID; the answer has the distinct_ids; gdpr is accepted for GDPR':
      'is answered with its tracking id and read back by it',
    'results has tracking_id, status, requesting_user, compliance_type, project_id, date_requested and distinct_ids, not only status, result and distinct_ids':
      'is answered with its tracking id and read back by it',
    'at most 1,999 distinct ids in a request, not 2,000': 'is of at most 1,999 users',
    'no or wrong distinct_ids: 400, no task is created': 'is not created by a wrong body (case %#)',
    'a task that cannot be found has the status NOT_FOUND': 'that cannot be found has the status NOT_FOUND',
    'PENDING and STAGING are cancelled: 204, REVOKED; a task that has started is not: 405':
      'is cancelled until it starts',
    'a task is cancelled by its id in the path, not by distinct_ids in a body':
      'is cancelled until it starts',
    'cancelling an unknown task: 404; one that is over, or revoked: 405': 'is cancelled until it starts',
    'PENDING, STAGING, STARTED, SUCCESS within 30 days':
      'is staged, started and done within 30 days, and then its users are gone',
    'deletes the events and profiles of the users':
      'is staged, started and done within 30 days, and then its users are gone',
    'it takes 30 days (setting deletionTakes): a third each as PENDING, STAGING and STARTED':
      'is staged, started and done within 30 days, and then its users are gone',
    'deletes the data of every id that was merged with a given one':
      'deletes the data of merged ids, and stores what is sent again',
    'a deleted user whose events are sent again is stored again':
      'deletes the data of merged ids, and stores what is sent again',
    'events that arrive before the end are deleted as well; $hotshard_events stay, since they have no distinct_id; so do profiles of groups':
      'leaves events of hot shards, which have no distinct id, and profiles of groups',
  },
  'packages/mock-mixpanel/src/reports/routes.test.ts': {
    'the numbers of one event by day, from_date and to_date included: data.series, data.values and legend_size':
      'counts an event by day, without duplicates, which the raw export shows',
    'counts without duplicates, at once':
      'counts an event by day, without duplicates, which the raw export shows',
    'days are of the time zone of the project':
      'has the days of the zone %s, with its half and quarter hours',
    'on, where, interval, format are refused with 400, another unit than day and another type than general too: not evaluated':
      'rejects the unsupported parameter %s',
    'an event without data has 0 for each day, and legend_size 0':
      'has 0 for each day of an event without data',
    'over 1830 days: 400': 'explains what is wrong with %j',
  },
  'packages/mock-mixpanel/src/lookup-tables/routes.test.ts': {
    'a service account with project_id; the API secret lists no lookup tables':
      'is listed by its id and name, for a service account alone',
    'lists the id and name of every lookup table':
      'is listed by its id and name, for a service account alone',
    'a service account with project_id, or the API secret':
      'is replaced with a service account and its project, or the API secret',
    'an id that was not created in the interface: 404 Lookup table with id … was not found.':
      'is unknown until it was created in the interface, whatever is sent',
    'the order of checks of a table: credentials, id, rate, encoding, size, rows':
      'is unknown until it was created in the interface, whatever is sent',
    'replaces the whole table, or nothing of it': 'is replaced as a whole, also by a compressed body',
    'CSV (RFC 4180), also compressed with gzip: unique names in the first row, unique join keys in the first column':
      'stays as it was after %j',
    'at most the first ten failed rows are named': 'stays as it was after %j',
    'at least two columns; no join key is blank': 'stays as it was after %j',
    'over 100 MB uncompressed: 413': 'has 100 MB at most, once uncompressed',
    'over 100 replacements in a rolling day: 429 (off until enabled)': 'is replaced 100 times in a day',
    'over 5 million rows in the project: 400, nothing is replaced':
      'does not take the rows of the project over five million',
    'a table without rows below its header is accepted; row 0 of failed_records is the header; Content-Type is not checked':
      'is replaced as a whole, also by a compressed body',
    'a property is mapped to one table at most, several properties may be mapped to the same one; not to distinct_id':
      'is the only one of a property, and is mapped to any other property than distinct_id',
    'events get the columns of their row by the mapped property, also events from before the table':
      'joins its columns to events by the mapped property, to earlier events too',
    'the join compares texts: a number in an event joins the key with its digits':
      'joins its columns to events by the mapped property, to earlier events too',
    'fields are numbers, booleans, timestamps, lists of texts or texts; an empty one is no value':
      'has numbers, booleans, timestamps, lists and texts, and no value for an empty field',
  },
};
