/** Pact's native part reports its use to its makers unless this is set before it starts. */
process.env.PACT_DO_NOT_TRACK = '1';
