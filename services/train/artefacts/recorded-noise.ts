import { noisePower } from '../../evaluate/beats/noise-stress.ts';
import { physical } from '../../recordings/leads.ts';
import type { WfdbRecord } from '../../recordings/wfdb/record.ts';
import { openedRecord, type RecordingFolder } from '../recording-folders.ts';

/** One channel of recorded noise. */
export interface NoiseChannel {
  readonly samplesMv: Float32Array;
  readonly rateHz: number;
  /** As `nst` reckons it, mV². */
  readonly powerMv2: number;
}

/** Recorded noise: of an electrode that moves (em), and of muscles (ma). */
export interface RecordedNoise {
  readonly motion: WfdbRecord;
  readonly muscle: WfdbRecord;
}

/** Reads em and ma from the folders of noise. Throws an Error that says what is missing. */
export const recordedNoise = async (data: string, folders: readonly RecordingFolder[]): Promise<RecordedNoise> => {
  const found = async (name: string): Promise<WfdbRecord> => {
    const folder = folders.find(({ kind, names }) => kind === 'noise' && names.includes(name));
    if (folder === undefined)
      throw new Error(`${data} holds no folder of noise with a record ${name}; it needs bw, em and ma of nstdb`);
    return openedRecord(folder.path, name);
  };
  return { motion: await found('em'), muscle: await found('ma') };
};

/** One half of a recording. Copies are made with the first, so that networks can be asked about noise that none has heard. */
export const halfOf = (record: WfdbRecord, half: 'first' | 'second'): WfdbRecord => ({
  ...record,
  signals: record.signals.map((samples) => {
    const middle = samples.length >> 1;
    return half === 'first' ? samples.slice(0, middle) : samples.slice(middle);
  }),
});

/** The channels of a noise recording; where there is no sample there is no noise. */
export const channelsOf = (record: WfdbRecord): readonly NoiseChannel[] =>
  record.signals.map((_, i) => {
    const samplesMv = physical(record, i).map((value) => (Number.isNaN(value) ? 0 : value));
    const { rateHz } = record.header;
    return { samplesMv, rateHz, powerMv2: noisePower(samplesMv, rateHz) };
  });
