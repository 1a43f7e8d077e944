import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { sandboxCohorts } from '../scenario/cohorts.ts';
import type { CohortFacts, CurrentFacts } from './read-summary.ts';
import { type LiveSummary, renderSummary } from './render-summary.ts';

const stack = {
  braze: 'http://127.0.0.1:54010',
  mixpanel: 'http://127.0.0.1:54020',
  service: 'http://127.0.0.1:54000',
};

const sandbox: CurrentFacts = {
  ...{ name: 'Sandbox', state: 'launched', to: 'service', sent: 1_466, missed: 0, dropped: 0 },
  ...{ waiting: 0, failure: null },
};
const cohorts: CohortFacts[] = sandboxCohorts.map(each => ({
  ...each,
  ...{ mixpanelMembers: 12, brazeMembers: 12, segmentMembers: 12, joined: 0, left: 0, unknown: 0 },
  state: each.mode === 'one-time' ? 'done' : 'waiting',
  nextSyncIn: each.mode === 'one-time' ? null : 119 * 60_000 + 1,
  problem: null,
}));
const calm: LiveSummary = {
  currents: [sandbox],
  ...{ accepted: 1_466, imported: 1_298, deadLettered: 0, pending: 28, unique: 1_298, raw: 1_298 },
  skipped: { no_external_user_id: 140 },
  ...{ failure: null, trafficProblem: null, dropped: 0 },
  faults: { braze: 0, mixpanel: 0 },
  cohorts,
};

const linesOf = (summary: Partial<LiveSummary> = {}) =>
  stripVTControlCharacters(renderSummary(stack, 'http://127.0.0.1:54030', { ...calm, ...summary })).split(
    '\n',
  );
const textOf = (summary: Partial<LiveSummary>) => linesOf(summary).join('\n');
/** The row of a cohort whose facts are changed. */
const rowOf = (id: number, facts: Partial<CohortFacts>) =>
  linesOf({ cohorts: cohorts.map(each => (each.id === id ? { ...each, ...facts } : each)) }).find(line =>
    line.startsWith(String(id)),
  );

describe('the live summary', () => {
  it('fits a terminal of 24 rows and 80 columns when everything goes wrong at a million events', () => {
    const long = 'Mixpanel returned an error with a very long explanation. '.repeat(4);
    const failing = { ...sandbox, name: 'A very long name of a Current', failure: long, waiting: 999_999 };
    const lines = linesOf({
      currents: [failing, { ...failing, state: 'disabled' }, { ...failing, to: 'mixpanel', failure: null }],
      ...{ accepted: 999_999, imported: 900_000, deadLettered: 99_999, pending: 99_999 },
      ...{ unique: 900_000, raw: 999_999, dropped: 850_000, failure: long, trafficProblem: long },
      skipped: { no_external_user_id: 90_000, no_mixpanel_event: 9_999, not_selected: 5, excluded: 4 },
      faults: { braze: 12, mixpanel: 12 },
      cohorts: cohorts.map(each => ({
        ...each,
        ...{ state: 'retrying', joined: 12, left: 12, unknown: 12, problem: long },
        nextSyncIn: 119 * 60_000 + 1,
      })),
    });
    // The last row is left for the cursor.
    expect(lines.length).toBeLessThan(24);
    expect(lines.filter(line => line.length > 80)).toEqual([]);
    expect(lines.join('\n')).toMatch(/… and \d+ more reasons: see the console\./);
    expect(lines.join('\n')).toContain('+ 10,008 skipped (other reasons)');
  });

  it('begins with the address of the console, and gives no reasons where all counts agree', () => {
    expect(linesOf()[0]).toContain('http://127.0.0.1:54030/');
    expect(linesOf().filter(line => /Current|fault|fail/.test(line))).toEqual([]);
  });

  it('says why Mixpanel has fewer events than were imported', () => {
    expect(textOf({ imported: 90_028, unique: 49_175, raw: 50_000, dropped: 40_028 })).toMatch(
      /49,175 unique events \+ 825 duplicates\n.*\+ 40,028 dropped: newest 50,000 kept/,
    );
    expect(textOf({})).not.toContain('newest 50,000 kept');
  });

  it('says when the members of a cohort agree again, and how many differ until then', () => {
    expect(rowOf(102, { joined: 2, left: 3 })).toMatch(/in 2h \(\+2 −3\)$/);
    expect(rowOf(102, {})).toMatch(/in 2h$/);
    expect(rowOf(102, { state: 'retrying', nextSyncIn: 61_000 })).toMatch(/retry in 2m$/);
    expect(rowOf(102, { nextSyncIn: 0 })).toMatch(/in 1m$/);
    expect(rowOf(103, { joined: 1 })).toMatch(/none: one-time \(\+1\)$/);
    expect(rowOf(101, { state: 'paused' })).toMatch(/paused$/);
    expect(rowOf(101, { nextSyncIn: null })).toMatch(/not planned$/);
  });

  it('says why members cannot be in Braze', () => {
    const [first, ...others] = cohorts;
    const text = textOf({ cohorts: [{ ...first!, joined: 3, unknown: 3 }, ...others] });
    expect(text).toContain('Cohort 101: 3 of its members are not users of Braze; syncs create none.');
  });

  it('explains the events of a second Current to the service', () => {
    const second = { ...sandbox, name: 'My first Current', sent: 60 };
    const text = textOf({ currents: [sandbox, second], accepted: 1_526, imported: 1_358, raw: 1_358 });
    expect(text).toContain('1,526 events sent by 2 Currents');
    expect(text).toContain('1,298 unique events + 60 duplicates');
    expect(text).toContain('Sent by “Sandbox” 1,466 + “My first Current” 60; common events are duplicates.');
  });

  it.each<[string, Partial<CurrentFacts>, string]>([
    ['is paused', { state: 'paused', missed: 30 }, '“New” is paused: 30 events missed, never sent; 0 wait.'],
    ['is refused', { failure: '401', waiting: 12 }, '“New” fails (401): 12 events wait in Braze.'],
    ['dropped events', { dropped: 1 }, '“New” did not send 0 missed and 1 event dropped.'],
    ['is a draft', { state: 'draft' }, '“New” is a draft: it sends nothing yet.'],
    [
      'goes past the service',
      { to: 'mixpanel', sent: 7 },
      '“New” sends to Mixpanel without the service: 7 events.',
    ],
    [
      'writes files',
      { to: 'files', sent: 7 },
      '“New” writes files, which the service does not read: 7 events.',
    ],
    ['goes elsewhere', { to: 'elsewhere', sent: 7 }, '“New” sends to another address: 7 events.'],
  ])('names a Current that %s', (_, facts, note) => {
    expect(textOf({ currents: [sandbox, { ...sandbox, name: 'New', sent: 0, ...facts }] })).toContain(note);
  });

  it('says that Braze sends nothing where there is no Current', () => {
    expect(textOf({ currents: [] })).toContain('There is no Current: Braze sends nothing.');
    expect(textOf({})).not.toContain('There is no Current');
  });

  it('names events that no present Current sent, active faults, and why deliveries and traffic fail', () => {
    expect(textOf({ accepted: 1_467 })).toContain(
      '1 event accepted from test events, removed Currents or other senders.',
    );
    const text = textOf({
      faults: { braze: 0, mixpanel: 2 },
      failure: 'Mixpanel returned a server error.',
      trafficProblem: 'POST /_sim/emit was answered 404',
    });
    expect(text).toContain('Active faults: 2 in mock Mixpanel.');
    expect(text).toContain('Mixpanel returned a server error.');
    expect(text).toContain('Simulated traffic fails: POST /_sim/emit was answered 404');
  });
});
