import { respond } from '../answer.ts';
import { ControlInputError } from '../control/input.ts';
import type { SimAnswer } from '../types.ts';
import { BodyTooLarge, type IncomingRequest } from './incoming-request.ts';

/**
 * The answer for an error thrown while handling a request. Unexpected errors are logged and answered with
 * 500.
 */
export function answerFailure(error: unknown, request: IncomingRequest): SimAnswer {
  if (error instanceof ControlInputError) {
    const { message, faults } = error;
    return respond(400, { error: message, ...(faults.length > 0 && { faults }) });
  }
  if (error instanceof BodyTooLarge) {
    const headers = { connection: 'close' };
    return respond(413, { error: error.message }, { rule: 'body limit of the simulator', headers });
  }
  // Values nested so deeply that they overflow the stack: JSON.parse reads them, most other code can't.
  if (error instanceof RangeError && /call stack/.test(error.message))
    return respond(
      400,
      { error: 'This body is nested deeper than the simulator accepts.' },
      { rule: 'nesting' },
    );
  if (request.signal?.aborted) return { kind: 'reset', rule: 'the client disconnected' };
  const where = `${request.method} ${request.path}`;
  const reason = error instanceof Error ? error.message : String(error);
  console.error(`Defect of the simulator at ${where}:`, error);
  const body = { error: `The simulator itself failed at ${where}: ${reason}` };
  return respond(500, body, { rule: 'defect of the simulator' });
}
