import { clearLine, cursorTo } from 'node:readline';
import type { WriteStream } from 'node:tty';
import type { BackfillJson } from '../http/backfill-endpoints.ts';
import { counted, whole } from './terminal.ts';

/** What is shown while a back-fill runs. */
export interface Progress {
  /** @param first the back-fill that runs before this one; absent if this one has begun */
  show(job: BackfillJson, first?: number): void;
  /** Writes lines of text, above the progress where that is one line of a terminal. */
  above(text: string): void;
  /** Ends the progress: nothing of its line is left on a terminal. */
  end(): void;
}

/** Intervals of the lines where output is no terminal: in the first minute, and later. */
const plainMs = { early: 10_000, late: 60_000 };
const earlyMs = 60_000;
/** Span of the shown rate. */
const rateMs = 10_000;
const barWidth = 16;

/**
 * Shows the progress of a back-fill. On a terminal, it is one line that is rewritten, and cleared at the end.
 * Elsewhere it is a line every ten seconds, after a minute every minute; the first one once a count is known.
 */
export function backfillProgress(
  output: Pick<WriteStream, 'write' | 'isTTY' | 'columns'>,
  monotonic: () => number,
): Progress {
  const seen: { at: number; bytes: number; accepted: number }[] = [];
  let [startedAt, shownAt]: [number | undefined, number] = [undefined, Number.NEGATIVE_INFINITY];
  const isDue = ({ state, report }: BackfillJson, at: number, isWaiting: boolean): boolean => {
    const isKnown = state !== 'running' || report.total !== null || isWaiting;
    startedAt ??= at;
    return isKnown && at - shownAt >= (at - startedAt <= earlyMs ? plainMs.early : plainMs.late);
  };
  /** The line on a terminal; empty before the first and after the last one. */
  let shown = '';
  const rewrite = (text: string) => {
    if (shown !== '') {
      clearLine(output as WriteStream, 0);
      cursorTo(output as WriteStream, 0);
    }
    output.write(text);
  };
  return {
    show(job, first) {
      const at = monotonic();
      const { bytes, events } = job.report;
      seen.push({ at, bytes, accepted: events.accepted });
      while (seen.length > 2 && at - seen[0]!.at > rateMs) seen.shift();
      if (!output.isTTY && !isDue(job, at, first !== undefined)) return;
      shownAt = at;
      const line = first === undefined ? progressLine(job, seen[0]!, at) : `waiting for back-fill ${first}`;
      if (!output.isTTY) {
        output.write(`${line}\n`);
        return;
      }
      const fitting = line.slice(0, (output.columns ?? 80) - 1);
      rewrite(fitting);
      shown = fitting;
    },
    above(text) {
      rewrite(text + shown);
    },
    end() {
      rewrite('');
      shown = '';
    },
  };
}

/** The line for a back-fill, of which `since` was known before. Times are in milliseconds. */
export function progressLine(
  {
    state,
    isDryRun,
    report,
    gaps,
    delivery: { pending },
  }: Pick<BackfillJson, 'state' | 'isDryRun' | 'report' | 'gaps' | 'delivery'>,
  since: { readonly at: number; readonly bytes: number; readonly accepted: number },
  at: number,
): string {
  const { total, bytes, events } = report;
  const seconds = (at - since.at) / 1_000;
  const rate = (now: number, before: number) => (seconds > 0 ? (now - before) / seconds : 0);
  const eventRate = rate(events.accepted, since.accepted);
  const byteRate = rate(bytes, since.bytes);
  const accepted = counted(events.accepted, 'event', 'events');
  const parts = [
    accepted,
    ...(eventRate > 0 ? [`${whole(Math.round(eventRate))}/s`] : []),
    ...(isDryRun ? [] : [`${whole(pending)} waiting`]),
  ];
  if (state !== 'running') {
    const isDelivering = state === 'done' && pending > 0;
    return [
      ...[isDelivering ? 'delivering' : state, accepted],
      ...(isDelivering ? [`${whole(pending)} waiting`] : []),
    ].join('  ');
  }
  if (gaps !== undefined) {
    const days = new Set(gaps.suspects.map(({ day }) => day)).size;
    return [
      `comparing with Mixpanel  ${whole(gaps.checkedDays)} of ${counted(days, 'day', 'days')}`,
      ...parts,
    ].join('  ');
  }
  if (total === null) return ['reading', ...parts, 'counting files'].join('  ');
  const share = total.bytes === 0 ? 1 : Math.min(1, bytes / total.bytes);
  const filled = Math.round(share * barWidth);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`;
  const left = byteRate > 0 ? [`${duration((total.bytes - bytes) / byteRate)} left`] : [];
  return [`${bar} ${Math.floor(share * 100)}%`, ...parts, ...left].join('  ');
}

function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 100) return `${whole} s`;
  if (whole < 6_000) return `${Math.round(whole / 60)} min`;
  return `${Math.floor(whole / 3_600)} h ${Math.round((whole % 3_600) / 60)} min`;
}
