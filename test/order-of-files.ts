/**
 * The order in which vitest takes up the files. Of itself it takes one project after the other: what computes first, then, on cores
 * that have nothing to do, what waits for servers. Here a file that waits stands before every few that compute: both go on side by
 * side, and the long waits are over before the computing is.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** A file that waits takes some ten times as long as one that computes. */
const COMPUTING_PER_WAITING = 8;

/** One of the waiting before each so many of the computing; each kind stays in its order. */
export const spread = <T>(waiting: readonly T[], computing: readonly T[], perWaiting: number): readonly T[] => {
  const rounds = Math.max(waiting.length, Math.ceil(computing.length / perWaiting));
  return Array.from({ length: rounds }, (_, i) => [
    ...waiting.slice(i, i + 1),
    ...computing.slice(i * perWaiting, (i + 1) * perWaiting),
  ]).flat();
};

export class WaitingBesideComputing extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const perProject = Map.groupBy(await super.sort(files), ({ project }) => project.name);
    const [waiting, computing] = [perProject.get('servers') ?? [], perProject.get('promises') ?? []];
    perProject.delete('servers');
    perProject.delete('promises');
    return [...[...perProject.values()].flat(), ...spread(waiting, computing, COMPUTING_PER_WAITING)];
  }
}
