import { about } from '../../app/about.ts';
import { Chip } from '../../parts/chip.tsx';
import { counted, inWords, short } from '../../parts/format.ts';
import { Table } from '../../parts/table.tsx';
import { Code } from '../../parts/text.tsx';
import { type ComparedProperty, differencesOf } from './compared.ts';
import { RuleText } from './rule-text.tsx';

const changes = {
  changed: 'Changed by Mixpanel',
  added: 'Added by Mixpanel',
  missing: 'Not stored',
} as const;

/** Each property in its three forms, with the rule that made it; differences are marked. */
export function Properties({ of, isStored }: { of: readonly ComparedProperty[]; isStored: boolean }) {
  const { each, inMixpanel } = differencesOf(of);
  return (
    <div class="properties">
      <p class="differences">
        {counted(of.length, 'property', 'properties')}: {each.join(', ')}.{' '}
        {inMixpanel.length > 0 && `Of those sent to Mixpanel: ${inMixpanel.join(', ')}. `}What differs from
        the stage before is <mark>marked</mark>.
      </p>
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
            cell: ({ to, mapped, isRenamed, isConverted }) => (
              <Value
                name={mapped === undefined ? null : to}
                value={mapped}
                none="left out"
                marks={[isRenamed, isConverted]}
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
                  marks={[change === 'added', change === 'changed' || change === 'added']}
                  isSame={change === 'none'}
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
  /** Whether its name and its value differ from the stage before. */
  readonly marks?: readonly [name: boolean, value: boolean];
  /** Whether both are as in the stage before, for certain. */
  readonly isSame?: boolean;
}

function Value({ name, value, none, marks: [isNameNew, isValueNew] = [false, false], isSame }: ValueProps) {
  if (name === null) return <span class="quiet">{none}</span>;
  const text = <bdi>{short(JSON.stringify(value) ?? 'absent', 120)}</bdi>;
  return (
    <span class={isSame ? 'value same' : 'value'}>
      {isNameNew ? (
        <mark>
          <Code of={name} />
        </mark>
      ) : (
        <Code of={name} />
      )}
      {isValueNew ? <mark>{text}</mark> : text}
    </span>
  );
}

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
