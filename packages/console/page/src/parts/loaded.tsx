import { type ComponentChildren, createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Polled } from '../api/use-polled.ts';
import { Link } from '../app/link.tsx';
import { useTick } from './clock.tsx';
import { relative } from './format.ts';
import { Icon } from './icon.tsx';

/** A failure, announced to screen readers. */
export const Problem = ({ children }: { children: ComponentChildren }) => (
  <div class="problem" role="alert">
    <Icon name="warning" />
    <div>{children}</div>
  </div>
);

/** Route that shows everything among which an address names one thing. */
export const RouteOfAll = createContext<string | undefined>(undefined);

/** Says that what an address names does not exist, and leads to what does. */
export function Missing({ children }: { children: ComponentChildren }) {
  const route = useContext(RouteOfAll);
  return (
    <Problem>
      <p>{children}</p>
      {route !== undefined && (
        <Link class="button" href={route}>
          Show all
        </Link>
      )}
    </Problem>
  );
}

export interface LoadedProps<T> {
  readonly of: Polled<T>;
  readonly children: (data: T) => ComponentChildren;
}

/** A failure that stands above the content already. */
export const Said = createContext<string | undefined>(undefined);

/** Whether the surrounding content is outdated: its failure is said once. */
const IsOutdated = createContext(false);

/**
 * The content of an answer. Before the first answer it is neither empty nor an error; after a failure the last good
 * answer stays, greyed and with its age.
 */
export function Loaded<T>({ of: { data, dataAt, error }, children }: LoadedProps<T>) {
  const isWithin = useContext(IsOutdated);
  const said = useContext(Said);
  if (data === undefined)
    return error === undefined ? (
      <p class="loading" aria-busy="true">
        Loading …
      </p>
    ) : error.status === 404 ? (
      <Missing>{error.message}</Missing>
    ) : error.message === said ? null : (
      <Problem>{error.message}</Problem>
    );
  const isOutdated = error !== undefined && !isWithin;
  return (
    <>
      {isOutdated && <Outdated message={error.message} dataAt={dataAt} />}
      <div class={isOutdated ? 'content outdated' : 'content'}>
        <IsOutdated value={isWithin || isOutdated}>{children(data)}</IsOutdated>
      </div>
    </>
  );
}

function Outdated({ message, dataAt }: { message: string; dataAt: number }) {
  return (
    <Problem>
      {message} <Age dataAt={dataAt} />
    </Problem>
  );
}

/** Hidden from screen readers, which would announce it every second. */
const Age = ({ dataAt }: { dataAt: number }) => (
  <span aria-hidden="true">Shown below: the state of {relative(dataAt, useTick())}.</span>
);

export const Empty = ({ children }: { children: ComponentChildren }) => <p class="empty">{children}</p>;
