import { physical } from '../recordings/leads.ts';
import { recordNames } from '../recordings/wfdb/record.ts';
import { openedRecord } from './recording-folders.ts';

/** Noise to be mixed in: one recorded channel each, mV, at any rate near the recordings'. */
export type NoiseChannels = readonly Float32Array[];

/** All channels of the noise recordings of a folder, mV; none without a folder. */
export const noiseOf = async (directory: string | undefined): Promise<NoiseChannels> => {
  if (directory === undefined) return [];
  const channels: Float32Array[] = [];
  for (const name of await recordNames(directory)) {
    const record = await openedRecord(directory, name);
    for (const i of record.signals.keys()) channels.push(physical(record, i).map((v) => (Number.isNaN(v) ? 0 : v)));
  }
  return channels;
};
