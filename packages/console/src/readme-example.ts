import { consoleRouter } from '@braze-mixpanel/console';
import express from 'express';

/** An application with the console of the service at `/console`. */
export function example() {
  return express().use(
    '/console',
    consoleRouter({ servers: [{ name: 'service', kind: 'service', api: '../' }] }),
  );
}
