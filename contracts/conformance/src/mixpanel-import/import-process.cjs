/** Runs each import that the parent sends with mixpanel-import, and sends its result back. */
const mixpanelImport = require('mixpanel-import');

process.on('message', ({ credentials, records, options }) => {
  mixpanelImport(credentials, records, { ...options, verbose: false, showProgress: false, logs: false }).then(
    ({ success, failed, rateLimit, errors }) => process.send({ success, failed, rateLimit, errors }),
    error => process.send({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
