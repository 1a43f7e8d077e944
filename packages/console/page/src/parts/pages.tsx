import { Link } from '../app/link.tsx';

interface PagesProps {
  /** Route of the newest page. */
  readonly newest: string;
  /** Route of the page after this one; `undefined` on the last one. */
  readonly older: string | undefined;
  readonly isNewest: boolean;
}

/** Leads through the pages of a long list, newest first. Each page has an address, so Back leads to the newer one. */
export const Pages = ({ newest, older, isNewest }: PagesProps) =>
  isNewest && older === undefined ? null : (
    <p class="row">
      {!isNewest && (
        <Link class="button" href={newest}>
          Newest
        </Link>
      )}
      {older !== undefined && (
        <Link class="button" href={older}>
          Older
        </Link>
      )}
    </p>
  );
