import { foreignCaller, isLoopbackName } from '@braze-mixpanel/core/http';

/** The header that shows that a page of another site sent the request. */
export function example() {
  return foreignCaller({ host: 'localhost:4020', origin: 'https://other.example' }, isLoopbackName);
}
