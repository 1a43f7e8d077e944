import { expect, it } from 'vitest';
import { pathFacts, schemaEventType } from './event-type.ts';

const hour = Date.UTC(2026, 6, 21, 10);

it.each([
  'dataexport.prod-03.S3.integration.1/event_type=users.messages.email.Open/date=2026-07-21-10/1/zone/f.avro',
  'my/prefix/event_type=users.messages.email.Open/date=2026-07-21-10/version=3/prod/f.avro',
  'event_type=a/x/event_type=users.messages.email.Open/date=2026-07-21-10/f.avro',
])('a path has an event type and the hour of queueing: %s', path => {
  expect(pathFacts(path)).toEqual({ eventType: 'users.messages.email.Open', queuedHour: hour });
});

it.each(['f.avro', 'event_type=/date=2026-07/f.avro', 'date=2026-13-41-99/f.avro', ''])(
  'a path without them has neither: %j',
  path => expect(pathFacts(path)).toEqual({}),
);

it.each([
  ['dataexport.S3.inner.users.messages.email.Open', 'users.messages.email.Open'],
  ['com.example.dataexport.AzureBlob.inner.users.canvas.Entry', 'users.canvas.Entry'],
  ['users.canvas.Entry', 'users.canvas.Entry'],
  ['users.inner.Entry', 'users.inner.Entry'],
])('a schema %s is of the event type %s', (name, eventType) => {
  expect(schemaEventType(name)).toBe(eventType);
});
