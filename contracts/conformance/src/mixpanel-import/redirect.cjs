/**
 * Preloaded (`--require`) before mixpanel-import, whose hosts are fixed: its connections to Mixpanel go to MIXPANEL_SIMULATOR.
 * The library itself runs as it was published.
 */
const { dirname } = require('node:path');

const library = dirname(require.resolve('mixpanel-import'));
const undici = require(require.resolve('undici', { paths: [library] }));
const { Pool } = undici;

undici.Pool = class extends Pool {
  constructor(origin, options) {
    if (!new URL(origin).host.endsWith('mixpanel.com')) throw new Error(`unexpected origin ${origin}`);
    super(process.env.MIXPANEL_SIMULATOR, options);
  }
};
