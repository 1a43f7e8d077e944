import { about } from '../../app/about.ts';
import { Chip } from '../../parts/chip.tsx';
import { inWords, short } from '../../parts/format.ts';
import { Table } from '../../parts/table.tsx';
import { Code } from '../../parts/text.tsx';
import type { ComparedProperty } from './compared.ts';
import { RuleText } from './rule-text.tsx';

const changes = {
  changed: 'Changed by Mixpanel',
  added: 'Added by Mixpanel',
  missing: 'Not stored',
} as const;

/** Each property in its three forms, with the rule that made it; differences are marked. */
export function Properties({ of, isStored }: { of: readonly ComparedProperty[]; isStored: boolean }) {
  return (
    <div class="properties">
      <Table
        label="Properties"
        rows={of}
        keyOf={({ key }) => key}
        columns={[
          {
            name: 'In Currents',
            kind: 'main',
            cell: ({ from, given }) => <Value name={from} value={given} none="not sent by Braze" />,
          },
          {
            name: 'Rule',
            kind: 'main',
            cell: ({ rules }) => (rules.length === 0 ? '—' : rules.map(inWords).join(', ')),
          },
          {
            name: 'Mapped',
            kind: 'main',
            cell: ({ to, mapped, isMapped }) => (
              <Value
                name={mapped === undefined ? null : to}
                value={mapped}
                none="left out"
                isMarked={isMapped}
              />
            ),
          },
          {
            name: 'In Mixpanel',
            kind: 'main',
            cell: ({ to, stored, change }) => (
              <>
                <Value
                  name={stored === undefined ? null : to}
                  value={stored}
                  none={isStored ? 'not stored' : 'not known yet'}
                  isMarked={change === 'changed' || change === 'added'}
                />
                {change !== 'none' && (
                  <Chip tone={change === 'missing' ? 'bad' : 'warn'}>{changes[change]}</Chip>
                )}
              </>
            ),
          },
        ]}
      />
      <Rules of={[...new Set(of.flatMap(({ rules }) => rules))]} />
    </div>
  );
}

interface ValueProps {
  readonly name: string | null;
  readonly value: unknown;
  /** What stands for a property that is not there. */
  readonly none: string;
  readonly isMarked?: boolean;
}

const Value = ({ name, value, none, isMarked = false }: ValueProps) =>
  name === null ? (
    <span class="quiet">{none}</span>
  ) : (
    <span class={isMarked ? 'value marked' : 'value'}>
      <Code of={name} />
      <bdi>{short(JSON.stringify(value) ?? 'absent', 120)}</bdi>
    </span>
  );

/** The applied rules: what each does, with its section of the documentation and the vendor's page. */
function Rules({ of }: { of: readonly string[] }) {
  const sections = new Set(of.flatMap(code => about().rules[code]?.section ?? []));
  return (
    <details class="more-facts">
      <summary>{of.length} rules, with their documentation</summary>
      <ul class="rules">
        {of.map(code => {
          const rule = about().rules[code];
          return (
            <li key={code}>
              <strong>{inWords(code)}</strong>
              <span>
                This rule {rule?.does.replaceAll('`', '')}. <Code of={`docs/mapping.md, ${rule?.section}`} />{' '}
                {rule?.source && (
                  <a href={rule.source} rel="noreferrer" target="_blank">
                    The vendor's page
                  </a>
                )}
              </span>
            </li>
          );
        })}
      </ul>
      {[...sections].map(section => (
        <RuleText key={section} section={section} />
      ))}
    </details>
  );
}
