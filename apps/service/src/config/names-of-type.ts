import { catalogueVersions } from '@braze-mixpanel/core/currents';

/** Names of an event type in Mixpanel, in every catalogue version that has it; none for custom events. */
export const namesOfType = (eventType: string): string[] =>
  [...catalogueVersions.values()].flatMap(({ byType }) => {
    const entry = byType.get(eventType);
    return entry === undefined || entry.naming !== undefined ? [] : [entry.name];
  });
