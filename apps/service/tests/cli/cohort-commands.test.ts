import Papa from 'papaparse';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MembersJson } from '../../src/cohorts/ledger/list-members.ts';
import { cursorText } from '../../src/cohorts/ledger/member-cursor.ts';
import { CohortWorld } from '../../src/testing/cohort-world.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

let world: CohortWorld;
beforeEach(async () => {
  world = await CohortWorld.start();
});
afterEach(() => world[Symbol.asyncDispose]());

/** Runs a command against the service; only its address and the token are configured. */
const run = async (...args: string[]) => {
  const environment = { PORT: String(world.service.service.port), ADMIN_TOKEN: 'test-admin-token' };
  const { stdout, sentences: stderr, child } = await ServiceProcess.run(environment, 'cohorts', ...args);
  return { text: stdout.join('\n'), stderr, code: child.exitCode };
};

describe('the command line for cohorts', { timeout: 120_000 }, () => {
  it('lists and shows syncs, their runs, and unmatched members', async () => {
    expect((await run('list')).text).toBe('There are no cohort syncs.');
    await world.push(['ada', `$device:1\u001B${'x'.repeat(200)}`], { name: 'Power\u001Busers' });
    await world.rest();
    const list = (await run('list')).text;
    expect(list).toMatch(/^id +default:12345\nname +Power users\nfrom +webhook\ninto +partner\n/);
    expect(list).toMatch(/\nmembers +2\nsent +1\naccepted +1\nopen +0\nconfirmed +\?\n/);
    expect(list).toMatch(/\nunmatched +1\nlast success +2026-.*\nproblem +-$/);
    const shown = (await run('show', '12345')).text;
    expect(shown).toMatch(/Braze members +1\n/);
    expect(shown).toMatch(/unmatched because +no ID: 0, refused ID: 0, no user: 1\nplaceholder IDs +-\n/);
    expect(JSON.parse((await run('show', 'default:12345', '--json')).text)).toEqual(await world.sync());
    const history = (await run('history', '12345')).text;
    expect(history).toMatch(
      /\ntrigger +webhook\noutcome +sent\nsent +1\naccepted +1\nadded +1\nremoved +0\n/,
    );
    expect(history).toMatch(/\nmembers +accepted 1, unmatched 1\nproblem +-/);
    for (const line of `${list}\n${shown}\n${history}`.split('\n'))
      expect(line.length).toBeLessThanOrEqual(80);
    expect((await run('unmatched', '12345')).text).toBe(`$device:1·${'x'.repeat(200)}`);
    expect((await run('pause', 'no\u001B/pe?')).stderr).toBe(
      'No sync for cohort "no·/pe?". Run cohorts list.\n',
    );
    expect(await run('show', '678')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^No sync for cohort "678"\. Run cohorts list\.\n$/),
    });
  });

  it('pauses, previews a run, resumes and runs', async () => {
    await world.push(['ada']);
    await world.rest();
    expect((await run('pause', '12345')).text).toBe('Power users (default:12345): Paused.');
    await world.push(['ada', 'bob'], { session: 's2' });
    await world.rest();
    const foretold = (await run('dry-run', '12345')).text;
    expect(foretold).toMatch(/members to add +1\n/);
    expect(foretold).toContain('"cohort_id": "12345"');
    expect((await run('dry-run', '12345', '--resend')).text).toMatch(/members to add +2\n/);
    await run('resume', '12345');
    expect(await world.sync()).toMatchObject({ status: 'active', brazeMembers: 2 });
    expect((await run('run', '12345')).code).toBe(0);
    expect(await run('confirm', '12345')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no change waiting for confirmation'),
    });
    expect((await run('source', '12345', 'webhook')).text).toContain('the source is now webhook.');
    expect(await run('source', '12345', 'query')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('MIXPANEL_SERVICE_ACCOUNT'),
    });
  });

  it('says of members that the safety stop holds that they wait for an operator', async () => {
    await using held = await CohortWorld.start({ COHORT_SAFETY_STOP: '2' });
    await held.push(['a', 'b', 'c']);
    await held.rest();
    await held.push(['a'], { session: 's2' });
    await held.rest();
    const members = async (...args: string[]) => {
      const environment = { PORT: String(held.service.service.port), ADMIN_TOKEN: 'test-admin-token' };
      const { stdout } = await ServiceProcess.run(environment, 'cohorts', 'members', '12345', ...args);
      return stdout.join('\n');
    };
    const why = 'the safety stop holds it until an operator confirms';
    expect((await members()).split(why)).toHaveLength(3);
    const { data } = Papa.parse<string[]>(await members('--csv'), { newline: '\n' });
    expect(data.slice(1, 3).map(row => [row[4], row[6], row[9]])).toEqual([
      ['b', 'held', why],
      ['c', 'held', why],
    ]);
  });

  it('previews the first 20 members of a request, and ends with the summary', async () => {
    await world.push(Array.from({ length: 45 }, (_, index) => `user-${index}`));
    await world.rest();
    const { text } = await run('dry-run', '12345', '--resend');
    expect(text.match(/"user-\d+"/g)).toHaveLength(20);
    expect(text).toContain('… and 25 more: --json has all');
    expect(text.indexOf('… and 25 more')).toBeLessThan(text.indexOf('a run would send'));
    const whole = (await run('dry-run', '12345', '--resend', '--json')).text;
    expect(whole.match(/"user-\d+"/g)).toHaveLength(45);
  });

  it('lists the members of a run as a table, as JSON and as CSV, and what was sent per day', async () => {
    const odd = '$device:"a",\u001B=1';
    await world.push(['ada', 'null', odd, ...Array.from({ length: 1_100 }, (_, n) => `$device:${n}`)]);
    await world.rest();
    const page = (await run('members', '12345', '--limit', '2')).text;
    expect(page).toMatch(/^state +kind +ID +sent at +why\n/);
    expect(page).toContain('a placeholder ID');
    expect(page.replaceAll(/\s+/g, ' ')).toContain('Braze accepted 1 of 1,103 members.');
    for (const line of page.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const next = /^More, with --after:\n(\S+)$/m.exec(page)![1]!;
    const json = JSON.parse((await run('members', '12345', '--after', next, '--limit', '1', '--json')).text);
    expect(json).toMatchObject({ members: [{ id: '$device:0', state: 'unmatched' }] });
    // The members after this one were forgotten since the page before.
    const last = cursorText({ run: json.run, part: 'removed', key: '~' });
    const later = (await run('members', '12345', '--after', last)).text;
    expect(later).toMatch(/^No later members\.\n/);
    const csv = (await run('members', '12345', '--state', 'unmatched', '--csv')).text.split('\n');
    expect(csv).toHaveLength(1_103);
    expect(csv[0]).toBe('run,state,leaving,kind,id,label,because,sent_at,read_at,message');
    expect(csv).toContain(`${json.run},unmatched,false,distinct_id,null,,placeholder,,,`);
    expect(csv).toContain(`${json.run},unmatched,false,distinct_id,"$device:""a"",\u001B=1",,no_user,,,`);
    const today = world.clock.now();
    const day = new Date(today).toISOString().slice(0, 10);
    const cost = (await run('cost', '12345', '--from', day, '--to', day)).text;
    expect(cost).toMatch(new RegExp(`^day +attribute updates +assignments\\n${day} +0 +1\\n`));
    const byDefault = (await run('cost', '12345')).text;
    expect(byDefault).toMatch(new RegExp(`\\n${day} +0 +1\\n`));
    expect(byDefault.replaceAll('\n', ' ')).toMatch(
      new RegExp(
        `${day} to ${day}: .* Earlier days are not known: counts of this sync begin on ${day}\\. By default the last day is today, which has not ended\\.$`,
      ),
    );
    const before = await run('cost', '12345', '--from', '2025-01-01', '--to', '2025-01-31');
    expect(before.text.replaceAll('\n', ' ')).toBe(
      `2025-01-01 to 2025-01-31: not known. Counts of this sync begin on ${day}: choose days from then on.`,
    );
    const upcoming = (await run('cost', '12345', '--from', day, '--to', '2026-12-31')).text;
    expect(upcoming).toContain(`Days after ${day} have not come yet.`);
    expect(upcoming).not.toContain('not known');
    const ahead = await run('cost', '12345', '--from', '2027-01-01', '--to', '2027-01-02');
    expect(ahead).toMatchObject({ code: 1, text: '' });
    expect(ahead.stderr).toContain(`choose days up to ${day}, UTC, by the clock of the service.`);
    expect((await run('cost', '12345', '--from', '2026-11-27', '--to', '2026-11-20')).stderr).toBe(
      '--to is 2026-11-20, which is before --from, 2026-11-27. Exchange them, or choose another day.\n',
    );
    expect((await run('members', '12345', '--csv', '--json')).stderr).toBe(
      '--csv and --json exclude each other. Omit one of them.\n',
    );
    expect((await run('members', '12345', '--run', '99')).stderr).toMatch(/^No ledger of this run of cohort/);
    expect((await run('members', '12345', '--after', 'x')).stderr).toMatch(/^--after is not the value that/);
    expect((await run('members', '12345', '--state', 'lost')).stderr).toBe(
      '--state is "lost"; expected unmatched, unknown, contradicted, refused, unproven, waiting, removed.\n',
    );
  });

  it('writes IDs as CSV from which a reader gets each of them as it is', async () => {
    const odd = ['a,b', 'say "hi"', '"', 'two\nlines', ' blank ', 'tab\t', 'Größe 😀', '=1+1'];
    const ids = odd.flatMap(text => [`$device:${text}`, `$device:${text}x`]);
    await world.push(ids);
    await world.rest();
    const { members, run: number } = JSON.parse(
      (await run('members', '12345', '--json')).text,
    ) as MembersJson;
    expect(members.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    const { text } = await run('members', '12345', '--csv');
    const { data } = Papa.parse<string[]>(text, { newline: '\n' });
    expect(data.slice(1)).toEqual([
      ...members.map(({ id }) => [
        String(number),
        'unmatched',
        'false',
        'distinct_id',
        id,
        '',
        'no_user',
        '',
        '',
        '',
      ]),
    ]);
  });

  it('says of members that a run is in progress, before the first ledger and beside a later one', async () => {
    let held = Promise.withResolvers<void>();
    const fetchWhenReleased: typeof fetch = async (input, init) => {
      await held.promise;
      return fetch(input, init);
    };
    await world[Symbol.asyncDispose]();
    world = await CohortWorld.start({}, { fetch: fetchWhenReleased }, ['ada', 'bob']);
    await world.push(['ada']);
    expect(await run('members', '12345')).toMatchObject({
      ...{ code: 1, text: '' },
      stderr: expect.stringMatching(/^Power users: a run is in progress, and none before it left a ledger\./),
    });
    held.resolve();
    await world.rest();
    held = Promise.withResolvers();
    await world.push(['ada', 'bob'], { session: 's2' });
    const during = (await run('members', '12345')).text.replaceAll('\n', ' ');
    expect(during).toContain('Braze accepted 1 of 1 members.');
    expect(during).toContain('Another run is in progress: its members are listed when it has ended.');
    held.resolve();
    await world.rest();
    expect((await run('members', '12345')).text).not.toContain('in progress');
    expect((await run('members', '678')).stderr).toBe('No sync for cohort "678". Run cohorts list.\n');
  });

  it('deletes with a confirmation, and without one reports what it would delete', async () => {
    await world.push(['ada']);
    await world.rest();
    expect(await run('delete', '12345')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        'This removes the sync Power users (default:12345); its members stay in Braze (1).',
      ),
    });
    const discard = ['discard', 'sync:default:12345'];
    expect((await run(...discard)).stderr).toContain('Restore the backup, or add --confirm.');
    expect((await run(...discard, '--confirm')).stderr).toContain(
      'There is no damaged document of this name',
    );
    expect((await run('delete', '12345', '--confirm')).text).toBe('Power users (default:12345): deleted.');
    expect(await world.rest()).toEqual([]);
  });
});
