import { runSoak } from './run-soak.ts';

export interface SoakArguments {
  readonly minutes: number;
  readonly rate: number;
  readonly drain: number;
}

export async function soak({ minutes, rate, drain }: SoakArguments): Promise<void> {
  const report = (sentence: string) => console.error(sentence);
  console.log(
    JSON.stringify(
      await runSoak({ outageSeconds: minutes * 60, rate, drainSeconds: drain, report }),
      null,
      2,
    ),
  );
}
