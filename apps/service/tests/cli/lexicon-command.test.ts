import { type RunningMockMixpanel, startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountSettings } from '../../src/testing/mixpanel-account.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

let mixpanel: RunningMockMixpanel;
beforeEach(async () => {
  mixpanel = await startMockMixpanel({ settings: { rateLimits: ['schemaRequests', 'schemaUpdates'] } });
});
afterEach(() => mixpanel.close());

async function push(args: readonly string[] = [], more: Record<string, string> = {}) {
  const environment = {
    ...accountSettings(mixpanel.url),
    CURRENTS_TOKEN: 'test-currents-token',
    ...more,
  };
  const {
    stdout,
    sentences: stderr,
    child,
  } = await ServiceProcess.run(environment, 'lexicon', 'push', ...args);
  return { text: stdout.join('\n'), stderr, code: child.exitCode };
}

describe('the command line for Lexicon', { timeout: 60_000 }, () => {
  it('shows what it would write, and writes nothing, with --dry-run', async () => {
    const { text, code } = await push(['--dry-run']);
    expect(text).toMatch(/^default, catalogue 2022-06: 40 to be written, 0 unchanged, 0 kept because/);
    expect(text).toContain('Nothing was changed.');
    expect([code, mixpanel.model.schemas.list()]).toEqual([0, []]);
  });

  it('writes the events once, writes nothing the second time, and keeps what a person edited then', async () => {
    const first = await push();
    expect(first.text).toMatch(/^default, catalogue 2022-06: 40 written, 0 unchanged, 0 kept because/);
    expect(first.stderr).toBe('Reading Lexicon.\nWrote 40 of 40 entries.\n');
    const again = await push(['--json']);
    expect(JSON.parse(again.text)).toMatchObject({ ok: true, outcome: { written: [], kept: [], left: [] } });

    await mixpanel.clock.advance(60_000);
    // Lexicon's own page, which is not simulated, changes an entry in the same way.
    const [opened] = mixpanel.model.schemas.list('event', 'Email Open');
    mixpanel.model.schemas.put({
      ...opened!,
      schemaJson: { ...opened!.schemaJson, description: 'Opened.' },
    });
    const edited = await push([], { CURRENTS_SEND_UNLISTED: 'true', CURRENTS_GENERATION: '2026-07' });
    expect(edited.text.replaceAll('\n', ' ')).toMatch(
      /, 1 kept because a person wrote or changed them\. Kept: Email Open\.$/,
    );
    expect(mixpanel.model.schemas.list('event', 'Email Open')[0]?.schemaJson.description).toBe('Opened.');
    expect([first.code, again.code, edited.code]).toEqual([0, 0, 0]);
  });

  it('reports credentials that Mixpanel rejects in a sentence, without the secret, and in --json', async () => {
    const wrong = { MIXPANEL_SERVICE_SECRET: 'a-secret-that-is-wrong' };
    const [plain, json] = await Promise.all([push([], wrong), push(['--json'], wrong)]);
    expect([plain.code, json.code]).toEqual([1, 1]);
    expect(plain.text).toContain('Lexicon could not be read, and nothing was written.');
    expect(plain.stderr.replaceAll(/\s+/g, ' ')).toContain('has the role Admin or Owner in this project');
    expect(JSON.parse(json.text)).toMatchObject({
      ok: false,
      error: { code: 'lexicon_credentials_refused', message: expect.stringContaining('returned 401') },
    });
    expect(plain.text + plain.stderr + json.text).not.toContain('a-secret-that-is-wrong');
  });

  it.each([
    ['a connection without a service account', [], { MIXPANEL_TOKEN: 't' }, /MIXPANEL_SERVICE_ACCOUNT/],
    ['an unknown connection', ['--connection', 'other'], {}, /^Unknown connection\./],
  ])('says what to do about %s', async (_, args, more, sentence) => {
    const none = { MIXPANEL_SERVICE_ACCOUNT: '', MIXPANEL_SERVICE_SECRET: '' };
    const { stderr, code } = await push(args, { ...('MIXPANEL_TOKEN' in more ? none : {}), ...more });
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/\n +at /);
    expect(code).toBe(1);
  });
});
