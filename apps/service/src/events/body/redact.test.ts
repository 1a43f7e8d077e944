import { readFile } from 'node:fs/promises';
import { openStorage } from '@braze-mixpanel/storage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { takesNeeded } from '../../config/redaction-paths.ts';
import { batchOf, emailSend } from '../../testing/events.ts';
import { FakeMixpanel } from '../../testing/fake-mixpanel.ts';
import { RunningService } from '../../testing/running-service.ts';
import { redactor } from './redact.ts';
import { bodyText } from './stored-body.ts';

const redacted = (text: string, ...paths: string[]) =>
  bodyText(redactor(paths)(new TextEncoder().encode(text)));

describe('redaction', () => {
  it('removes fields from every event, inside objects and lists', () => {
    const event =
      '{"id":"a","properties":{"ip":"secret","list":[{"ip":"secret","n":1},7],"x.y":"secret","n":2}}';
    const paths = ['properties.ip', 'properties.list.*.ip', String.raw`properties.x\.y`, 'nothing.here'];
    expect(redacted(`{"events":[${event},null,3]}`, ...paths)).toBe(
      '{"events":[{"id":"a","properties":{"list":[{"n":1},7],"n":2}},null,3]}',
    );
    expect(redacted(`{"events":[${event}]}`, 'properties.list.*')).toContain('"list":[]');
    expect(redacted(`{"events":[${event}]}`, 'properties.*')).toBe('{"events":[{"id":"a","properties":{}}]}');
  });

  it('removes a value that a repeated key hides, and one beside the events', () => {
    const hidden = '{"properties":{"ip":"secret"},"properties":{}}';
    expect(redacted(`{"note":"secret","events":[${hidden}],"ip":"secret"}`, 'properties.ip')).not.toContain(
      'secret',
    );
  });

  it('keeps an event that nests too deep to be written again: it becomes a dead letter as before', () => {
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    const text = redacted(`{"events":[{"id":"x","properties":${deep}},{"id":"y"}]}`, 'properties.ip');
    expect(text).toContain('{"id":"y"}');
    expect(text.split('{"a":').length).toBeGreaterThan(64);
  });

  it('leaves no byte of a redacted value, in any surrounding text', () => {
    const secret = 'value-that-must-not-survive';
    const key = fc.constantFrom('ip', 'phone', 'a', '__proto__');
    const noise = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(
        fc.array(key, { minLength: 1, maxLength: 4 }),
        noise,
        fc.array(fc.nat()),
        (keys, around, stars) => {
          const path = ['properties', ...keys];
          const event = path.reduceRight<unknown>(
            (inside, each) => Object.fromEntries([...Object.entries(around), [each, inside]]),
            secret,
          );
          const pattern = path
            .map((each, place) => (place > 0 && stars.includes(place) ? '*' : each))
            .join('.');
          expect(redacted(JSON.stringify({ events: [event] }), pattern)).not.toContain(secret);
        },
      ),
    );
  });

  it('keeps everything else of an event as it arrived', () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue())), events => {
        expect(JSON.parse(redacted(JSON.stringify({ events }), 'not a key of these.x'))).toEqual(
          JSON.parse(JSON.stringify({ events })),
        );
      }),
    );
  });

  it.each([
    ['id', 'id'],
    ['user', 'user.external_user_id'],
    ['user.*', 'user.external_user_id'],
    ['*', 'id'],
    ['*.external_user_id', 'user.external_user_id'],
  ])('refuses the path %s, which removes the required field %s', (path, field) => {
    expect(takesNeeded(path)).toBe(field);
  });

  it.each(['user.user_id', 'user.external_user_id.x', 'properties', 'properties.*', '*.ip'])(
    'accepts the path %s',
    path => {
      expect(takesNeeded(path)).toBeUndefined();
    },
  );
});

it('a redacted value is never on disk, and never at Mixpanel', async () => {
  await using mixpanel = await FakeMixpanel.start();
  let file = '';
  await using service = await RunningService.start(
    {
      MIXPANEL_API_URL: mixpanel.url,
      DELIVERED_RETENTION: '1h',
      CURRENTS_REDACT: 'properties.ip_address, user.*.phone',
      CURRENTS_SEND_UNLISTED: 'true',
    },
    {
      openStorage: url => {
        file = url.replace('sqlite:', '');
        return openStorage(url);
      },
    },
  );
  const properties = { campaign_name: 'Welcome', ip_address: '203.0.113.77' };
  await service.post(batchOf(emailSend({ properties }), emailSend({ properties, time: 'never' })));
  expect(await service.settled()).toMatchObject({ imported: 1, deadLettered: { invalid_time: 1 } });
  expect(mixpanel.stored[0]?.properties).toMatchObject({ campaign_name: 'Welcome' });
  expect(JSON.stringify(mixpanel.stored)).not.toContain('203.0.113.77');
  const bytes = await Promise.all(['', '-wal'].map(suffix => readFile(file + suffix, 'latin1')));
  expect(bytes.join('')).toContain('Welcome');
  expect(bytes.join('')).not.toContain('203.0.113.77');
});
