/**
 * What to do where MIXPANEL_PROJECT_TIMEZONE is not the time zone of the raw export.
 *
 * @param set value of the setting
 * @param isUtc whether the data show that the export may be in UTC
 */
export function projectZoneAdvice(set?: string, isUtc = false): string {
  const setting = 'MIXPANEL_PROJECT_TIMEZONE';
  if (set === 'UTC') return `${setting} is UTC. Set it to the time zone in the settings of the project.`;
  const [value, name] =
    set === undefined
      ? ['', setting]
      : [`${setting} is ${set}${isUtc ? ', and the data fit UTC' : ''}. `, 'it'];
  return (
    `${value}Unset ${name} if the project was created in 2023 or later: its raw export is in UTC. ` +
    'Otherwise set it to the time zone in the settings of the project.'
  );
}
