import { expect, it } from 'vitest';
import { emailSend } from '../../src/testing/events.ts';
import { reconcileWorld } from '../../src/testing/reconcile-world.ts';

const dayMs = 86_400_000;

it('a day on which users had several events in one second, as on no other day, has no cause and no finding', async () => {
  await using service = await reconcileWorld();
  await service.clock.advance(9 * dayMs);
  const events = [1, 2, 3, 4, 5].flatMap(day =>
    Array.from({ length: 40 }, (_, number) =>
      emailSend({
        time: Date.parse(`2026-03-0${day}T10:00:00Z`) / 1_000 + (day === 3 ? 0 : number),
        user: { external_user_id: `user-${number % 20}` },
      }),
    ),
  );
  await service.emit(...events);
  const { rows, findings, unexplained } = await service.report('2026-03-01', '2026-03-05');
  expect(rows).toHaveLength(5);
  expect({
    findings,
    unexplained,
    causes: rows.flatMap(({ steps }) => steps.flatMap(step => step.causes)),
  }).toEqual({
    ...{ findings: [], unexplained: 0, causes: [] },
  });
});
