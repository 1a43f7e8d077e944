import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Follower, followLeader } from './follower.ts';
import type { FollowerAnswer, FollowerPost } from './protocol.ts';

const open: Follower[] = [];
afterEach(() => Promise.all(open.splice(0).map(follower => follower.close())));

/** A leader whose answers the test gives: each post waits in `posts`. */
function scriptedLeader() {
  const waiting: { post: FollowerPost; answer(answer: FollowerAnswer): void; fail(message: string): void }[] =
    [];
  const fetcher: typeof fetch = (_url, request) => {
    const reply = Promise.withResolvers<Response>();
    const abort = () => reply.reject(new Error('aborted'));
    if (request?.signal?.aborted) abort();
    request?.signal?.addEventListener('abort', abort);
    waiting.push({
      post: JSON.parse(String(request?.body)),
      answer: answer => reply.resolve(Response.json(answer)),
      fail: message => reply.reject(new TypeError('fetch failed', { cause: new Error(message) })),
    });
    return reply.promise;
  };
  const next = () => vi.waitUntil(() => waiting.shift(), { interval: 1 });
  return { fetcher, next };
}

async function follow(options: Partial<Parameters<typeof followLeader>[1]> = {}) {
  const leader = scriptedLeader();
  const following = followLeader('http://leader/_sim/clock', {
    fetch: leader.fetcher,
    retryEvery: 1,
    report: () => {},
    ...options,
  });
  (await leader.next()).answer({ revision: 7, now: 1_000, frozen: true });
  const follower = await following;
  open.push(follower);
  return { follower, next: leader.next };
}

describe('a follower', () => {
  it('posts its revision, whether it worked since the last answer, and its next timer', async () => {
    const { follower, next } = await follow({ name: 'service' });
    const first = await next();
    expect(first.post).toEqual({
      follower: expect.stringMatching(/^service-/),
      revision: 7,
      idle: true,
      worked: false,
      nextDue: null,
      nextName: null,
    });
    const job = vi.fn();
    follower.timeline.schedule(1_500, job);
    follower.timeline.schedule(9_000, job, 'cohort sync s');
    first.answer({ revision: 8, now: 1_500, frozen: true });
    const second = await next();
    expect(second.post).toMatchObject({
      revision: 8,
      idle: true,
      worked: true,
      nextDue: 9_000,
      nextName: 'cohort sync s',
    });
    expect(job).toHaveBeenCalledTimes(1);
    second.fail('gone');
    const repeated = await next();
    expect(repeated.post).toMatchObject({ worked: true });
    repeated.answer({ revision: 8, now: 1_500, frozen: true });
    expect((await next()).post).toMatchObject({ worked: false });
  });

  it('posts during long work too, and applies the time of the answer', async () => {
    const { follower, next } = await follow({ heartbeat: 1 });
    const work = Promise.withResolvers<void>();
    follower.timeline.schedule(1_500, () => work.promise);
    (await next()).answer({ revision: 8, now: 1_500, frozen: true });
    const busy = await next();
    expect(busy.post).toMatchObject({ revision: 8, idle: false });
    busy.answer({ revision: 9, now: 500, frozen: true });
    const later = await next();
    expect(later.post).toMatchObject({ revision: 9, idle: false });
    expect(follower.timeline.now()).toBe(500);
    work.resolve();
    later.answer({ revision: 9, now: 500, frozen: true });
    let { post, answer } = await next();
    while (!post.idle) {
      answer({ revision: 9, now: 500, frozen: true });
      ({ post, answer } = await next());
    }
    expect(post).toMatchObject({ revision: 9, idle: true });
  });

  it('reports once that the leader is lost and once that it answers again, and keeps its time meanwhile', async () => {
    const report = vi.fn();
    const { follower, next } = await follow({ report });
    (await next()).fail('refused');
    (await next()).fail('refused');
    (await next()).answer({ revision: 7, now: 1_000, frozen: true });
    await next();
    expect(report.mock.calls.flat()).toEqual([
      'The clock at http://leader/_sim/clock does not respond (fetch failed: refused); retrying.',
      'The clock at http://leader/_sim/clock is available again.',
    ]);
    expect(follower.position).toEqual({ revision: 7, now: 1_000, frozen: true });
  });

  it('closes while the leader holds its post', async () => {
    const { follower, next } = await follow();
    await next();
    await follower.close();
    expect(follower.closed).toBe(true);
  });
});
