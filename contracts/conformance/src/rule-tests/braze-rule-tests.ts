import { brazeAnalyticsTests } from './braze-analytics-tests.ts';
import type { RuleTests } from './rule-tests.ts';

/** Tests of the rules of mock-braze that rest-rules.ts does not check. */
export const brazeRuleTests: RuleTests = {
  ...brazeAnalyticsTests,
  cases: {
    'a missing key, or a body that is not a JSON object, is 401 `Unauthorized access`':
      'a body that is no JSON object is refused like one without keys',
    'a currency in small letters is refused; one that is no longer in use is accepted':
      'a currency that is no longer in use is accepted',
    'one of `device_id`, `email_address` and `phone` in a request':
      'an export names one of device_id, email_address and phone',
    '250 requests a minute, then 429 (off until enabled)':
      'an export has the limit of 250 requests a minute in its headers',
  },
  'packages/mock-braze/src/partners/routes.test.ts': {
    'creates the cohort; for a known `cohort_id` renames it; 201':
      'renames an existing cohort, and keeps its members',
    'success is `{"message":"success"}`, as clients of other partners accept it':
      'creates it, adds and removes members, and shows them',
    '400 texts for `cohort_id`, `name` and `created_at`, checked in this order': 'with %j: %i %s',
    '401 with its own text for a wrong partner key, a wrong data import key and a partner that is not enabled':
      'with the secret in the text, when the partner is not enabled',
    '250,000 requests an hour per endpoint, then 429 (off until enabled)':
      'after 250,000 requests in an hour, if the limits are enabled',
    '423 `Resource locked` is available as a fault': 'while the resource is locked',
    '1,000 ids in one request, all kinds and elements together': 'with 1,001 ids, of which none is applied',
    'unknown users are ignored, none is created':
      'ignores unknown users, creates none, and does not add them when they are created later',
    'identified users match by external id or alias, anonymous ones by device id; a device id of an identified user is ignored':
      'matches identified users by external id or alias, anonymous ones by device, but not the device of an identified one',
    'an id that is added and removed in one request: the last change wins':
      'applies the last change when an id is added and removed in one request',
    'changes of a `cohort_id` that was never created are 400, with the text for `cohort_id`':
      'when the cohort was never created',
    'empty `cohort_changes` with the right keys are 201, also for a `cohort_id` that was never created':
      'accepts an empty change of a cohort that was never created, if the keys are right',
    'the partner page shows the REST endpoint, makes new keys and invalidates old ones':
      'is shown with the REST endpoint',
    'a new key works alongside the old one until that is invalidated':
      'works alongside the old one after generating, until that is invalidated',
  },
  'packages/mock-braze/src/workspaces/workspaces.test.ts': {
    'the data import key names the workspace': 'have separate cohorts, selected by the data import key',
    'the key names the workspace': 'have separate users, selected by the REST key',
  },
  'packages/mock-braze/src/rest/routes.test.ts': {
    '`_update_existing_only` creates no user; without it an external id does':
      'creates a user for an external id, unless only existing ones may be updated',
    'events and purchases are also sent by Currents': 'passes events and purchases to Currents',
    'a `time` in the future becomes the time of receipt':
      'keeps the time of an event, and replaces a time in the future by the current time',
    'array attributes keep their newest 25 values': 'keeps the newest 25 values of an array',
    '401 for an unknown key, 403 for a key without the permission':
      'that is unknown gives 401, and one without the permission 403',
    '`X-RateLimit-Limit`, `-Remaining` and `-Reset` (epoch seconds) on every answer':
      'gets rate headers with each answer, and 429 when an enabled limit is exceeded',
    '3,000 requests in 3 seconds, then 429 (off until enabled)':
      'gets rate headers with each answer, and 429 when an enabled limit is exceeded',
    '`fields_to_export` narrows the profiles': 'returns only the requested fields',
  },
  'packages/mock-braze/src/rest/event-time.test.ts': {
    "`time` is ISO 8601 or `yyyy-MM-dd'T'HH:mm:ss:SSSZ`, UTC without a zone":
      "is UTC whatever the machine's zone: %s",
  },
  'packages/mock-braze/src/rest/track-fields.test.ts': {
    'names of properties are not empty, have at most 255 characters and no leading `$`; `time` and `event_name` are reserved for events':
      'can not have the name %j',
    'properties with an array or an object have at most 100 KB':
      'makes the properties too large with an array above 100 KB',
    '`product_id` is a text of at most 255 characters, `currency` an ISO 4217 code, `quantity` an integer from 1 to 100':
      'is refused alone with %s %j',
    "`'quantity' is not valid`, and the text for an invalid e-mail address; other fields follow this form":
      'is refused alone with %s %j',
    'a `quantity` of n counts as n purchases, each an event of Currents':
      'with a quantity is that many purchases, each an event of Currents',
    '`email_subscribe`, `push_subscribe` and `subscription_groups` have the listed values':
      '%s can not be %j',
    'the first 256 properties are captured':
      'has a text of at most 255 characters, in one of at most 256 properties',
    'arrays have at most 100 KB': 'has a name and texts that are cut, and at most 100 KB',
    'objects have at most 100 KB': 'has a name and texts that are cut, and at most 100 KB',
    '`_merge_objects` merges objects at every level':
      'that is an object is replaced, and merged at every level with `_merge_objects`',
    'an `email` without valid syntax is an error': 'email can not be %j',
    'a body with `Content-Encoding: gzip` is decompressed; one in another encoding, or that is not valid gzip, is 400':
      'with %s is decompressed',
  },
  'packages/mock-braze/src/rest/lengths.test.ts': {
    'texts are cut after 255 characters': 'of a text counts characters, whatever their bytes',
    'names of events and attributes are cut after 255 characters or 479 bytes':
      'of a name ends before 256 characters and 480 bytes (case %#)',
    'a character is a code point': 'of a text counts characters, whatever their bytes',
  },
  'packages/mock-braze/src/rest/profile-fields.test.ts': {
    'profile fields are no custom attributes; `bio` is dropped':
      'has the location as coordinates, and push tokens with their app',
    'a changed `email_subscribe`, `push_subscribe` or subscription group is a state change of Currents':
      'is an event of Currents for each channel and group, and none if the state stays',
    'profile fields at the top level, `current_location` as `last_coordinates`; other names in `custom_attributes`':
      'has the location as coordinates, and push tokens with their app',
    '`custom_events` and `purchases` of the last 90 days, with `first`, `last` and `count`; `total_revenue`':
      'counts custom events and purchases of the last 90 days by name, and sums the revenue',
    '`total_revenue` is the sum of all prices: without campaigns there are no conversion windows, and no exchange rates':
      'counts custom events and purchases of the last 90 days by name, and sums the revenue',
    'profile fields that the list of exported fields lacks, such as `subscription_groups`, keep their name':
      'has %s at the top level',
  },
  'packages/mock-braze/src/rest/identity.test.ts': {
    'the texts of 401 and 403': 'needs a key with the permission: %s',
    'the texts of 400': 'is rejected as a whole: %s %j',
    '`prioritization` is required for e-mail addresses and phone numbers': 'is rejected as a whole: %s %j',
    'one kind of id in a request': 'is rejected as a whole: %s %j',
    'an unknown external id is assigned to the aliased user, who is then identified':
      'assigns an unknown external id to the aliased user',
    'the alias-only profile is merged into a user with a known external id, unless that user has an alias of the same label':
      'merges no users with an alias of the same label, and none that is identified or unknown',
    '`merge_behavior` none keeps only the attributes of the identified user; merge, the default, adds those it lacks':
      'merges the alias-only profile into a known user (merge_behavior %s)',
    'objects that change nothing count as processed':
      'merges no users with an alias of the same label, and none that is identified or unknown',
    '`prioritization` is without effect: no two users share an address':
      'finds anonymous users by e-mail address and phone number as well',
    '20,000 requests a minute, shared by identify, alias/new and delete, then 429 (off until enabled)':
      'counts towards 20,000 a minute over all three routes, if that limit is enabled',
    'without an external id it creates an alias-only user':
      'creates an alias-only user, or adds the alias to an existing one',
    'with an unknown external id it adds nothing':
      'answers success without a change for an existing pair, a used label and an unknown external id',
    'deleted users leave their cohorts; the deletion is immediate':
      'removes deleted users from cohorts, events and segments',
  },
  'packages/mock-braze/src/currents/sender.test.ts': {
    '`{"events":[…]}` with `Braze-Currents-Version: 1`, and `Authorization: Bearer` when there is a token':
      'is a JSON object with events, the version header and the bearer token',
    'one queue per event type, batches of up to 100 (settable)':
      'holds events of one type only, up to the batch size',
    'a batch leaves when it is full, or after about 5 minutes (settable)':
      'is sent at once if it is full, otherwise at the flush interval',
    '2XX: never sent again': '%i: the batch is never sent again',
    '400: again one event at a time, a second 400 drops the event':
      '400: the batch is sent again one event at a time, and an event rejected on its own is dropped',
    '413: again in halves':
      '413: the batch is sent again in halves, and a single event that is still too large is dropped',
    '413 for a single event: dropped':
      '413: the batch is sent again in halves, and a single event that is still too large is dropped',
    '429, 5XX, anything else, no answer: exponential back-off with jitter; disabled after 5 days':
      '%s: the batch is sent again with exponential back-off',
    'back-off from 1 s to 15 minutes, request time-out 30 s (settable)':
      'a longer failure: the waits stop growing at 15 minutes',
  },
  'packages/mock-braze/src/currents/sender-failures.test.ts': {
    '401, 403, 404: not sent again while failing; disabled after 5 days, the queue kept for 7 days':
      'disable the Current after five days, and the queue is dropped seven days later',
    '401, 403, 404, older generation: again after 2 to 5 minutes, dropped after 48 h':
      'are retried after two to five minutes, and dropped after 48 hours',
    '401, 403, 404: new events are tried once, and the first 2XX sends what was held':
      '%i: the batch is held, and sent after the first 2XX',
    'the same, older generation: dropped after 24 h': 'other failures are dropped after 24 hours',
  },
  'packages/mock-braze/src/currents/emit.test.ts': {
    'an event above 900 KB is dropped': 'drops an event above 900 KB, and reports it',
  },
  'packages/mock-braze/src/currents/emission-order.test.ts': {
    'at least once and in no order: duplicates and disorder on request':
      'a Current sends duplicates and a random order if requested',
  },
  'packages/mock-braze/src/currents/current.test.ts': {
    'a credential probe is a request without events':
      'stays a draft when its endpoint refuses the credential probe',
    'during a change of token both tokens arrive for a while (on request)':
      'sends both the old and the new token during a rotation, then only the new one',
    '"send test events" sends one event of each selected type':
      'sends one test event of each selected type of $id, also as a draft',
    'name, contact e-mail, API secret, token and events make one': 'is not created from %j',
  },
  'packages/mock-braze/src/currents/samples.test.ts': {
    'generated and test events of 2026-07: the 90 event types with a Custom HTTP tab, with its fields':
      'have each type that Custom HTTP carries, with exactly the fields of the catalogue version',
  },
  'packages/mock-braze/src/currents/mixpanel-export.test.ts': {
    'the external id is the distinct id; events without one are not sent':
      'sends the mapped events of identified users to /import, and skips the others',
    'event and property names are those of the requested list':
      'sends the mapped events of identified users to /import, and skips the others',
    'with `generation` 2026-07: names and properties of the Mixpanel tabs; an event type without one is not sent':
      'sends the names of its catalogue version, and skips types that the version has no Mixpanel event for',
    'RCS and LINE events of 2026-07 are named by their titles, since the headings of their tabs collide':
      'sends the names of its catalogue version, and skips types that the version has no Mixpanel event for',
    '`POST /import?strict=1&ip=0` with the API secret, up to 2,000 events':
      'sends up to 2,000 events in a request',
  },
  'packages/mock-braze/src/currents/storage/storage-current.test.ts': {
    'an Avro file per event type, every 5 minutes or 15,000 events, whichever is first; never an empty one':
      'writes a file as soon as a type has 15,000 events',
    'the path has the event type, the UTC hour of queueing and `version=<n>`; files of one hour differ in their offset':
      'writes a file per event type after five minutes, of one hour of queueing each',
    'the earlier layout of paths: `<schema-id>/<zone>` instead of `version=<n>/<environment>`':
      'has the earlier layout of paths on request, and any prefix',
    'files have 94 event types in 2026-07, 4 of which Custom HTTP does not carry':
      'has every event type of $id, those of files alone too',
    'the folder is `currents` by default, and is made if it does not exist':
      'writes a file per event type after five minutes, of one hour of queueing each',
    'without access nothing is written; disabled after 5 days, and then the events are lost':
      'holds its events, is disabled after five days and then loses its queue',
    'an event that the schema cannot hold is dropped, and counted':
      'drops what its schemas cannot hold, and names it',
    'nothing is written outside of the storage folder; files are complete when they appear, and never overwritten':
      'does not follow a link out of the storage folder',
  },
  'packages/mock-braze/src/currents/storage/file-faults.test.ts': {
    'files can have duplicates, which have the same `id` (on request)':
      'has duplicates within files as other Currents do',
    'late, corrupt and truncated files on request': 'writes files later under their old hour on request',
  },
  'packages/currents-files/src/write/stored-types.test.ts': {
    'the schemas of 2022-06, in which in-app messages have no `version`':
      'files of 2022-06 have 41 event types, and in-app messages without a version',
  },
  'packages/mock-braze/src/segments/control-routes.test.ts': {
    'filter Mixpanel_Cohorts includes a cohort': 'the users in a Mixpanel cohort, given by id or by name',
  },
};
