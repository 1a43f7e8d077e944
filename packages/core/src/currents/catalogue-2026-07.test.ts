import { describe, expect, it } from 'vitest';
import {
  catalogue2022_06,
  catalogue2026_07,
  catalogueDifference,
  catalogueDifferenceTable,
  catalogueTable,
  customHttpEntries,
  glossary2026_07,
  resolveSelection,
  sampleEvent,
  seededRandom,
} from './index.ts';

const entries = catalogue2026_07.entries;
const entry = (eventType: string) => catalogue2026_07.byType.get(eventType);
const mixpanelNames = (eventType: string) => entry(eventType)?.properties.map(({ mixpanel }) => mixpanel);

describe('the catalogue of 2026-07', () => {
  it('has the 94 event types of the glossary and the three News Feed types that Braze retired', () => {
    expect(glossary2026_07).toHaveLength(94);
    expect(entries).toHaveLength(97);
    const added = entries.filter(each =>
      glossary2026_07.every(({ eventType }) => eventType !== each.eventType),
    );
    expect(added.map(({ name }) => name)).toEqual([
      'News Feed Card Impression',
      'News Feed Card Click',
      'News Feed Impression',
    ]);
    const formerly = added.map(({ eventType }) => catalogue2022_06.byType.get(eventType));
    expect(added).toEqual(formerly.map(each => ({ ...each, retired: true })));
  });

  it('has every event type of 2022-06', () => {
    const missing = catalogue2022_06.entries.filter(
      ({ eventType }) => !catalogue2026_07.byType.has(eventType),
    );
    expect(missing).toEqual([]);
  });

  it('gives each event type a name of its own in Mixpanel', () => {
    expect(new Set(entries.map(({ name }) => name.toLowerCase())).size).toBe(entries.length);
  });

  it.each(entries.map(each => [each.eventType, each] as const))(
    'gives every property of %s a name of its own, none of them of the envelope',
    (_, { properties }) => {
      const names = [
        'time',
        'distinct_id',
        '$insert_id',
        '$partner_id',
        ...properties.map(each => each.mixpanel),
      ];
      expect(new Set(names).size).toBe(names.length);
    },
  );

  it('names the events of RCS and LINE by their titles, since their headings collide, and marks them', () => {
    const unconfirmed = entries.filter(each => each.nameUnconfirmed && !each.noMixpanelEvent);
    expect(unconfirmed.map(({ name }) => name)).toEqual([
      'LINE Abort',
      'LINE Click',
      'LINE Send',
      'RCS Abort',
      'RCS Click',
      'RCS Delivery',
      'RCS Inbound Received',
      'RCS Read',
      'RCS Rejection',
      'RCS Send',
    ]);
  });

  it('marks the six event types without a Mixpanel event, four of which only files have', () => {
    const silent = entries.filter(each => each.noMixpanelEvent);
    expect(silent.map(({ name, storageOnly = false }) => [name, storageOnly])).toEqual([
      ['Agent Executed', false],
      ['Tool Invocation', false],
      ['Random Bucket Number Update', true],
      ['User Delete Request', true],
      ['User Orphan', true],
      ['User Profile Update', true],
    ]);
    expect(entries.filter(each => each.storageOnly)).toHaveLength(4);
  });

  it('has the 90 event types that the glossary documents for Custom HTTP, and 2022-06 has all of its own', () => {
    const carried = glossary2026_07.filter(each => each.customHttp).map(({ eventType }) => eventType);
    expect(carried).toHaveLength(90);
    expect(customHttpEntries(catalogue2026_07).map(({ eventType }) => eventType)).toEqual(carried);
    expect(customHttpEntries(catalogue2022_06)).toEqual(catalogue2022_06.entries);
  });

  it('takes properties from the user, and renames others, as the Mixpanel tabs do', () => {
    expect(mixpanelNames('users.behaviors.Purchase')).toEqual([
      'ad_id',
      'ad_id_type',
      'ad_tracking_enabled',
      'app_group_id',
      'app_id',
      'currency',
      '$device',
      '$os',
      'platform',
      'price',
      'product_id',
      'device_id',
    ]);
    expect(mixpanelNames('users.messages.contentcard.Click')).toContain('card_id');
    expect(mixpanelNames('users.canvas.costep.Send')).toContain('user_id');
    expect(entry('users.behaviors.Purchase')?.free).toEqual({
      wire: 'purchase_properties',
      prefix: '[Purchase property] ',
    });
  });

  it('has samples with the fields of `user` that Custom HTTP carries for the type', () => {
    const fields = (eventType: string) =>
      Object.keys(
        sampleEvent(entry(eventType)!, { random: seededRandom(1), time: 1_700_000_000 }).user,
      ).sort();
    expect(fields('agentconsole.ToolInvocation')).toEqual([]);
    expect(fields('users.behaviors.Location')).toEqual(['device_id', 'external_user_id', 'user_id']);
    expect(fields('users.UserOrphan')).toEqual(['device_id', 'external_user_id', 'timezone', 'user_id']);
  });

  it('keeps properties that Mixpanel does not get, so that samples can have them', () => {
    const bounce = entry('users.messages.email.Bounce')!;
    expect(bounce.unlisted?.map(({ wire }) => wire)).toEqual(['sending_ip']);
    const sample = (unlisted: boolean) =>
      sampleEvent(bounce, { random: seededRandom(1), time: 1_700_000_000, unlisted }).properties;
    expect(sample(true)).toHaveProperty('sending_ip');
    expect(sample(false)).not.toHaveProperty('sending_ip');
  });

  it('has a table that marks names which Braze does not confirm', () => {
    const table = catalogueTable(catalogue2026_07);
    expect(table).toContain('| RCS Send (name not confirmed by Braze) |');
    expect(table).toContain('| User Orphan (only if selected by name) |');
    expect(table).toContain('`device_id` (string, from `user.device_id`)');
  });
});

it('a selection of "all" names nothing, and further names are kept beside it', () => {
  expect(resolveSelection(['ALL'], catalogue2026_07)).toEqual({ ok: true, all: true, eventTypes: [] });
  expect(resolveSelection(['Agent Executed', 'all'], catalogue2026_07)).toEqual({
    ok: true,
    all: true,
    eventTypes: ['agentconsole.AgentExecuted'],
  });
});

describe('the difference of two catalogue versions', () => {
  const changes = catalogueDifference(catalogue2022_06, catalogue2026_07);

  it('is empty for one and the same version', () => {
    expect(catalogueDifference(catalogue2026_07, catalogue2026_07)).toEqual([]);
  });

  it('adds the event types that 2022-06 lacks, and removes none', () => {
    expect(changes.filter(({ change }) => change === 'added')).toHaveLength(97 - 41);
    expect(changes.filter(({ change }) => change === 'removed')).toEqual([]);
    const back = catalogueDifference(catalogue2026_07, catalogue2022_06);
    expect(back.filter(({ change }) => change === 'removed')).toHaveLength(97 - 41);
  });

  it('lists new names of events, and new names and types of the same fields', () => {
    const carrier = changes.find(({ eventType }) => eventType === 'users.messages.sms.CarrierSend');
    expect([carrier?.before, carrier?.after]).toEqual(['SMS Send To Carrier', 'SMS Carrier Send']);
    const purchase = changes.find(({ after }) => after === 'Purchase');
    expect(purchase?.renamed).toEqual([
      { before: 'productId', after: 'product_id' },
      { before: 'os_version', after: '$os' },
      { before: 'device_model', after: '$device' },
    ]);
    expect(purchase?.added).toContain('device_id');
  });

  it('applied to the names of one version gives those of the other', () => {
    for (const { eventType, added, removed, renamed } of changes) {
      const before = catalogue2022_06.byType.get(eventType)?.properties.map(({ mixpanel }) => mixpanel) ?? [];
      const newName = new Map(renamed.map(each => [each.before, each.after]));
      const kept = before.filter(name => !removed.includes(name)).map(name => newName.get(name) ?? name);
      expect(new Set([...kept, ...added])).toEqual(new Set(mixpanelNames(eventType)));
    }
  });

  it('has a table with one row for each event type', () => {
    expect(catalogueDifferenceTable(catalogue2022_06, catalogue2026_07).split('\n')).toHaveLength(
      changes.length + 2,
    );
  });
});
