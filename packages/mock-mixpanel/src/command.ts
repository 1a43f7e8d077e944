import { isTimeZone } from '@braze-mixpanel/core/mixpanel';
import type { TextOption } from '@braze-mixpanel/simulator-kit';
import type { SettingsChange } from './settings.ts';

/** The options of the command `mock-mixpanel` besides those of every simulator. */
export const commandOptions: readonly TextOption[] = [
  {
    name: 'time-zone',
    value: 'name',
    description: 'time zone of the project, such as Europe/Berlin; UTC by default',
    variable: 'MOCK_MIXPANEL_TIME_ZONE',
  },
];

/** The settings that the options of the command give. @throws Error with one sentence for another than a time zone. */
export function settingsOf(texts: Readonly<Record<string, string | undefined>>): SettingsChange {
  const timeZone = texts['time-zone'];
  if (timeZone === undefined) return {};
  if (isTimeZone(timeZone)) return { timeZone };
  throw new Error(
    `--time-zone (MOCK_MIXPANEL_TIME_ZONE) must be the name of a time zone, not "${timeZone}". For example: --time-zone Europe/Berlin`,
  );
}
