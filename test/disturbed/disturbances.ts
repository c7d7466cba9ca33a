/** What may happen to the processes of a ward. */
import type { Ended, StageProcess } from './stage-process.ts';
import { type Part, partNames, type Ward } from './ward.ts';

/** A process is killed, and a restart policy starts a fresh one at once. Resolves when that one runs. */
export const killAndRestart = async (ward: Ward, part: Part): Promise<void> => {
  await ward.current(part).kill();
  await ward.start(part).running();
};

/**
 * The upgrade procedure (docs/engineer.md). Analysis and alarms share their partitions with a fresh process before the old
 * one stops. Front and recorder stop first: the front has one address, and a strip wants all of a bed in one recorder.
 */
export const upgrade = async (ward: Ward, part: Part): Promise<Ended> => {
  const old = ward.current(part);
  if (part === 'front' || part === 'recorder') {
    const ended = await old.stop();
    await ward.start(part).running();
    return ended;
  }
  await ward.start(part).running();
  return old.stop();
};

/** Part after part, each as often as it takes. */
export const inTurn = (step: number): Part => partNames[step % partNames.length]!;

/** Ends every process of a ward at once; what could not be closed in time is among the answers, too. */
export const stopAll = (ward: Ward): Promise<readonly Ended[]> =>
  Promise.all(partNames.map((part) => ward.current(part).stop()));

export const startAll = async (ward: Ward): Promise<readonly StageProcess[]> => {
  const started = partNames.map((part) => ward.start(part));
  await Promise.all(started.map((each) => each.running()));
  return started;
};
