import { describeWithPostgres, type PostgresServer, startPostgres } from '@braze-mixpanel/storage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ServiceProcess } from '../../src/testing/service-process.ts';

describeWithPostgres('the migrate command', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 30_000);
  afterAll(() => server[Symbol.asyncDispose](), 30_000);

  it('is reported by the command, step by step', async () => {
    const { url } = await server.createDatabase();
    const environment = {
      STORAGE_URL: url,
      MIXPANEL_TOKEN: 'test-project-token',
      CURRENTS_TOKEN: 'test-currents-token',
    };
    const said = async (...words: string[]) => {
      await using process = await ServiceProcess.run(environment, 'migrate', ...words);
      return process.stdout.join('\n') + process.stderr;
    };
    const outputs = [await said('plan'), await said('apply', '--contract'), await said('status')];
    expect(outputs).toEqual([
      expect.stringMatching(/^Applied at the next start.*\n {2}1 {2}journal and dead letters/),
      expect.stringMatching(/^Applied \(expand\): journal and dead letters\n/),
      expect.stringMatching(/\n {2}1 {2}expand +journal and dead letters: applied\n/),
    ]);
    expect(outputs.join()).not.toContain('not-a-secret');
  }, 60_000);
});
