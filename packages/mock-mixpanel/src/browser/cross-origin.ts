import { rulesFrom } from '../sources.ts';

/**
 * The access of web pages to the routes of client libraries. `Content-Type` is not among the headers, so a page
 * can send forms, but no `application/json`.
 */
export const openToPages = { crossOrigin: { headers: ['X-Requested-With'] } };

/** The rules behind `openToPages`. */
export const pageRules = [
  ...rulesFrom.liveAnswers(
    'a page of any origin may read the answer: CORS with the origin itself and with credentials',
    'a preflight does not allow Content-Type, so pages send forms, not application/json',
  ),
  ...rulesFrom.choice('the status of a preflight, 204; answers with an error are readable as well'),
];
