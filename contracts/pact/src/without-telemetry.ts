/** Set before it starts: otherwise Pact's native part reports its use to its makers. */
process.env.PACT_DO_NOT_TRACK = '1';
