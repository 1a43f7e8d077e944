import { usePolled } from '../api/use-polled.ts';
import { routeOf } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Chip } from '../parts/chip.tsx';
import { Part } from '../parts/facts.tsx';
import { count, counted, inWords } from '../parts/format.ts';
import { Loaded, Missing } from '../parts/loaded.tsx';
import { Split } from '../parts/split.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Sentence } from '../parts/text.tsx';
import type { Tone } from '../parts/tone.ts';
import type { CoverageAnswer, Rule } from './coverage-answer.ts';

/** The simulated routes with their hits, each with its rules and their sources, and what is not simulated. */
export function Coverage({ server, id }: ViewProps) {
  const coverage = usePolled<CoverageAnswer>(server, '_sim/coverage');
  return (
    <Loaded of={coverage}>
      {answer => {
        const opened = [...answer.routes, ...answer.behaviours].find(each => each.id === id);
        return (
          <Split
            id={id}
            title={<Code of={id ?? ''} />}
            back={routeOf(server.name, 'coverage')}
            detail={
              opened ? (
                <Rules of={opened.rules} />
              ) : (
                <Missing>
                  There is no route <Code of={id ?? ''} />.
                </Missing>
              )
            }
          >
            <p class="line">{answer.notice}</p>
            <Routes server={server} id={id} of={answer} />
            <Part level="h2" title="Without a request">
              <Table
                label="Behaviours without a request"
                rows={answer.behaviours}
                keyOf={each => each.id}
                opens={each => routeOf(server.name, 'coverage', each.id)}
                opened={id}
                columns={[
                  { name: 'Behaviour', kind: 'main', cell: each => each.id },
                  { name: 'Rules', kind: 'number', cell: each => count(each.rules.length) },
                ]}
              />
            </Part>
            <Part level="h2" title="Not simulated">
              <ul class="bullets">
                {answer.notSimulated.map(line => (
                  <li key={line}>
                    <Sentence of={line} />
                  </li>
                ))}
              </ul>
            </Part>
          </Split>
        );
      }}
    </Loaded>
  );
}

function Routes({ server, id, of }: ViewProps & { of: CoverageAnswer }) {
  const endpoints = of.routes.flatMap(route =>
    route.endpoints.map(endpoint => ({ route, endpoint, hits: route.hitsByEndpoint[endpoint] ?? 0 })),
  );
  return (
    <Table
      label="Routes"
      rows={endpoints}
      keyOf={({ route, endpoint }) => `${route.id} ${endpoint}`}
      opens={({ route }) => routeOf(server.name, 'coverage', route.id)}
      isOpened={({ route }) => route.id === id}
      columns={[
        { name: 'Endpoint', kind: 'main', cell: ({ endpoint }) => <Code of={endpoint} /> },
        { name: 'Requests', kind: 'number', cell: ({ hits }) => count(hits) },
        { name: 'Rules of its route', kind: 'number', cell: ({ route }) => count(route.rules.length) },
      ]}
    />
  );
}

const tones: Readonly<Record<string, Tone>> = { 'seen live': 'good', contradicted: 'bad', chosen: 'warn' };

const Rules = ({ of }: { of: readonly Rule[] }) => (
  <>
    <p class="quiet">{counted(of.length, 'rule')}, each with its source.</p>
    <ul class="rules">
      {of.map(({ rule, source, status, lastTrue }) => (
        <li key={rule}>
          <p>
            <Sentence of={rule} />
          </p>
          <p class="quiet">
            <Chip tone={tones[status] ?? 'plain'}>{inWords(status)}</Chip> {source.from}, read {source.seen}
            {lastTrue !== undefined && `, seen to hold on ${lastTrue}`}
          </p>
        </li>
      ))}
    </ul>
  </>
);
