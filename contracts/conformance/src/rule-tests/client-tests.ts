/** Tests of what clients rely on and no rule of the coverage states: titles by file. */
export const clientTests: Readonly<Record<string, readonly string[]>> = {
  'packages/simulator-kit/src/transport/keep-alive.test.ts': [
    'an idle connection outlives the pools of common clients, as the answer announces',
  ],
  'contracts/conformance/src/mixpanel-browser/mixpanel-browser.test.ts': [
    'events of a page that is left arrive',
  ],
  'contracts/conformance/src/mixpanel-python/mixpanel-python.test.ts': [
    'merge and alias join two users on original identity',
    'every operation on people arrives',
  ],
  'apps/service/tests/cohorts/webhook-bad-input.test.ts': [
    'a page with numbers as texts and without its project is accepted, and leads to the same members',
  ],
};
