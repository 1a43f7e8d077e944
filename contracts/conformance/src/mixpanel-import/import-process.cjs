/** Runs mixpanel-import once with what the parent sends, and sends its result back. */
const mixpanelImport = require('mixpanel-import');

process.once('message', ({ credentials, records, options }) => {
  mixpanelImport(credentials, records, { ...options, verbose: false, showProgress: false, logs: false }).then(
    ({ success, failed, rateLimit, errors }) =>
      process.send({ success, failed, rateLimit, errors }, () => process.exit()),
    error => process.send({ error: String(error) }, () => process.exit(1)),
  );
});
