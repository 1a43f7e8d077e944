import { runSoak } from './run-soak.ts';

export interface SoakArguments {
  readonly minutes: number;
  readonly rate: number;
}

export async function soak({ minutes, rate }: SoakArguments): Promise<void> {
  const report = (sentence: string) => console.error(sentence);
  console.log(JSON.stringify(await runSoak({ outageSeconds: minutes * 60, rate, report }), null, 2));
}
