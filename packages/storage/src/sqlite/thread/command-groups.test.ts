import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandGroups } from './command-groups.ts';
import type { Question } from './protocol.ts';

const ask = (id: number, command: Question['command'], args: unknown[] = []): Question => ({
  ...{ kind: 'ask', id, command, args },
});
const appendOf = (id: number) => ask(id, 'journal.append');
const leaseOf = (id: number) => ask(id, 'journal.lease');
const groupsOf = (...commands: Question[]) => {
  const groups = new CommandGroups();
  for (const each of commands) groups.add(each);
  return groups;
};
const ids = (group: Question[]) => group.map(({ id }) => id);

describe('the transactions of the storage thread', () => {
  it('of live batches do not wait for the commands before them', () => {
    const groups = groupsOf(leaseOf(1), appendOf(2), leaseOf(3), appendOf(4));
    expect([ids(groups.next()), ids(groups.next())]).toEqual([
      [2, 4],
      [1, 3],
    ]);
  });

  it('of live batches leave every other transaction to all commands', () => {
    const groups = groupsOf(leaseOf(1), appendOf(2));
    expect(ids(groups.next())).toEqual([2]);
    groups.add(appendOf(3));
    expect(ids(groups.next())).toEqual([1, 3]);
  });

  it('contain every command that waits if all are live batches, or none is', () => {
    expect(ids(groupsOf(appendOf(1), appendOf(2)).next())).toEqual([1, 2]);
    expect(ids(groupsOf(leaseOf(1), leaseOf(2)).next())).toEqual([1, 2]);
  });

  it('have at most 256 commands and 16 MB, and at least one command', () => {
    const many = groupsOf(...Array.from({ length: 300 }, (_, id) => appendOf(id)));
    expect(many.next()).toHaveLength(256);
    const large = (id: number) => ask(id, 'journal.append', [{ body: new Uint8Array(12 * 1024 * 1024) }]);
    const two = groupsOf(large(1), large(2));
    expect([ids(two.next()), ids(two.next())]).toEqual([[1], [2]]);
  });

  it('take each command once, keep the order of each kind, and end before a close', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1 }), kinds => {
        const commands = kinds.map((append, id) => (append ? appendOf(id) : leaseOf(id)));
        const groups = groupsOf(...commands);
        groups.add({ kind: 'close' });
        const taken: Question[] = [];
        while (!groups.isClosing) {
          const group = groups.next();
          expect(group.length).toBeGreaterThan(0);
          for (const each of group) taken.push(each);
        }
        expect(ids(taken).sort((one, other) => one - other)).toEqual(ids(commands));
        for (const command of ['journal.append', 'journal.lease']) {
          const of = (all: Question[]) => ids(all.filter(each => each.command === command));
          expect(of(taken)).toEqual(of(commands));
        }
      }),
    );
  });
});
