import { Link } from '../app/link.tsx';

interface PagesProps {
  /** Route of the newest page. */
  readonly newest: string;
  /** Route of the page after this one; `undefined` on the last one. */
  readonly older: string | undefined;
  readonly isNewest: boolean;
  /** Texts of the two links. */
  readonly names?: readonly [first: string, next: string];
}

/** Leads through the pages of a long list, newest first. Each page has an address, so Back leads to the newer one. */
export const Pages = ({ newest, older, isNewest, names = ['Newest', 'Older'] }: PagesProps) =>
  isNewest && older === undefined ? null : (
    <p class="row">
      {!isNewest && (
        <Link class="button" href={newest}>
          {names[0]}
        </Link>
      )}
      {older !== undefined && (
        <Link class="button" href={older}>
          {names[1]}
        </Link>
      )}
    </p>
  );
