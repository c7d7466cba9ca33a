import type { StageName } from '../../schemas/engine.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import type { Meters } from '../metrics/meters.ts';
import { makeParts, type Parts } from './part.ts';
import { processName } from './process-name.ts';

/** What a process (in `npm start`: a thread) knows of itself. One per process; whoever runs something here tells it. */
export interface Self {
  readonly stages: readonly StageName[];
  /** With `stages` this tells one life of a process from the next. */
  readonly startedUs: Moment;
  readonly version: string;
  readonly parts: Parts;
  readonly meters: Meters;
  readonly name: () => string;
  /** The inference provider in use, in words; empty where nothing is inferred. */
  readonly provider: () => string;
  readonly infersBy: (provider: () => string) => void;
  /** A partition by which processes of these stages are told apart came or went. */
  readonly has: (partition: number) => void;
  readonly lost: (partition: number) => void;
}

export interface SelfOptions {
  readonly stages: readonly StageName[];
  readonly version: string;
  readonly meters: Meters;
  readonly now: () => Moment;
}

/** This process as it begins: no partition, no provider yet. */
export const makeSelf = ({ stages, version, meters, now }: SelfOptions): Self => {
  const partitions = new Set<number>();
  let provider = (): string => '';
  return {
    stages,
    version,
    meters,
    // Finer than the clock's milliseconds, so that two processes that start together differ.
    startedUs: moment(Math.round(now() + ((performance.now() * 1e3) % 1e3))),
    parts: makeParts(now),
    name: () => processName(stages, partitions),
    provider: () => provider(),
    infersBy: (inUse) => {
      provider = inUse;
    },
    has: (partition) => partitions.add(partition),
    lost: (partition) => partitions.delete(partition),
  };
};
