import type { FollowerAnswer, FollowerPost } from '@braze-mixpanel/simulated-clock';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSimulator, type Listening, listen, respond } from '../index.ts';
import type { ControlledClock } from './controlled-clock.ts';
import { followClock } from './follow-clock.ts';
import type { Patience } from './followers.ts';
import { createClock } from './leader.ts';

const stack: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of stack.splice(0).reverse()) await close();
});

async function serve(clock: ControlledClock): Promise<Listening> {
  const server = await listen(
    createSimulator({
      name: 'clock',
      clock,
      routes: [],
      state: { get: () => null, put: () => {}, reset: () => {} },
      vendor: {
        notFound: () => respond(404),
        wrongMethod: () => respond(405),
        bodyOf: () => undefined,
      },
    }),
  );
  stack.push(() => server.close());
  return server;
}

async function leader(patience: Partial<Patience> = {}) {
  const clock = createClock({ start: 0, frozen: true, patience });
  const { url } = await serve(clock);
  return { clock, url: `${url}/_sim/clock` };
}

async function follower(url: string, name = 'follower') {
  const clock = await followClock(url, { name, report: () => {} });
  stack.push(() => clock.close());
  return clock;
}

/** A follower that posts what the test gives it, as another program would. */
function handmade(url: string, name: string) {
  return async (
    post: Omit<FollowerPost, 'follower' | 'nextName'>,
    signal?: AbortSignal,
  ): Promise<FollowerAnswer> => {
    const answer = await fetch(`${url}/follow`, {
      method: 'POST',
      body: JSON.stringify({ follower: name, ...post }),
      signal: signal ?? null,
    });
    return (await answer.json()) as FollowerAnswer;
  };
}

/** Resolves when `count` followers have caught up and have no work. */
async function resting(clock: ControlledClock, count: number): Promise<void> {
  for (;;) {
    const { followers, revision } = await clock.reading();
    if (followers.filter(one => one.idle && one.revision === revision).length === count) return;
    await new Promise(setImmediate);
  }
}

describe('a clock that follows', () => {
  it('runs due timers at their time, before advance resolves', async () => {
    const { clock, url } = await leader();
    const other = await follower(url);
    const fired: [string, number][] = [];
    other.schedule(7_200_000, async () => {
      await new Promise(resolve => setTimeout(resolve, 5));
      fired.push(['follower', other.now()]);
    });
    clock.schedule(3_600_000, () => void fired.push(['leader', clock.now()]));
    await clock.advance(7_199_999);
    expect(fired).toEqual([['leader', 3_600_000]]);
    await clock.advance(1);
    expect(fired).toEqual([
      ['leader', 3_600_000],
      ['follower', 7_200_000],
    ]);
  });

  it('runs work that other processes cause: a chain through three is done when advance resolves', async () => {
    const { clock, url } = await leader();
    const first = await follower(url, 'first');
    const second = await follower(url, 'second');
    const trace: string[] = [];
    const at = (name: string, on: ControlledClock) => void trace.push(`${name} ${on.now()}`);
    first.schedule(10, () => {
      at('first', first);
      second.schedule(first.now() + 5, () => {
        at('second', second);
        clock.schedule(second.now() + 5, () => {
          at('leader', clock);
          first.schedule(first.now(), () => at('first again', first));
        });
      });
    });
    await clock.advance(100);
    expect(trace).toEqual(['first 10', 'second 15', 'leader 20', 'first again 20']);
    expect([clock.now(), first.now(), second.now()]).toEqual([100, 100, 100]);
  });

  it('forwards its own moves to the leader', async () => {
    const { clock, url } = await leader();
    const other = await follower(url);
    await other.advance(50);
    expect([clock.now(), other.now()]).toEqual([50, 50]);
    await other.set(20);
    expect([clock.now(), (await other.reading()).now]).toEqual([20, 20]);
  });

  it('can be followed itself', async () => {
    const { clock, url } = await leader();
    const middle = await serve(await follower(url, 'middle'));
    const far = await follower(`${middle.url}/_sim/clock`, 'far');
    let firedAt = 0;
    far.schedule(30, () => {
      firedAt = far.now();
    });
    await clock.advance(60);
    expect(firedAt).toBe(30);
  });

  it('runs on between two changes of a running leader', async () => {
    const clock = createClock({ start: 5_000 });
    const { url } = await serve(clock);
    const other = await follower(`${url}/_sim/clock`);
    const fired = Promise.withResolvers<number>();
    other.schedule(other.now() + 20, () => fired.resolve(other.now()));
    expect(await fired.promise).toBeGreaterThanOrEqual(5_020);
    expect(Math.abs(other.now() - clock.now())).toBeLessThan(1_000);
  });

  it('rejects with one sentence if there is no clock to follow', async () => {
    await expect(followClock('http://127.0.0.1:9/_sim/clock', { giveUpAfter: 0 })).rejects.toThrow(
      /^No clock at http:\/\/127\.0\.0\.1:9\/_sim\/clock .*Set CLOCK_URL/,
    );
  });

  it('rejects an address that is no URL without trying to reach it', async () => {
    const fetch = vi.fn<typeof globalThis.fetch>();
    await expect(followClock('nope', { fetch })).rejects.toThrow(
      /^No clock at nope \(this is no URL\)\. Set CLOCK_URL/,
    );
    expect(fetch).not.toHaveBeenCalled();
  });
});

describe('the leader', () => {
  it('holds a poll until its revision changes', async () => {
    const { clock, url } = await leader();
    const post = handmade(url, 'service-1');
    const { revision } = await post({ revision: 0, idle: true, worked: false, nextDue: null });
    const held = post({ revision, idle: true, worked: false, nextDue: null });
    await resting(clock, 1);
    clock.unfreeze();
    expect(await held).toMatchObject({ revision: revision + 1, frozen: false });
  });

  it('answers a poll after its hold although nothing changed', async () => {
    const { url } = await leader({ hold: 5 });
    const post = handmade(url, 'service-1');
    const { revision } = await post({ revision: 0, idle: true, worked: false, nextDue: null });
    expect(await post({ revision, idle: true, worked: false, nextDue: null })).toMatchObject({ revision });
  });

  it('stops at the next timer of a follower, and repeats a round in which one worked', async () => {
    const { clock, url } = await leader();
    const post = handmade(url, 'service-1');
    const { revision } = await post({ revision: 0, idle: true, worked: false, nextDue: 40 });
    const first = post({ revision, idle: true, worked: false, nextDue: 40 });
    await resting(clock, 1);
    let done = false;
    const advanced = clock.advance(100).then(() => {
      done = true;
    });
    const seen: number[] = [];
    let answer = await first;
    while (!done) {
      seen.push(answer.now);
      const arrived = answer.now === 40 && seen.filter(now => now === 40).length === 1;
      const next = post({
        revision: answer.revision,
        idle: true,
        worked: arrived,
        nextDue: answer.now < 40 ? 40 : null,
      });
      answer = (await Promise.race([next, advanced])) ?? answer;
    }
    expect(seen).toEqual([0, 40, 40, 100]);
  });

  it('does not wait for a follower whose connection broke', async () => {
    const { clock, url } = await leader();
    const post = handmade(url, 'service-1');
    const { revision } = await post({ revision: 0, idle: true, worked: false, nextDue: null });
    const gone = new AbortController();
    const held = post({ revision, idle: true, worked: false, nextDue: null }, gone.signal).catch(() => {});
    await resting(clock, 1);
    gone.abort();
    await held;
    while ((await clock.reading()).followers.length > 0) await new Promise(setImmediate);
    await clock.advance(10);
  });

  it('forgets a follower that stopped posting', async () => {
    const { clock, url } = await leader({ silence: 30 });
    await handmade(url, 'service-1')({ revision: 0, idle: false, worked: false, nextDue: null });
    expect((await clock.reading()).followers).toHaveLength(1);
    await clock.advance(10);
    expect((await clock.reading()).followers).toEqual([]);
  });
});
