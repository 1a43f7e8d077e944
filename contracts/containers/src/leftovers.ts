import { getContainerRuntimeClient } from 'testcontainers';
import { isOver } from './run.ts';

/** The label on every container, network and image of these suites; its value is the run that made it. */
export const runLabel = 'org.braze-mixpanel.run';

interface Labelled {
  /** What people know it by, for messages. */
  readonly name: string;
  readonly run: string;
  readonly kind: 'container' | 'network' | 'image';
  remove(): Promise<void>;
}

/** Containers, dead ones included, then the networks they were in and the images they were made from. */
async function labelled(): Promise<Labelled[]> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const filters = { label: [runLabel] };
  const containers = await dockerode.listContainers({ all: true, filters });
  const networks = await dockerode.listNetworks({ filters });
  const images = await dockerode.listImages({ filters: JSON.stringify(filters) });
  return [
    ...containers.map(({ Id, Image, Labels, Names }) => ({
      name: `container ${Names[0] ?? Id.slice(0, 12)} of ${Image}`,
      kind: 'container' as const,
      run: String(Labels[runLabel]),
      remove: () => dockerode.getContainer(Id).remove({ force: true, v: true }),
    })),
    ...networks.map(({ Id, Labels, Name }) => ({
      name: `network ${Name}`,
      kind: 'network' as const,
      run: String(Labels?.[runLabel]),
      remove: () => dockerode.getNetwork(Id).remove(),
    })),
    ...images.map(({ Id, RepoTags, Labels }) => ({
      name: `image ${RepoTags?.[0] ?? Id.slice(7, 19)}`,
      kind: 'image' as const,
      run: String(Labels?.[runLabel]),
      remove: async () => {
        await dockerode.getImage(Id).remove({ force: true });
      },
    })),
  ];
}

/** Removes what runs left behind that are no more; what a run beside this one uses stays. Resolves to what was removed. */
export async function removeLeftovers(): Promise<string[]> {
  return remove((await labelled()).filter(({ run }) => isOver(run) === true));
}

/** Removes what a run should have removed itself, and its images, which it could not. Resolves to what the former were. */
export async function removeLeaks(of: string): Promise<string[]> {
  const own = (await labelled()).filter(({ run }) => run === of);
  const leaked = await remove(own.filter(({ kind }) => kind !== 'image'));
  await remove(own.filter(({ kind }) => kind === 'image'));
  return leaked;
}

/** In order: a network goes after the containers in it. */
async function remove(things: readonly Labelled[]): Promise<string[]> {
  for (const thing of things) await thing.remove();
  return things.map(({ name }) => name);
}
