import {
  catalogue2022_06,
  customHttpEntries,
  sampleEvent,
  seededRandom,
} from '@braze-mixpanel/core/currents';
import { appliedRules, mapEvent } from '@braze-mixpanel/core/mapping';
import { describe, expect, it } from 'vitest';
import { comparedProperties, differencesOf } from '../page/src/loop/follow/compared.ts';

const original = { id: 'a', properties: { card: 'c', opened: '1', lost: 2, kept: 'k' } };
const mapped = { event: 'Open', properties: { card_id: 'c', opened: 1, kept: 'k', $partner_id: 'braze' } };
const rule = (from: string | null, to: string | null) => ({ rules: ['rule'], from, to });
const rules = [
  rule('properties.card', 'card_id'),
  rule('properties.opened', 'opened'),
  rule('properties.lost', null),
  rule('properties.kept', 'kept'),
  rule(null, '$partner_id'),
];

describe('one event in its three stages', () => {
  it('has what the mapping renamed apart from what it converted', () => {
    const marks = comparedProperties(original, mapped, rules, undefined).map(each => [
      each.from,
      each.isRenamed,
      each.isConverted,
      each.change,
    ]);
    expect(marks).toEqual([
      ['properties.card', true, false, 'none'],
      ['properties.opened', false, true, 'none'],
      ['properties.lost', false, false, 'none'],
      ['properties.kept', false, false, 'none'],
      [null, true, true, 'none'],
    ]);
  });

  it('says how many properties each stage changed', () => {
    const stored = {
      event: 'Open',
      properties: { opened: 2, kept: 'k', $partner_id: 'braze', $city: 'Bonn' },
    };
    expect(differencesOf(comparedProperties(original, mapped, rules, stored))).toEqual({
      each: [
        ...['1 as Braze sent them', '1 renamed', '1 with another value'],
        ...['1 added by the service', '1 left out', '1 added by Mixpanel'],
      ],
      inMixpanel: ['1 changed', '1 not stored'],
    });
  });

  it('counts each property of each event type once, so that the numbers add up', () => {
    const options = { catalogueVersion: catalogue2022_06 };
    let mappedTypes = 0;
    for (const entry of customHttpEntries(catalogue2022_06)) {
      const event = sampleEvent(entry, {
        random: seededRandom(1),
        time: 1_767_225_600,
        externalUserId: 'ada',
      });
      const result = mapEvent(event, options, 1_767_225_600_000);
      if (result.outcome !== 'mapped') continue;
      mappedTypes += 1;
      const { event: name, properties } = result.event;
      const { time: _, ...kept } = properties;
      const stored = { event: name, properties: { ...kept, distinct_id: 'other', $city: 'Bonn' } };
      const all = comparedProperties(event, result.event, appliedRules(event, options, result), stored);
      const numbers = differencesOf(all).each.map(text => Number.parseInt(text, 10));
      expect(
        numbers.reduce((sum, number) => sum + number, 0),
        entry.name,
      ).toBe(all.length);
    }
    expect(mappedTypes).toBeGreaterThan(30);
  });
});
