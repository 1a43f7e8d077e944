import { describe, expect, it } from 'vitest';
import { StorageError } from '../../ports/index.ts';
import { GroupCommit } from './group-commit.ts';

/** Commits that end when the test says so, and what each of them held. */
function commits() {
  const groups: { tasks: readonly string[]; end: (error?: Error) => void }[] = [];
  const group = new GroupCommit<string, string>({
    commit: tasks =>
      new Promise((resolve, reject) => {
        groups.push({
          tasks,
          end: error => (error === undefined ? resolve(tasks.map(task => `${task}!`)) : reject(error)),
        });
      }),
    sizeOf: task => task.length,
    bounds: { tasks: 3, size: 10 },
  });
  const turn = () => new Promise(resolve => setImmediate(resolve));
  return { group, groups, turn };
}

describe('a group commit', () => {
  it('takes what arrived while the one before it ran, as far as its bounds go', async () => {
    const { group, groups, turn } = commits();
    const answers = [group.submit('a')];
    await turn();
    answers.push(...['b', 'c', 'd', 'e', 'a long one', 'f'].map(task => group.submit(task)));
    for (let index = 0; index < 4; index += 1) {
      groups[index]!.end();
      await turn();
    }
    expect(groups.map(({ tasks }) => tasks)).toEqual([['a'], ['b', 'c', 'd'], ['e'], ['a long one'], ['f']]);
    groups[4]!.end();
    expect(await Promise.all(answers)).toEqual(['a!', 'b!', 'c!', 'd!', 'e!', 'a long one!', 'f!']);
  });

  it('runs each task alone where the group failed, so that only the one at fault is refused', async () => {
    const { group, groups, turn } = commits();
    const answers = Promise.allSettled(['good', 'bad'].map(task => group.submit(task)));
    await turn();
    groups[0]!.end(new Error('a defect'));
    await turn();
    groups[1]!.end();
    await turn();
    groups[2]!.end(new Error('a defect'));
    expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(groups.map(({ tasks }) => tasks)).toEqual([['good', 'bad'], ['good'], ['bad']]);
  });

  it('is not tried again where nobody can tell whether it was written', async () => {
    const { group, groups, turn } = commits();
    const answers = Promise.allSettled(['a', 'b'].map(task => group.submit(task)));
    await turn();
    groups[0]!.end(new StorageError('unavailable', 'the answer was lost'));
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(groups).toHaveLength(1);
    const next = group.submit('c');
    await turn();
    groups[1]!.end();
    expect(await next).toBe('c!');
  });
});
