import { mixpanelDataRuleTests } from './mixpanel-data-rule-tests.ts';
import type { RuleTests } from './rule-tests.ts';

/** Tests of the rules of mock-mixpanel that ingestion-rules.ts does not check. */
export const mixpanelRuleTests: RuleTests = {
  ...mixpanelDataRuleTests,
  cases: {
    'a table that fails validation: 400 with code 400 and a status text, not status 0':
      'a lookup table with rows that are not valid is answered with their indexes, and stays as it was',
    '$set, $set_once, $add, $append, $union, $remove, $unset, $delete':
      'people_* of the Python client arrive, each as it is sent',
    'service account with project_id, or API secret':
      'an export needs a service account with its project, or the API secret',
    'ip is not stored, $ignore drops, a time in the future becomes now':
      'an event has no ip, its time is not in the future, and with $ignore it is dropped',
    'the order of checks: credentials, encoding, size, rate, JSON, number, identity, events':
      'the order of checks: credentials, encoding, size, JSON',
    'a page of any origin may read the answer: CORS with the origin itself and with credentials':
      'a page of another origin may read /track, also after a preflight',
    'the status of a preflight, 204; answers with an error are readable as well':
      'a page of another origin may read /engage, also after a preflight',
    '$ignore_alias uses the id as given':
      'an update with $ignore_alias is of the ID as given, without it of the merged user',
    'errors: first the token, then the ids, then the values of operations; their texts':
      'the error of an update names first the token, then the IDs, then the operation',
    'no flag is enabled: the answer has an empty list':
      'a page may use /flags, which is accepted and counted',
    'each event has mp_processing_time_ms, its time of receipt': 'an exported event has its time of receipt',
    'to_date after today: 400 to_date cannot be later than today':
      'an export to a day after today is refused',
    'from_date after to_date: 400': 'an export from a day after its last is refused',
    'an operation that no document names, such as $nope: ignored beside others, refused alone':
      'an unknown operation of an update is ignored beside a known one, and refused alone',
    'a change of the time zone applies to stored events as well':
      'a change of the time zone moves the exported times of stored events',
    'a body that is no form, such as JSON or multipart, is refused with 400, since no parameter of it would be evaluated':
      'a query for profiles with a body that is no form is refused, not answered with every user',
    'every 30 minutes, unless the sync names another interval':
      'a sync of the kind webhook runs every 30 minutes, unless it names another interval',
    'every two hours, not every 15 minutes, unless the sync names another interval':
      'a sync of the kind braze runs every 120 minutes, unless it names another interval',
  },
  'packages/mock-mixpanel/src/import/request.test.ts': {
    'from 2027-03-03 on an API secret gets 401 (off until the setting retirements)':
      'from 2027-03-03 on, with the setting retirements: %s',
    'over the byte limit once uncompressed: 413, nothing imported':
      'that decompresses to more than the byte limit is rejected without complete decompression',
    'over 2,000 events: 413, nothing imported': 'of more than 2,000 events is rejected as a whole',
    '2 GB of uncompressed JSON, or 1,800,000 events, in a rolling minute: 429 without Retry-After (off until enabled)':
      'over 2 GB a minute is rejected until the minute is over, if rate limits are enabled',
  },
  'packages/mock-mixpanel/src/import/events.test.ts': {
    'strict=0: invalid rows are dropped silently, 200': 'is dropped silently with strict=0',
    'an event without distinct_id is accepted, and gets a hash of the address of the sender (here one for all)':
      'is none without distinct_id, which becomes a hash of the address of the sender',
    'strings are cut at 255 characters, not bytes, and never within a character':
      'has whole characters where its strings are cut',
  },
  'packages/mock-mixpanel/src/ingestion/track.test.ts': {
    'an EU project on a US host: stored before 2026-07-01, lost after it (off until the setting retirements)':
      'is forwarded by a US host before July 2026 and loses its events after it, with the setting retirements',
    'an India project on a US host is treated as an EU project; the answer to lost events is 200':
      'is forwarded by a US host before July 2026 and loses its events after it, with the setting retirements',
    'data= in the query or a form: answered like /track, and $insert_id may be missing':
      'is answered like /track; an event without $insert_id gets a new one each time',
    "the host of another region than the project's: 401": 'is unknown on the hosts of other regions',
    'data= (JSON or Base64) in the query or a form, or a JSON body; gzip': 'accepts %s, and answers 1',
    "a token that is no project's: answered 1, nothing is stored":
      'answers 1 to an unknown token, and stores nothing',
    'events older than five days are rejected': 'answers 0 to %s, and gives the reason with verbose=1',
    'errors without a documented text use those of /import, for example for an old event':
      'answers 0 to %s, and gives the reason with verbose=1',
    'token is not stored as a property': 'accepts %s, and answers 1',
    'time, distinct_id and $insert_id may be missing: added': 'accepts %s, and answers 1',
    'over 2,000 events, or over the byte limit: 413, nothing is stored':
      'answers 413 to more than 2,000 events',
    'a missing distinct_id is empty; with ip=1 it is a hash of the address of the sender (here one for all)':
      'a missing distinct id %s',
    'the rate limits are shared with /import': 'shares its rate limit with /import',
    'Base64 with surrogate halves of three bytes each (CESU-8): one character':
      'reads surrogate halves of three bytes each as one character: %s',
  },
  'packages/mock-mixpanel/src/identity/merge-users.test.ts': {
    '$identify, $create_alias and $merge need only their own properties, in forms too':
      'identity events of a form need no time, as the Python client sends them',
    '$merge is not accepted': '$merge is accepted by /import alone',
    'simplified identity: one $identify, $create_alias or $merge and nothing is imported, with the observed text; they are not ignored':
      '/import refuses the whole request, with a record for each identity event',
    'simplified identity: failed_records are objects, not texts':
      '/import refuses the whole request, with a record for each identity event',
    'simplified identity: the distinct_id of an event is its $user_id, also in place of another one; without both, $device: and its $device_id':
      'an event with %j has the distinct id %s',
    'simplified identity: $identify, $create_alias and $merge are ignored':
      '/track ignores identity events, and misses a distinct id',
    'simplified identity: $identify without distinct_id: distinct_id, missing or empty':
      '/track ignores identity events, and misses a distinct id',
    'simplified: two users with a $user_id are never merged':
      'two users are never merged, by any number of shared devices',
    'the setting idManagement (simplified by default, or original) cannot change while the project has data':
      'stays as it is while the project has data, and other settings still change',
    '$identify with distinct_id and $anon_distinct_id merges these two':
      '$identify with %s merges the anonymous id',
    'a UUID v4 may have the prefix $device: of the client libraries':
      '$identify with %s merges the anonymous id',
    '$identify merges nothing if $anon_id is no UUID v4, is merged already, or is the identified id; $create_alias nothing if the alias is merged already':
      'an anonymous id is merged once, so it never joins two users',
    'an event that merges nothing is accepted, and stored with $failure_reason':
      '$identify with %s is stored and merges nothing',
    'a user has at most 500 ids, not fewer than 500': 'a user has 500 ids at most',
    'simplified: $device_id and $user_id on one event merge the two users; the first user of a device stays':
      'an event with device and user merges them; the first user of a device stays',
  },
  'packages/mock-mixpanel/src/profiles/profiles.test.ts': {
    '$set, $set_once, $add, $append, $union, $remove, $unset, $delete, by $group_key and $group_id':
      'a group has a profile by its key and id',
    '$last_seen is the time of the update, unless $ignore_time':
      'sets $last_seen, unless it has $ignore_time',
    'over 2,000 objects, or over the byte limit: 413, nothing is stored':
      'may come with up to 2,000 in a request, and with an unknown token stores nothing',
    '$identify, $create_alias and $merge merge two users':
      '%s merges two users and their profiles, and later updates apply to the merged one',
    'the identified id, the distinct id and the first of two merged ids become canonical; Mixpanel does not say which one it chooses':
      '%s merges two users and their profiles, and later updates apply to the merged one',
    'the profile of the canonical id wins, property by property':
      '%s merges two users and their profiles, and later updates apply to the merged one',
    '$merge can name the same ids any number of times, also in a circle':
      'ids merged in a circle are one user',
  },
  'packages/mock-mixpanel/src/browser/routes.test.ts': {
    'a preflight does not allow Content-Type, so pages send forms, not application/json':
      'may call %s, with forms only',
    'HTTP Basic with the project token; a preflight allows Authorization, Content-Type and traceparent':
      'may %s %s with its token',
    'accepted and counted, nothing is kept': 'flags, recordings and settings are counted',
  },
  'packages/mock-mixpanel/src/events/export.test.ts': {
    'from_date and to_date (both included) are required': 'requires dates',
    'over 1,400 bytes: compressed with gzip if the client accepts it':
      'for a client that accepts %s, %i events are compressed as %s',
    'days and time are in UTC, or for a project from before 2023 in its time zone (settings timeZone and exportsUtc)':
      'in %s refuses %s, and begins %s at %s',
    'where and time_in_ms are refused with 400: not evaluated': 'rejects the unsupported parameter %s',
    'never de-duplicated': 'returns every stored row as a JSON line, including duplicates',
  },
  'packages/mock-mixpanel/src/rate-limits.test.ts': {
    '60 in an hour, 3 in a second, 100 at once (off until enabled)':
      'the raw export answers 60 requests an hour',
    'the text of 429 contains both limits and their current use':
      'the query API answers 5 concurrent requests, and reports how many run',
  },
  'packages/mock-mixpanel/src/cohorts/query-api.test.ts': {
    'lists every cohort with its count': 'lists cohorts',
    '60 queries in an hour and 5 at once, each page counts (off until enabled)':
      'answers 60 queries an hour if limits are enabled; every page counts',
    'filter_by_cohort={"id":…}, distinct_id, distinct_ids=[…], output_properties=[…], include_all_users':
      'returns all users with a profile without a cohort filter, and omits members without one on request',
    'a session is a snapshot; page > 0 needs its session_id':
      'pages through a snapshot: users who join or leave meanwhile appear in the next session',
    'POST: parameters in a form': 'returns the members of a cohort',
    'the last page is the one with fewer results than page_size':
      'pages through a snapshot: users who join or leave meanwhile appear in the next session',
  },
  'packages/mock-mixpanel/src/cohorts/cohort-rules.test.ts': {
    'users with a count of an event within a period, by conditions on its properties':
      'has the users with enough events within the window, from before and after its creation',
    'users whose profile meets conditions': 'can require a profile: %j',
    'a condition on a list applies to any element': 'can require a profile: %j',
    'evaluated at each request, and at each run of a sync':
      'is synced with its current members at each run, two hours apart',
    'an event without duplicates counts once, and the newest one decides':
      'counts a duplicate event once, by its newest version',
    'a rule without a required event is about users with a profile':
      'can require the absence of an event, of users with a profile',
  },
  'packages/mock-mixpanel/src/syncs/set-up.test.ts': {
    'at most 60 recurring syncs in a project': 'is limited to 60 recurring syncs',
    'runs never overlap; a tick during a run or a pause is skipped; a restarted sync runs at once':
      "can't be run a second time, and finishes before a pause",
  },
  'packages/mock-mixpanel/src/syncs/failing-destination.test.ts': {
    'after a failed run the next one starts from the beginning':
      'during an incremental run gets the whole cohort next',
    '5XX and 429: five retries within 60 s, waits of 2, 4, 8, 15 and 31 s':
      'with %s gets five retries within 60 s, then the whole cohort with the next run',
    'a 2XX without a readable answer is retried':
      'with %s gets five retries within 60 s, then the whole cohort with the next run',
    '400, 401, 403 and 404 pause the sync': 'with %i pauses the sync until it is started',
  },
  'packages/mock-mixpanel/src/syncs/webhook.test.ts': {
    'one-time, or dynamic at its own interval': 'of mode one-time runs once, and again only on request',
    'a run sends the whole cohort first and after errors, else what changed':
      'sends changes every 30 minutes, and not a millisecond earlier',
    'the snapshot of the last success is kept for three days':
      'is kept for three days, then the whole cohort is sent',
    'members, or add_members and then remove_members, in pages of 1,000, also when empty':
      'sends empty changes, and an empty cohort',
    'one session id for all calls of a run; pages count from 1 for each action':
      'sends the whole cohort first, in pages of 1,000 of one session, with Basic auth',
    'a member has no fields without a value': 'sends a member without a profile with its distinct id alone',
  },
  'packages/mock-mixpanel/src/syncs/braze.test.ts': {
    'creates the cohort, then sends up to 1,000 ids in a request':
      'sends at most 1,000 changes per request, removals before additions',
    'matches by $braze_external_id, else by distinct id':
      'creates the cohort, then sends its users by $braze_external_id, or else by distinct id',
    'users that a failed run may have added are removed if they left meanwhile':
      'removes users whom a failed run sent and who left before the next one',
    'a user who left before the snapshot was lost stays in Braze':
      'leaves a user in Braze who left the cohort before its snapshot was lost',
  },
  'packages/mock-mixpanel/src/destinations/destinations.test.ts': {
    'connecting does not check the key: the first sync shows whether Braze accepts it':
      'that is reconnected with a new key sends it from the next run of its syncs on',
    'no two connections have one name': 'has a name of its own, which a reconnection without one keeps',
  },
  'packages/mock-mixpanel/src/lexicon/routes.test.ts': {
    'a service account, as HTTP Basic; no project secret, no token':
      'accepts the service account alone, and for its own project',
    '401 and 403: {"error":…,"status":"error"}': 'accepts the service account alone, and for its own project',
    'another project in the path: 403': 'accepts the service account alone, and for its own project',
    'the texts of errors; 429 has no Retry-After; it counts for the project, not for its organization':
      'answers five requests in a minute',
    'lists entries as {results, status}, of every kind, of one, or by entity_name':
      'adds entries, replaces those of the same name, and lists them by kind and name',
    'one entry by kind and name: its schema alone':
      'adds entries, replaces those of the same name, and lists them by kind and name',
    'no entry of this name: 404': 'answers 404 for an entry that it lacks',
    'adds entries, or replaces those of the same name, except for metadata that the upload lacks':
      'keeps metadata of an entry that a later upload lacks, and none after truncate',
    'answers the numbers of added and deleted entries; an upload of one entry answers the status alone':
      'adds entries, replaces those of the same name, and lists them by kind and name',
    'truncate: deletes every entry first':
      'deletes one entry, those of a kind, or all, and all before an upload with truncate',
    'deletes all entries, those of one kind, or one; answers delete_count':
      'deletes one entry, those of a kind, or all, and all before an upload with truncate',
    'unknown fields of an entry or of its metadata, and unknown types, are refused':
      'refuses an upload with %s as a whole',
    'an invalid entry: 400, nothing of the request is stored': 'refuses an upload with %s as a whole',
    'further keywords of JSON Schema, such as examples, are accepted in a property':
      'accepts keywords of JSON Schema that it does not document',
    '5 requests in a minute (off until enabled)': 'answers five requests in a minute',
    '4,000 events and properties updated in a minute (off until enabled)':
      'updates 4,000 events and properties in a minute',
    '3,000 deletions in a request': 'deletes at most 3,000 entries by one request',
    'more deletions: 400, nothing is deleted': 'deletes at most 3,000 entries by one request',
  },
};
