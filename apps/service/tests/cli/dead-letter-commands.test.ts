import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { RunningService } from '../../src/testing/running-service.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

let mixpanel: FakeMixpanel;
let service: RunningService;
beforeEach(async () => {
  mixpanel = await FakeMixpanel.start();
  service = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url });
});
afterEach(async () => {
  await service[Symbol.asyncDispose]();
  await mixpanel[Symbol.asyncDispose]();
});

/** Runs a command against the service; only its address and the token are configured. */
const run = async (...args: string[]) => {
  const environment = { PORT: String(service.service.port), ADMIN_TOKEN: 'test-admin-token' };
  const { stdout, sentences: stderr, child } = await ServiceProcess.run(environment, ...args);
  return { text: stdout.join('\n'), stderr, code: child.exitCode };
};
const nameless = () => emailSend({ user: { external_user_id: 'anonymous' } });

describe('the command line', { timeout: 120_000 }, () => {
  it('lists, counts and shows dead letters', async () => {
    expect((await run('dead-letters', 'count')).text).toBe('No dead letters found.');
    const event = nameless();
    await service.post(batchOf(event, 'not an event'));
    await service.settled();
    const { text } = await run('dead-letters', 'list');
    expect(text).toMatch(/^id +failed at +connection +event type\n {2}reason\n {2}detail\n2 /);
    expect(text).toContain('refused_distinct_id');
    expect((await run('dead-letters', 'count', '--by', 'event_type')).text).toMatch(/\(none\) +1/);

    const listed = await run('dead-letters', 'list', '--reason', 'refused_distinct_id', '--json');
    const { deadLetters } = JSON.parse(listed.text) as { deadLetters: { id: number }[] };
    expect(deadLetters).toHaveLength(1);
    const shown = await run('dead-letters', 'show', String(deadLetters[0]!.id));
    expect(shown.text).toContain(event.id);
    const [written = ''] = shown.text.split('\nOriginal event:');
    for (const line of written.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(shown.text).toMatch(/Fix: correct the user’s external ID in Braze/);
    expect(shown.text).toMatch(/\nfailed at +2/);
    const [, unusable] = /^(\d+) .*\n +(?!refused_distinct_id)\w+\n/m.exec(text) ?? [];
    const again = await run('dead-letters', 'show', String(unusable));
    expect(again.text).toMatch(/\nOutcome of a replay now: a dead letter again, \w+: /);
  });

  it('tries a correction, replays with it under the same $insert_id, and purges the rest with a confirmation', async () => {
    const event = nameless();
    await service.post(batchOf(event, 'not an event'));
    await service.settled();
    const fix = ['--set', 'user.external_user_id=customer-1', '--remove', 'properties.campaign_name'];
    const tried = await run('dead-letters', 'replay', ...fix, '--dry-run');
    expect(tried.text).toContain('1 would be put back into the queue.\n1 not replayed: unfit.');
    expect(tried.text).toContain('"distinct_id": "customer-1"');
    expect(await service.connection()).toMatchObject({ imported: 0 });

    expect((await run('dead-letters', 'replay', ...fix)).text).toBe(
      '1 put back into the queue. Those that fail again become dead letters: check with\ndead-letters list.\n1 not replayed: unfit.',
    );
    await service.until(({ imported }) => imported === 1);
    expect(mixpanel.unique.get(event.id)?.properties).toMatchObject({ distinct_id: 'customer-1' });

    const refused = await run('dead-letters', 'purge');
    expect(refused).toMatchObject({
      code: 1,
      stderr: 'Nothing was deleted. Add --confirm to delete up to 1.\n',
    });
    expect((await run('dead-letters', 'purge', '--confirm')).text).toBe('1 purged.');
    expect(await run('dead-letters', 'purge')).toMatchObject({
      code: 1,
      stderr: 'Nothing was deleted: there are no such dead letters.\n',
    });
    expect(await service.connection()).toMatchObject({ deadLettered: {}, skipped: { purged: 1 } });
    const audit = (await run('audit')).text;
    expect(audit).toMatch(/dead_letters\.purge[\s\S]*dead_letters\.replay/);
    for (const line of audit.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('refuses an id together with filters, and an invalid id, and replays nothing', async () => {
    await service.post(batchOf(nameless()));
    await service.settled();
    const both = await run('dead-letters', 'replay', '14', '--reason', 'x', '--event-type', 'y');
    expect(both).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('filters (reason, event_type), not both'),
    });
    for (const id of ['.', '..', ''])
      expect(await run('dead-letters', 'replay', id)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('Expected the ID of a dead letter'),
      });
    for (const verb of ['show', 'replay'])
      expect(await run('dead-letters', verb, '99999')).toMatchObject({
        code: 1,
        stderr: 'No dead letter "99999"; it may have been replayed. Run dead-letters list.\n',
      });
    const actions = await (await service.get('/api/audit')).json();
    expect(actions).toEqual({ entries: [] });
  });

  it('traces a user and forgets them, with a confirmation', async () => {
    const event = emailSend({ user: { external_user_id: 'customer-1' }, time: 'never' });
    const long = emailSend({ user: { external_user_id: 'customer-2' }, event_type: 'x'.repeat(4_000) });
    await service.post(batchOf(event, long));
    await service.settled();
    expect((await run('trace', 'customer-2')).text.replaceAll(/\s/g, '')).toMatch(/[^x]x{4000}[^x]/);
    expect((await run('trace', 'customer-2', '--json')).text).toMatch(/x{4000}/);
    const traced = await run('trace', 'customer-1');
    expect(traced.text.replaceAll(/\s+/g, ' ')).toMatch(
      new RegExp(`${event.id} (state )?dead letter (detail )?\\d+, invalid_time`),
    );
    expect(traced.text).toMatch(new RegExp(`^id +${event.id}$`, 'm'));
    for (const line of traced.text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(traced.text).toContain('Set DELIVERED_RETENTION to trace them.');
    expect(traced.text).toContain('This user is in no cohort sync.');
    expect((await run('trace', '..')).text).toContain('No stored events of this user.');
    expect(await run('trace', 'customer-1\u202e')).toMatchObject({
      text: expect.stringContaining('No stored events of this user.'),
      stderr: 'The ID has characters that cannot be seen, or spaces around it: "customer-1\\u202e"\n',
    });
    expect(await run('trace', 'customer-1', '--limit', '201')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Expected a whole number from 1 to 200.'),
    });
    expect((await run('trace', 'customer-1', '--before', '1-0')).text).toContain('No older delivered events');
    expect((await run('trace', 'customer-1', '--before', 'x')).stderr).toMatch(
      /Expected the cursor that the page before printed/,
    );
    for (const command of [['trace'], ['forget', '--confirm']])
      expect(await run(...command, '')).toMatchObject({
        code: 1,
        stderr: `The argument <external id> is empty. Run ${command[0]} --help.\n`,
      });
    expect(await run('forget', 'customer-1')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('add --confirm'),
    });
    const forgotten = await run('forget', 'customer-1', '--confirm');
    expect(forgotten).toMatchObject({ code: 0, text: expect.stringMatching(/dead letters +1\n/) });
    expect((await run('trace', 'customer-1')).text).toContain('No stored events of this user.');
  });

  it('describes each filter', async () => {
    const { text } = await run('dead-letters', 'list', '--help');
    for (const option of ['connection', 'reason', 'event-type', 'insert-id', 'since', 'until'])
      expect(text).toMatch(new RegExp(`--${option} <[^>]+> +\\w`));
  });

  it('names an unknown command, and a similar one', async () => {
    expect(await run('bogus')).toMatchObject({
      code: 1,
      stderr: 'There is no command "bogus". Run --help for a list.\n',
    });
    expect((await run('cohort', 'list')).stderr).toContain('"cohort". Did you mean cohorts?');
  });

  it('explains a wrong setting, path or address in a sentence', async () => {
    const failing = async (environment: Record<string, string>, ...args: string[]) => {
      const { sentences: stderr, child } = await ServiceProcess.run(environment, 'dead-letters', ...args);
      expect(child.exitCode).toBe(1);
      expect(stderr).not.toMatch(/secret-token|\n +at /);
      return stderr;
    };
    const token = { ADMIN_TOKEN: 'secret-token' };
    expect(await failing({ ...token, PORT: '1' }, 'list')).toMatch(/could not be reached.*--url/);
    expect(await failing({ ...token, PORT: 'x' }, 'list')).toMatch(/PORT is "x"; expected a whole number/);
    expect(await failing(token, 'replay', '--set', 'user')).toMatch(
      /^--set <path=value> is "user"\. Expected <path>=<value>/,
    );
    expect(await failing(token, 'list', '--limit', 'abc')).toBe(
      '--limit is "abc"; expected a whole number from 1 to 1000.\n',
    );
    expect(await failing(token, 'purge', '--since', 'then')).toMatch(
      /^--since is "then"; expected a day or a time/,
    );
    expect(await failing(token, 'show')).toBe(
      'The argument <id> is missing. Run dead-letters show --help.\n',
    );
    expect(await failing(token, 'lst')).toMatch(
      /^There is no command "lst"\. Did you mean list\? Run dead-letters --help/,
    );
  });
});
