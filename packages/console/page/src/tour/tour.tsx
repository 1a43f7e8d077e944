import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import { call } from '../api/call.ts';
import { about } from '../app/about.ts';
import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import type { Current } from '../mock-braze/current.ts';
import { Action } from '../parts/action.tsx';
import { Chip } from '../parts/chip.tsx';
import { Where } from '../parts/form.tsx';
import { counted } from '../parts/format.ts';
import { Icon } from '../parts/icon.tsx';
import { Problem } from '../parts/loaded.tsx';
import { Gone } from './gone.tsx';
import { steps } from './steps.tsx';
import { type Tour as TourState, useTour } from './use-tour.ts';

const routeOfStep = (index: number) => routeOf('sandbox', 'tour', String(index + 1));

/** Six steps through the whole integration, each done on the servers. The address has the shown step. */
export function Tour({ id }: ViewProps) {
  const named = (name: string) => about().servers.find(each => each.name === name);
  const braze = named('mock-braze');
  const mixpanel = named('mock-mixpanel');
  return braze === undefined || mixpanel === undefined ? (
    <Problem>The tour needs both simulators.</Problem>
  ) : (
    <Walk tour={useTour(braze, mixpanel)} id={id} />
  );
}

/** The shown step: that of the address where it is reached, otherwise the first that is not done. */
function shownStep(id: string | undefined, done: readonly boolean[]): number {
  const first = done.indexOf(false);
  const reached = first === -1 ? steps.length - 1 : first;
  const wanted = /^[1-6]$/.test(id ?? '') ? Number(id) - 1 : reached;
  return Math.min(wanted, reached);
}

function Walk({ tour, id }: { tour: TourState; id: string | undefined }) {
  const [, navigate] = useLocation();
  const heading = useRef<HTMLHeadingElement>(null);
  const { done, made, error } = tour;
  const index = shownStep(id, done);
  const isKnown = made !== undefined;
  // Each step has an address, so that Back leads to the one before. An address once reached stays: if what an earlier
  // step made is gone, that step is shown until it is done again.
  useEffect(() => {
    if (isKnown && id !== String(index + 1)) navigate(routeOfStep(index), { replace: true });
  }, [isKnown, id]);
  const before = useRef(index);
  useEffect(() => {
    if (before.current !== index) heading.current?.focus({ preventScroll: true });
    before.current = index;
  }, [index]);
  if (!isKnown) return error === undefined ? <p class="loading">Loading …</p> : <Problem>{error}</Problem>;
  const step = steps[index]!;
  const isDone = done[index] === true;
  const finished = done.filter(Boolean).length;
  const hasBegun = Object.keys(tour.progress).length > 0;
  return (
    <>
      {error !== undefined && <Problem>{error}</Problem>}
      <div class="row tour-line">
        <p class="quiet">
          {finished === steps.length
            ? `All ${steps.length} steps are done: the loop runs from Mixpanel to Braze and back.`
            : !hasBegun
              ? 'From a cohort in Mixpanel to a campaign in Braze, and from its events back to Mixpanel. Each step is done for real, on the simulators.'
              : `${finished} of ${steps.length} steps done. Leave whenever you like: the tour goes on from here.`}
        </p>
        {hasBegun && (
          <Action
            confirm="Begin the tour again? What it made stays on the servers."
            run={async () => {
              tour.change(undefined);
              navigate(routeOfStep(0));
              return undefined;
            }}
          >
            Begin again
          </Action>
        )}
      </div>
      <Gone tour={tour} onRemoved={() => navigate(routeOfStep(0))} />
      <Stepper done={done} shown={index} />
      <article class="card step" aria-labelledby="step">
        <header>
          <div>
            <p class="quiet">
              Step {index + 1} of {steps.length}, in {step.vendor}
            </p>
            <h2 id="step" tabIndex={-1} ref={heading}>
              {step.title}
            </h2>
          </div>
          <Link class="button quietly" href={routeOf(...step.view)}>
            Open in {step.view[0]}
          </Link>
        </header>
        <Where of={[step.vendor, ...step.where]} />
        <p>{step.text}</p>
        {isDone ? (
          <Done tour={tour} index={index} />
        ) : (
          <div class="do" key={index}>
            <step.Do tour={tour} />
          </div>
        )}
      </article>
    </>
  );
}

function Done({ tour, index }: { tour: TourState; index: number }) {
  const step = steps[index]!;
  const { Made } = step;
  const isLast = index === steps.length - 1;
  return (
    <>
      <div class="done" role="status">
        <Chip tone="good">Done</Chip>
        <Made tour={tour} />
      </div>
      <section class="next">
        <h3>What happens next</h3>
        <p>{step.next}</p>
        {isLast && <RemoveCurrent tour={tour} />}
        <div class="row">
          {isLast ? (
            <>
              <Link class="button primary" href={routeOf('sandbox', 'time')}>
                Move the time to the next sync
              </Link>
              <Link class="button" href={routeOf('mock-mixpanel', 'faults')}>
                Make Mixpanel fail
              </Link>
              <Link class="button" href={routeOf('sandbox', 'delivery-report')}>
                Check that nothing was lost
              </Link>
            </>
          ) : (
            <Link class="button primary" href={routeOfStep(index + 1)}>
              Continue: {steps[index + 1]!.title}
              <Icon name="right" />
            </Link>
          )}
        </div>
      </section>
    </>
  );
}

const listed = (all: readonly Current[]): string =>
  new Intl.ListFormat('en').format(all.map(({ name }) => name.slice(0, 60)));

/** What the Current of the tour has sent, and whether the sandbox's own sends the same. */
function RemoveCurrent({ tour: { braze, made, change, reload } }: { tour: TourState }) {
  const current = made?.current;
  if (current === undefined) return null;
  const { twins = [] } = made ?? {};
  const name = current.name.slice(0, 60);
  const remove = async () => {
    // First: the step stays done when the Current is gone.
    change({ isCurrentRemoved: true });
    await call(braze, `_sim/currents/${encodeURIComponent(current.id)}`, { method: 'DELETE' });
    await reload();
    return undefined;
  };
  return (
    <>
      <p>
        {name} has sent {counted(current.sent, 'event')}.{' '}
        {twins.length === 0
          ? `No other launched Current sends such events to this address. Remove ${name} when you do not need them in Mixpanel.`
          : `${listed(twins)} ${twins.length === 1 ? 'sends' : 'send'} such events to the same address, too. Mixpanel counts an event once that arrives twice, and the loop counts it under “Stored more than once”. Remove ${name} to end that.`}
      </p>
      <div class="row">
        <Action confirm={`Remove ${name}? Its queued events are lost.`} run={remove}>
          {`Remove ${name}`}
        </Action>
      </div>
    </>
  );
}

/** Where one is: the six steps, those that are reached as links. */
function Stepper({ done, shown }: { done: readonly boolean[]; shown: number }) {
  return (
    <ol class="stepper" aria-label="Steps of the tour">
      {steps.map(({ title, vendor }, index) => {
        const isDone = done[index] === true;
        const isReached = isDone || done.indexOf(false) === index;
        const content = (
          <>
            <span class="mark">{isDone ? <Icon name="check" /> : index + 1}</span>
            <span class="name">
              <small>{vendor}</small>
              {title}
            </span>
          </>
        );
        return (
          <li key={title} class={`${isDone ? 'is-done' : ''} ${index === shown ? 'is-shown' : ''}`}>
            {isReached ? (
              <Link href={routeOfStep(index)} aria-current={index === shown ? 'step' : undefined}>
                {content}
                {isDone && <span class="hidden">, done</span>}
              </Link>
            ) : (
              <span class="later">{content}</span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
