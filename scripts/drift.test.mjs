import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue2026_07, glossary2026_07, sampleEvent, seededRandom } from '@braze-mixpanel/core/currents';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { drift } from './drift.mjs';

let folder;
let printed;
let complaints;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drift-'));
  printed = [];
  complaints = [];
});
afterEach(() => rm(folder, { recursive: true }));

const run = (...args) =>
  drift(
    args,
    text => printed.push(text),
    text => complaints.push(text),
  );
const found = () => JSON.parse(printed[0]).differences;
const described = type => `(optional, ${type}) [PII] What it is, e.g. "(quoted)"`;
const block = (tab, title, fields) =>
  [
    `{% tab ${tab} %}`,
    '```json',
    `// ${title}`,
    '',
    JSON.stringify(fields, null, 2),
    '```',
    '{% endtab %}',
  ].join('\n');
const page = (...blocks) =>
  ['## Some events {#some-events}', '', '{% tabs %}', ...blocks, '{% endtabs %}', ''].join('\n');
const write = (name, text) => writeFile(join(folder, name), text);

/** The page of the whole catalogue, in the form of Braze's pages. */
function wholeGlossary() {
  const fieldsOf = fields => Object.fromEntries(fields.map(({ name, type }) => [name, described(type)]));
  const blocks = glossary2026_07.flatMap(({ eventType, storage, customHttp, mixpanel }) => {
    const listed = catalogue2026_07.byType.get(eventType).properties;
    return [
      block('Cloud Storage', eventType, fieldsOf(storage)),
      block('Segment', `Other (${eventType})`, { unknown: described('string') }),
      ...(customHttp
        ? [
            block('Custom HTTP', eventType, {
              event_type: eventType,
              user: fieldsOf(customHttp.user),
              properties: fieldsOf(customHttp.properties),
            }),
          ]
        : []),
      ...(mixpanel
        ? [
            block('Mixpanel', `${mixpanel.heading}  (${eventType})`, {
              event: described('string'),
              properties: {
                $partner_id: 'braze',
                ...Object.fromEntries(listed.map(({ mixpanel: name, type }) => [name, described(type)])),
              },
            }),
          ]
        : []),
    ];
  });
  return page(...blocks);
}

it('drift finds no difference in a glossary that says what the catalogue does', async () => {
  await write('events.md', wholeGlossary());
  const status = await run(folder, '--json');
  expect(found()).toEqual([]);
  expect(status).toBe(0);
  expect(JSON.parse(printed[0]).eventTypes).toBe(glossary2026_07.length);
});

it('drift names a new event type, property, type and Mixpanel name, with exit status 1', async () => {
  await write(
    'events.md',
    page(
      block('Cloud Storage', 'users.messages.carrierpigeon.Send', { id: described('string') }),
      block('Cloud Storage', 'users.canvas.Entry', {
        canvas_id: described('int'),
        coop: described('string'),
      }),
      block('Mixpanel', 'Canvas Entered (users.canvas.Entry)', {
        properties: {
          canvas_id: described('string'),
          token: described('string'),
          coop: described('boolean'),
        },
      }),
    ),
  );
  expect(await run(folder, '--json')).toBe(1);
  expect(found()).toMatchObject([
    { kind: 'event type', eventType: 'users.messages.carrierpigeon.Send' },
    { kind: 'type', tab: 'storage', name: 'canvas_id', theirs: 'int', ours: 'string' },
    { kind: 'property', tab: 'storage', name: 'coop', theirs: 'string' },
    { kind: 'name', tab: 'Mixpanel', theirs: 'Canvas Entered', ours: 'Canvas Entry' },
    { kind: 'property', tab: 'Mixpanel', name: 'coop', theirs: 'boolean' },
  ]);
});

it('the table of drift has no line over 80 columns', async () => {
  await write(
    'events.md',
    page(block('Cloud Storage', 'users.canvas.Entry', { ['x'.repeat(120)]: described('string') })),
  );
  expect(await run(folder)).toBe(1);
  expect(printed[0]).toMatch(/^1 event type compared with the catalogue 2026-07: 1 difference\.$/m);
  expect(printed[0].split('\n').every(line => line.length <= 80)).toBe(true);
});

it('drift reports a block that it cannot read as a difference', async () => {
  await write('events.md', page(block('Mixpanel', 'users.canvas.Entry', {}).replace('{}', '{ "a": ')));
  expect(await run(folder, '--json')).toBe(1);
  expect(found()).toMatchObject([{ kind: 'unreadable', file: 'events.md', tab: 'Mixpanel' }]);
});

it('drift finds no difference in samples of every event type, and names what a sample has besides', async () => {
  const sampled = catalogue2026_07.entries
    .filter(({ storageOnly }) => !storageOnly)
    .map(entry =>
      sampleEvent(entry, { random: seededRandom(1), time: 1, externalUserId: 'a', unlisted: true }),
    );
  await write('samples.json', JSON.stringify({ events: sampled }));
  await run(folder, '--json');
  expect(found()).toEqual([]);

  const [first] = sampled;
  await write('lines.jsonl', JSON.stringify({ ...first, properties: { coop: 1 } }));
  expect(await run(folder)).toBe(1);
  expect(printed[1]).toContain('coop (int)');
});

it('drift answers with one sentence and exit status 2 for a folder that is none or has no glossary', async () => {
  await write('readme.md', '# Other\n\n```json\n{}\n```\n');
  expect(await run(folder)).toBe(2);
  expect(await run(join(folder, 'none'))).toBe(2);
  expect(await run()).toBe(2);
  expect(complaints).toEqual([
    expect.stringContaining('has no glossary'),
    expect.stringContaining("can't be read as a folder (ENOENT)"),
    expect.stringContaining('Name one folder'),
  ]);
  expect(printed).toEqual([]);
});
