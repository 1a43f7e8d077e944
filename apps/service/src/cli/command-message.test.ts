import { expect, it } from 'vitest';
import { errors } from '../errors/catalogue.ts';
import { commandMessage } from './command-message.ts';

/** Errors that no command meets: those of routes for Braze, and of one for the console. */
const ofOtherRoutes = (code: string, stage: string) => stage === 'ingest' || code === 'traffic_not_kept';

const messages = Object.entries(errors)
  .filter(([code, { stage }]) => !ofOtherRoutes(code, stage))
  .map(([code, { message }]) => [code, commandMessage(code, 'my id') ?? message] as const);

it.each(messages)('%s names no route and no JSON to a user of the command line', (_, text) => {
  expect(text).not.toMatch(/\b(GET|POST|DELETE) \/|"\w+":|`next`/);
  expect(text).toMatch(/\.$/);
});
