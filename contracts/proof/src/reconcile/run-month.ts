import { type Fault, notInCurrent } from './faults.ts';
import { type Month, monthDays, type Report, startMonth, type WrongSettings } from './month.ts';

/** Events that a fault has on a day. */
type Emitted = ReadonlyMap<Fault, ReadonlyMap<number, number>>;

/** A month with these faults: the report two days after its end, and the events of each fault. */
export async function runMonth(
  seed: number,
  faults: readonly Fault[],
  types: readonly string[],
  wrong?: WrongSettings,
): Promise<{ readonly report: Report; readonly emitted: Emitted }> {
  await using month: Month & AsyncDisposable = await startMonth(
    seed,
    types.filter(type => faults.length === 0 || type !== notInCurrent),
    wrong,
  );
  const emitted = new Map(faults.map(fault => [fault, new Map<number, number>()]));
  for (let day = 1; day <= monthDays; day += 1) {
    const today = faults.filter(({ days }) => days.includes(day));
    const usual = types.filter(type => !today.some(fault => fault.type === type));
    await month.emit(
      usual.flatMap(type =>
        Array.from({ length: someOf(month) }, () =>
          month.event(type, day, wrong && atAnyTime(month)),
        ).flatMap(event =>
          wrong === undefined ? [event] : [event, { ...event, id: `1${event.id.slice(1)}` }],
        ),
      ),
    );
    if (today.length > 0) await month.delivered();
    for (const fault of today) {
      const events = someOf(month);
      emitted.get(fault)!.set(day, events);
      await fault.emit(month, day, events);
      if (fault.expected !== 'waiting') await month.delivered();
    }
    await month.passDay();
  }
  for (const fault of faults) await fault.after?.(month);
  if (!faults.some(({ expected }) => expected === 'waiting')) await month.delivered();
  await month.passDay();
  await month.passDay();
  return { report: await month.report(), emitted };
}

/** Of the 24 hours before noon, and of few users. */
const atAnyTime = ({ random }: Month) => ({
  hour: Math.floor(random() * 24) - 12,
  user: `customer-${Math.floor(random() * 3)}`,
});

const someOf = ({ random }: Month): number => 10 + Math.floor(random() * 20);
