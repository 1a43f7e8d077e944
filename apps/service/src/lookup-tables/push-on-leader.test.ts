import { StorageError } from '@braze-mixpanel/storage';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { LookupTablesError } from './lookup-tables-error.ts';
import { type PushOnLeaderOptions, pushOnLeader } from './push-on-leader.ts';

/** Two replicas, of which one leads and pushes so. */
function replicas(push: PushOnLeaderOptions['tables']['push']) {
  const logger = pino({ level: 'silent' });
  const logged = vi.spyOn(logger, 'error');
  let answer = async (_question: string) => '';
  const leader = {
    ask: async () => '',
    answer: (_lease: string, by: typeof answer) => {
      answer = by;
    },
  };
  const follower = { ...leader, ask: (_lease: string, question: string) => answer(question) };
  pushOnLeader({ logger, tables: { leads: true, push }, replicas: leader });
  const asked = pushOnLeader({
    ...{ logger, tables: { leads: false, push } },
    replicas: { ...follower, answer: () => undefined },
  });
  return { asked, logged };
}

describe('a push on a replica that does not lead', () => {
  it('has the number of the run, or the refusal, of the one that leads', async () => {
    expect(await replicas(async (_, dryRun) => (dryRun ? 7 : 8)).asked('default', true)).toBe(7);
    const refused = replicas(async () => {
      throw new LookupTablesError('lookup_tables_running');
    });
    await expect(refused.asked('default', false)).rejects.toMatchObject({ code: 'lookup_tables_running' });
    expect(refused.logged).not.toHaveBeenCalled();
  });

  it('that fails where it leads is in the log there', async () => {
    const failing = replicas(async () => {
      throw new StorageError('unavailable', 'no connection');
    });
    await expect(failing.asked('default', false)).rejects.toMatchObject({ code: 'lookup_tables_no_leader' });
    expect(failing.logged).toHaveBeenCalledOnce();
  });

  it('without an answer does not say that nothing was begun', async () => {
    const { asked } = replicas(async () => 1);
    const silent = pushOnLeader({
      logger: pino({ level: 'silent' }),
      tables: { leads: false, push: asked },
      replicas: {
        answer: () => undefined,
        ask: () => Promise.reject(new StorageError('unavailable', 'no answer')),
      },
    });
    await expect(silent('default', false)).rejects.toThrow('Whether a run was begun is not known');
  });
});
