import type { Group } from '../app/views.ts';

/** Something that the palette offers. */
export interface Command {
  readonly key: string;
  readonly title: string;
  /** Where it is, such as the name of a server or of a view. */
  readonly place: string;
  /** Route that it opens. */
  readonly route: string;
}

/** Most offered commands. */
const most = 12;

/** Commands that have every typed word, best first: titles that begin with the text, then the others. */
export function matching(commands: readonly Command[], typed: string): readonly Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = commands.filter(({ title, place }) => {
    const text = `${title} ${place}`.toLowerCase();
    return words.every(word => text.includes(word));
  });
  const begins = ({ title }: Command) => (title.toLowerCase().startsWith(typed.toLowerCase()) ? 0 : 1);
  return found.sort((a, b) => begins(a) - begins(b)).slice(0, most);
}

/** All views of the navigation. */
export const viewCommands = (groups: readonly Group[]): readonly Command[] =>
  groups.flatMap(({ name, title: place, views }) =>
    views.map(({ path, title }) => ({
      ...{ key: `${name}/${path}`, title, place },
      route: `/${name}/${path}`,
    })),
  );
