import { expect, it } from 'vitest';
import { reconcileWorld } from '../../src/testing/reconcile-world.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

it.each<[string, string]>([
  ['reconcile', 'default, 2026-02-20 to 2026-02-26:'],
  ['compare', 'default, 2026-02-22 to 2026-02-28:'],
])(
  '`%s` without days has those of the service, whose clock may be a simulated one',
  async (command, days) => {
    await using service = await reconcileWorld();
    const { stdout } = await ServiceProcess.run(
      ...([{ ADMIN_TOKEN: 'test-admin-token' }, command, '--url', service.running.service.url] as const),
    );
    expect(stdout.join(' ')).toContain(days);
  },
);
