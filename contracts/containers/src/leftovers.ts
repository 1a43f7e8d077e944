import { getContainerRuntimeClient } from 'testcontainers';
import { isOver } from './run.ts';

/** The label of every container, network and image of these suites; its value is the run that created it. */
export const runLabel = 'org.braze-mixpanel.run';

interface Labelled {
  /** A readable name for messages. */
  readonly name: string;
  readonly run: string;
  readonly kind: 'container' | 'network' | 'image';
  remove(): Promise<void>;
}

/** Containers, including stopped ones, then their networks and images. */
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

/** Removes leftovers of ended runs, but not those of parallel runs. Resolves to the removed ones. */
export async function removeLeftovers(): Promise<string[]> {
  return remove((await labelled()).filter(({ run }) => isOver(run) === true));
}

/**
 * Removes leftovers of this run, and its images. Resolves to the former, which the suites should have
 * removed.
 */
export async function removeLeaks(of: string): Promise<string[]> {
  const own = (await labelled()).filter(({ run }) => run === of);
  const leaked = await remove(own.filter(({ kind }) => kind !== 'image'));
  await remove(own.filter(({ kind }) => kind === 'image'));
  return leaked;
}

/** In order: a network can be removed only after its containers. */
async function remove(things: readonly Labelled[]): Promise<string[]> {
  for (const thing of things) await thing.remove();
  return things.map(({ name }) => name);
}
