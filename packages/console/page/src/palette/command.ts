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

/** Commands that have every typed word, best first: titles that begin with the text and things with that ID, then the others. */
export function matching(commands: readonly Command[], typed: string): readonly Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = commands.filter(({ title, place }) => {
    const text = `${title} ${place}`.toLowerCase();
    return words.every(word => text.includes(word));
  });
  const text = typed.trim().toLowerCase();
  const rank = ({ title, place }: Command) =>
    title.toLowerCase().startsWith(text) || place.toLowerCase().split(' ').includes(text) ? 0 : 1;
  return found.sort((a, b) => rank(a) - rank(b)).slice(0, most);
}
