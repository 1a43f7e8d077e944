import { Router } from 'express';

export interface CurrentsObserver {
  /** Connection names are bounded: those that are not configured are told as the empty text. */
  readonly isConnection: (name: string) => boolean;
  /** Milliseconds that only ever grow. */
  readonly monotonic: () => number;
  readonly ended: (connection: string, answer: string, seconds: number) => void;
}

/** Stands before the Currents routes and tells how each of their requests ended. */
export function observeCurrents({ isConnection, monotonic, ended }: CurrentsObserver): Router {
  const router = Router();
  router.post(['/currents', '/currents/:connection'], (request, response, next) => {
    const began = monotonic();
    const name = String(request.params.connection ?? 'default');
    response.once('close', () => {
      const answer = response.writableFinished ? (response.locals.error ?? 'accepted') : 'aborted';
      ended(isConnection(name) ? name : '', String(answer), (monotonic() - began) / 1_000);
    });
    next();
  });
  return router;
}
