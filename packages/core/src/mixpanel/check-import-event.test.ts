import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkImportEvent, importLimits } from './index.ts';

const valid = { time: 1_660_000_000, distinct_id: 'user-1', $insert_id: 'a-1' };
const checked = (properties: Record<string, unknown>, check = {}) =>
  checkImportEvent({ event: 'Purchase', properties: { ...valid, ...properties } }, check);
const many = (count: number) => Array.from({ length: count }, (_, index) => index);
const named = (count: number) => Object.fromEntries(many(count).map(index => [`p${index}`, index]));

describe('an event that Mixpanel imports', () => {
  it('has no validation error', () => {
    expect(checked({ price: 9.99 })).toEqual([]);
  });

  it('may have an empty distinct ID', () => {
    expect(checked({ distinct_id: '' })).toEqual([]);
  });

  it('may give its time in milliseconds', () => {
    expect(checked({ time: 1_660_000_000_000 })).toEqual([]);
  });

  it('may reach each limit', () => {
    expect(checked(named(254 - 3))).toEqual([]);
    expect(checked({ list: many(254), deep: [[[1]]] })).toEqual([]);
  });
});

describe('an event that Mixpanel rejects', () => {
  it.each([null, 'Purchase', [], 5])('is not an object: %j', event => {
    expect(checkImportEvent(event)).toHaveLength(1);
  });

  it.each([undefined, '', '  ', 5])('has no name: %j', event => {
    expect(checkImportEvent({ event, properties: valid })).toEqual([
      { field: 'event', message: "'event' must not be missing or blank" },
    ]);
  });

  it('has no properties', () => {
    expect(checkImportEvent({ event: 'Purchase', properties: [] })).toMatchObject([{ field: 'properties' }]);
  });

  it.each([undefined, null, '1660000000', Number.POSITIVE_INFINITY])(
    'has a time that is no number: %j',
    time => {
      expect(checked({ time })).toEqual([
        {
          field: 'properties.time',
          message: "'properties.time' is invalid: must be specified as seconds since epoch",
        },
      ]);
    },
  );

  it('has a time before 1971, in seconds', () => {
    expect(checked({ time: importLimits.earliestTime - 1 })).toMatchObject([{ field: 'properties.time' }]);
    expect(checked({ time: importLimits.earliestTime })).toEqual([]);
  });

  it('is more than an hour ahead of Mixpanel’s clock, in seconds or milliseconds', () => {
    const now = valid.time * 1000;
    for (const unit of [1, 1000]) {
      expect(checked({ time: (valid.time + 3600) * unit }, { now })).toEqual([]);
      expect(checked({ time: (valid.time + 3601) * unit }, { now })).toMatchObject([
        { field: 'properties.time' },
      ]);
    }
  });

  it.each([undefined, null, 5, 'Anonymous', 'null'])('has the distinct ID %j', distinct_id => {
    expect(checked({ distinct_id })).toMatchObject([{ field: 'properties.distinct_id' }]);
  });

  it.each([undefined, '', 7, 'x'.repeat(37), 'ünïcode', 'none', '0'])('has the insert ID %j', $insert_id => {
    expect(checked({ $insert_id })).toMatchObject([{ field: 'properties.$insert_id' }]);
  });

  it('has an insert ID with other characters, with Mixpanel’s own message', () => {
    expect(checked({ $insert_id: 'a_b' })[0]?.message).toBe(
      "'$insert_id' is invalid: must only contain alphanumeric or hyphen '-' characters",
    );
  });

  it('has 255 properties, its time and IDs included', () => {
    expect(checked(named(255 - 3))).toMatchObject([{ field: 'properties' }]);
  });

  it('nests deeper than three levels', () => {
    expect(checked({ deep: [[[[1]]]] })).toMatchObject([{ field: 'properties.deep' }]);
  });

  it('contains a list or an object of 255 elements', () => {
    expect(checked({ list: many(255), inner: [named(255)] })).toMatchObject([
      { field: 'properties.list' },
      { field: 'properties.inner' },
    ]);
  });

  it('has 1 MB of JSON text, counted in bytes', () => {
    const empty = JSON.stringify({ event: 'Purchase', properties: { ...valid, text: '' } }).length;
    const room = importLimits.eventBytesBelow - empty;
    expect(checked({ text: 'x'.repeat(room - 1) })).toEqual([]);
    expect(checked({ text: 'x'.repeat(room) })).toMatchObject([{ field: '' }]);
    expect(checked({ text: 'é'.repeat(Math.ceil(room / 2)) })).toMatchObject([{ field: '' }]);
  });

  it('has 1 MB by the length that the caller passes', () => {
    expect(checked({}, { bytes: importLimits.eventBytesBelow })).toMatchObject([{ field: '' }]);
  });

  it('has all its validation errors in one list', () => {
    expect(checkImportEvent({ properties: {} }).map(issue => issue.field)).toEqual([
      'event',
      'properties.time',
      'properties.distinct_id',
      'properties.$insert_id',
    ]);
  });
});

describe('the check', () => {
  it('returns a list for any JSON value', () => {
    fc.assert(fc.property(fc.jsonValue(), value => Array.isArray(checkImportEvent(value))));
  });

  it('returns a list for values that nest 100,000 levels, in a property and beside the properties', () => {
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    expect(checked({ deep })).toMatchObject([{ field: 'properties.deep' }]);
    expect(checkImportEvent({ event: 'Purchase', properties: valid, deep })).toEqual([]);
  });
});
