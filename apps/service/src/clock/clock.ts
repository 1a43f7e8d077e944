import { Agenda, type Job } from './agenda.ts';

/**
 * The time that schedules follow: cohort syncs, windows, budgets. Retries and timeouts run on monotonic time instead, and leases
 * on the database's.
 */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `job` once, when the clock reaches `at`; returns what cancels it. A job must not throw or reject. */
  schedule(at: number, job: Job): () => void;
}

/** The longest wait `setTimeout` takes. */
const longestTimer = 2 ** 31 - 1;

/** The real time of day. Its timers keep no process alive. */
export function realClock(): Clock {
  const agenda = new Agenda();
  let timer: NodeJS.Timeout | undefined;
  const arm = () => {
    clearTimeout(timer);
    if (agenda.nextDue === null) return;
    const wait = Math.min(Math.max(0, agenda.nextDue - Date.now()), longestTimer);
    timer = setTimeout(() => {
      agenda.runDue(Date.now());
      arm();
    }, wait).unref();
  };
  return {
    now: () => Date.now(),
    schedule(at, job) {
      const cancel = agenda.add(at, job);
      arm();
      return () => {
        cancel();
        arm();
      };
    },
  };
}
