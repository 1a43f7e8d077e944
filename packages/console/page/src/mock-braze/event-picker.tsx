import { counted } from '../parts/format.ts';
import { Segments } from '../parts/segments.tsx';

interface EventPickerProps {
  readonly types: readonly string[];
  readonly chosen: 'all' | readonly string[];
  readonly onChoose: (chosen: 'all' | readonly string[]) => void;
}

/** Channels whose name in a type is several words. */
const channels: Readonly<Record<string, string>> = {
  pushnotification: 'push notification',
  inappmessage: 'in-app message',
  contentcard: 'Content Card',
  newsfeedcard: 'News Feed card',
  subscriptiongroup: 'subscription group',
  featureflag: 'feature flag',
};

/** `users.messages.email.MarkAsSpam` as `Messages: email` and `Mark as spam`. */
function wordsOf(type: string): readonly [group: string, name: string] {
  const parts = type.split('.');
  const last = (parts.at(-1) ?? type).replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  const name = last.charAt(0).toUpperCase() + last.slice(1);
  const [, area = 'other', channel] = parts;
  const group = parts.length > 3 && channel !== undefined ? `${area}: ${channels[channel] ?? channel}` : area;
  return [group.charAt(0).toUpperCase() + group.slice(1), name];
}

/** The events of a Current: all, or selected ones by channel. */
export function EventPicker({ types, chosen, onChoose }: EventPickerProps) {
  const groups = new Map<string, string[]>();
  for (const type of types) {
    const [group] = wordsOf(type);
    groups.set(group, [...(groups.get(group) ?? []), type]);
  }
  const list = chosen === 'all' ? types : chosen.filter(type => types.includes(type));
  const toggle = (some: readonly string[], isOn: boolean) =>
    onChoose(isOn ? [...new Set([...list, ...some])] : list.filter(type => !some.includes(type)));
  return (
    <div class="picker">
      <div class="row">
        <Segments
          label="Events"
          value={chosen === 'all' ? 'all' : 'some'}
          onValue={value => onChoose(value === 'all' ? 'all' : [])}
          options={[
            ['all', 'All events'],
            ['some', 'Selected events'],
          ]}
        />
        <span class="quiet">
          {chosen === 'all'
            ? `All ${counted(types.length, 'type')}, and any that Braze adds.`
            : `${list.length} of ${counted(types.length, 'type')}.`}
        </span>
      </div>
      {chosen !== 'all' &&
        [...groups].map(([group, members]) => (
          <details key={group} open={members.some(type => list.includes(type))}>
            <summary>
              {group}{' '}
              <span class="quiet">
                {members.filter(type => list.includes(type)).length} of {members.length}
              </span>
            </summary>
            <label class="check">
              <input
                type="checkbox"
                checked={members.every(type => list.includes(type))}
                onChange={event => toggle(members, event.currentTarget.checked)}
              />
              All of {group}
            </label>
            {members.map(type => (
              <label key={type} class="check" title={type}>
                <input
                  type="checkbox"
                  checked={list.includes(type)}
                  onChange={event => toggle([type], event.currentTarget.checked)}
                />
                {wordsOf(type)[1]}
              </label>
            ))}
          </details>
        ))}
    </div>
  );
}
