import { respond, type VendorAnswers } from '@braze-mixpanel/simulator-kit';
import { plainBody } from './import/answers.ts';

/** Mixpanel's answers for unknown paths and methods. */
export const vendorAnswers: VendorAnswers = {
  notFound: () => respond(404, plainBody(404), { rule: 'no such path' }),
  wrongMethod: (_, allowed) =>
    respond(405, plainBody(405), { headers: { allow: allowed.join(', ') }, rule: 'wrong method' }),
  bodyOf: plainBody,
};
