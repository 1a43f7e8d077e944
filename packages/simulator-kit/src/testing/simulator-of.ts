import { createClock, createSimulator, respond, type Simulator, type SimulatorOptions } from '../index.ts';

/** A simulator with nothing but the given parts. For tests only. */
export function simulatorOf(parts: Partial<SimulatorOptions> = {}): Simulator {
  return createSimulator({
    name: 'mock-nothing',
    clock: createClock({ start: 0, frozen: true }),
    routes: [],
    state: { get: () => ({ cohorts: [] }), put: () => {}, reset: () => {} },
    vendor: {
      notFound: () => respond(404, { message: 'nothing here' }),
      wrongMethod: () => respond(405, { message: 'not so' }),
      bodyOf: status => ({ message: `status ${status}` }),
    },
    ...parts,
  });
}
