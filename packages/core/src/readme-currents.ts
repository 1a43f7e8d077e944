import { catalogue2022_06, resolveSelection } from '@braze-mixpanel/core/currents';

/** Event types of Braze for the names of events in Mixpanel. */
export function example() {
  return resolveSelection(['email open', 'Custom Event'], catalogue2022_06);
}
