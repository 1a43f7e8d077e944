import { getContainerRuntimeClient } from 'testcontainers';

/** The label on every container and network of these suites; its value is the process id of the run that made it. */
export const runLabel = 'org.braze-mixpanel.run';

interface Labelled {
  /** What people know it by, for messages. */
  readonly name: string;
  /** Process id of the run. */
  readonly run: number;
  remove(): Promise<void>;
}

/** Containers, dead ones included, then the networks they were in. */
async function labelled(): Promise<Labelled[]> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const filters = { label: [runLabel] };
  const containers = await dockerode.listContainers({ all: true, filters });
  const networks = await dockerode.listNetworks({ filters });
  return [
    ...containers.map(({ Id, Image, Labels, Names }) => ({
      name: `container ${Names[0] ?? Id.slice(0, 12)} of ${Image}`,
      run: Number(Labels[runLabel]),
      remove: () => dockerode.getContainer(Id).remove({ force: true, v: true }),
    })),
    ...networks.map(({ Id, Labels, Name }) => ({
      name: `network ${Name}`,
      run: Number(Labels?.[runLabel]),
      remove: () => dockerode.getNetwork(Id).remove(),
    })),
  ];
}

/** Removes what runs left behind that are no more; what a run beside this one uses stays. Resolves to what was removed. */
export async function removeLeftovers(): Promise<string[]> {
  return remove((await labelled()).filter(({ run }) => !isAlive(run)));
}

/** Removes what this run should have removed itself. Resolves to what that was. */
export async function removeLeaks(): Promise<string[]> {
  return remove((await labelled()).filter(({ run }) => run === process.pid));
}

/** In order: a network goes after the containers in it. */
async function remove(things: readonly Labelled[]): Promise<string[]> {
  for (const thing of things) await thing.remove();
  return things.map(({ name }) => name);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
