import type { CommonArguments } from '../measure/finish.ts';
import type { Measured } from '../measure/result.ts';
import { measureSimulators } from './measure-simulators.ts';
import { simulatorMarks, simulatorsReport } from './simulators-report.ts';

/** Options of `bench simulators`. */
export interface SimulatorArguments extends CommonArguments {
  events: number;
  members: number;
  connections: number;
  timeout: number;
  cpuProf?: string;
}

/** Measures the simulators. @throws Error if an event or a member is missing */
export async function simulators(given: SimulatorArguments): Promise<Measured> {
  const { events, members, connections } = given;
  const options = { events, members, connections };
  const figures = await measureSimulators({
    ...options,
    timeoutMs: given.timeout * 1_000,
    profileFolder: given.cpuProf,
  });
  return {
    ...{ bench: 'simulators', options, figures, marks: simulatorMarks(figures) },
    text: simulatorsReport(figures),
  };
}
