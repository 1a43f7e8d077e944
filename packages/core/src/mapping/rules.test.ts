import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogue2022_06, catalogueVersions, sampleEvent, seededRandom } from '../currents/index.ts';
import { appliedRules, type MappingOptions, mapEvent, mappingRules } from './index.ts';

const time = 1_660_000_000;
const click = {
  ...{ event_type: 'users.messages.contentcard.Click', id: 'e-1', time },
  user: { user_id: 'b-1', external_user_id: 'ada' },
  properties: { content_card_id: 'card-1', campaign_id: null, app_id: 'app-1', unheard: 1 },
};
function rulesOf(event: unknown, options: Partial<MappingOptions> = {}) {
  const all = { catalogueVersion: catalogue2022_06, ...options };
  const mapped = mapEvent(event, all, time * 1_000);
  if (mapped.outcome !== 'mapped') throw new Error('not mapped');
  return appliedRules(event, all, mapped);
}

describe('the rules that applied to an event', () => {
  it('name the origin of each property, and what was left out and why', () => {
    expect(rulesOf(click)).toEqual([
      { rules: ['event_name'], from: 'event_type', to: 'event' },
      { rules: ['time'], from: 'time', to: 'time' },
      { rules: ['distinct_id'], from: 'user.external_user_id', to: 'distinct_id' },
      { rules: ['insert_id'], from: 'id', to: '$insert_id' },
      { rules: ['partner'], from: null, to: '$partner_id' },
      { rules: ['renamed'], from: 'properties.content_card_id', to: 'card_id' },
      { rules: ['listed'], from: 'properties.app_id', to: 'app_id' },
      { rules: ['null_left_out'], from: 'properties.campaign_id', to: null },
      { rules: ['unlisted_left_out'], from: 'properties.unheard', to: null },
      { rules: ['user_left_out'], from: 'user.user_id', to: null },
    ]);
  });

  it('follow the options of the connection', () => {
    const names = new Map([[click.event_type, 'Card Clicked']]);
    const rules = rulesOf(click, { names, sendUnlisted: true, sendUserId: true });
    expect(rules[0]?.rules).toEqual(['configured_name']);
    expect(rules).toContainEqual({ rules: ['unlisted'], from: 'properties.unheard', to: 'unheard' });
    expect(rules).toContainEqual({ rules: ['user_id'], from: 'user.external_user_id', to: '$user_id' });
  });

  it('say what is unusual', () => {
    const long = 'x'.repeat(300);
    const event = { ...click, time: time * 1_000, properties: { app_id: 7, content_card_id: long } };
    const rules = rulesOf(event);
    expect(rules.find(({ to }) => to === 'time')?.rules).toEqual(['time_converted']);
    expect(rules.find(({ to }) => to === 'app_id')?.rules).toEqual(['listed', 'drifted']);
    expect(rules.find(({ to }) => to === 'card_id')?.rules).toEqual(['renamed', 'long_string']);
  });

  it('name the prefix of a custom event and of its properties', () => {
    const event = {
      ...{ ...click, event_type: 'users.behaviors.CustomEvent' },
      properties: { name: 'Signed up', custom_properties: { plan: 'pro', none: null } },
    };
    const rules = rulesOf(event);
    expect(rules[0]).toEqual({ rules: ['custom_event_name'], from: 'properties.name', to: 'event' });
    expect(rules).toContainEqual({
      ...{ rules: ['prefixed'], from: 'properties.custom_properties.plan' },
      to: '[Custom event property] plan',
    });
  });

  it('cover every property of every event type, with the value at their path', () => {
    for (const catalogueVersion of catalogueVersions.values())
      for (const entry of catalogueVersion.entries) {
        const event = sampleEvent(entry, { random: seededRandom(1), time });
        const options = { catalogueVersion, alsoSend: new Set([entry.eventType]) };
        const mapped = mapEvent(event, options, Date.UTC(2030, 0));
        if (mapped.outcome !== 'mapped') continue;
        const rules = appliedRules(event, options, mapped);
        const made = rules.flatMap(({ to }) => (to === null || to === 'event' ? [] : [to]));
        expect(made.sort()).toEqual(Object.keys(mapped.event.properties).sort());
      }
  });
});

it('each rule names a section of the page about the mapping', () => {
  const page = readFileSync(new URL('../../../../docs/mapping.md', import.meta.url), 'utf8');
  for (const { section } of Object.values(mappingRules)) expect(page).toContain(`\n## ${section}\n`);
});
