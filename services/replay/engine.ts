import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { isEcgLead } from '../../schemas/codes.ts';
import { AssignmentSchema, type Telemetry, TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { type Gateway, makeGateway } from '../gateway/gateway.ts';
import type { Journal } from '../logging/journal.ts';
import { makeFolder } from '../make-folder.ts';
import type { Meters } from '../metrics/meters.ts';
import type { EventLog } from '../ports/event-log.ts';
import { signalMeanings } from '../recordings/lead-codes.ts';
import { readRecord, type WfdbRecord } from '../recordings/wfdb/record.ts';
import { framesOf, lengthUs, REPLAY_START } from './frames.ts';
import { type Gathering, openGathering } from './gathering.ts';
import { annotationFile, type BedSaid, findingLines } from './outputs.ts';

export interface ReplayOptions {
  /** Folder of the records, and which of them. */
  readonly directory: string;
  readonly records: readonly string[];
  /** Folder of the outputs; made if it is not there. */
  readonly out: string;
  readonly log: EventLog;
  readonly meters: Meters;
  readonly journal: Journal;
  readonly chunkMs: number;
  /** Records that are played at the same time. */
  readonly sideBySide: number;
  /** Before a record's name to make the bed's: on a log that others use too, beds must not be known already. */
  readonly bedPrefix: string;
  /** No word from the stages for so long is a failure. */
  readonly stalledMs?: number;
  /** What the monitor would have sent instead of the recording, for example with noise over it. Same rate, same length. */
  readonly change?: ((record: WfdbRecord) => WfdbRecord) | undefined;
  /** Ends the replay between two frames: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, word: string) => void;
}

export interface ReplayResult {
  readonly written: readonly string[];
  readonly failures: readonly { readonly record: string; readonly sentence: string }[];
  /** Records in which no signal is an ECG: nothing can be said of their hearts. Each with the signals that it has. */
  readonly withoutEcg: readonly { readonly record: string; readonly sentence: string }[];
  /** Recorded time that was played, of the written records. */
  readonly playedS: number;
}

const STALLED_MS_USUAL = 60_000;
const SOURCE = 'vigil-replay';
/** After the last sample: the bed is free. Later than ECG counts as quiet (stream-models/analysis/observe.ts). */
const DISCHARGE_AFTER_US = 2.5e6;
/** Later than the alarms' next roll call. */
const LAST_WORD_AFTER_US = 65e6;

/** One record on its way to the gateway. */
interface PlayedBed {
  readonly record: WfdbRecord;
  readonly bed: string;
  readonly frames: Iterator<Telemetry, void>;
  refused: string | undefined;
}

function* wholeStay(record: WfdbRecord, bed: string, chunkMs: number): Generator<Telemetry, void> {
  let sequence = 0;
  for (const frame of framesOf(record, { bed, source: SOURCE, chunkMs, start: REPLAY_START })) {
    sequence = frame.sequence;
    yield frame;
  }
  const endUs = Math.round(REPLAY_START + lengthUs(record));
  const discharged = endUs + DISCHARGE_AFTER_US;
  yield create(TelemetrySchema, {
    bed,
    source: SOURCE,
    sequence: sequence + 1,
    deviceTimeUs: discharged,
    assignment: create(AssignmentSchema, { patient: '', fromUs: discharged, population: 'adult' }),
  });
  yield create(TelemetrySchema, {
    bed,
    source: SOURCE,
    sequence: sequence + 2,
    deviceTimeUs: endUs + LAST_WORD_AFTER_US,
  });
}

/** Frames of one round (one of each bed) that are on the way to the log before the next round waits. */
const ROUNDS_ON_THE_WAY = 8;

/**
 * Plays records through the real gateway into a log on which the real stages work (in this process or another), and
 * writes what was said of each. The gateway's clock is the frames' own time. A record that cannot be read or played is a
 * failure with a sentence; the others go on. Rejects when the log or the stages fail.
 */
export const replay = async (options: ReplayOptions): Promise<ReplayResult> => {
  makeFolder(options.out);
  await forgetOutputs(options);
  let now: Moment = REPLAY_START;
  const { log, meters, journal } = options;
  // Every record has a bed of its own, known beforehand: none of them is a name that a sender made up.
  const bedsMax = options.records.length;
  const gateway = makeGateway({ log, meters, journal, now: () => now, lingerMs: 0, turnMs: 0, bedsMax });
  const gathering = await openGathering(log, options.stalledMs ?? STALLED_MS_USUAL);
  const written: string[] = [];
  const failures: { record: string; sentence: string }[] = [];
  const withoutEcg: { record: string; sentence: string }[] = [];
  let playedS = 0;
  const total = options.records.length;
  const setNow = (at: Moment): void => {
    now = at;
  };
  try {
    for (let first = 0; first < total; first += options.sideBySide) {
      const names = options.records.slice(first, first + options.sideBySide);
      const beds = await openGroup(options, names, failures);
      for (const { record } of beds) {
        const { signals } = record.header;
        if (signalMeanings(signals).some(({ code }) => isEcgLead(code))) continue;
        const named = signals.map(({ description, unit }) => `${description} in ${unit}`).join(', ');
        withoutEcg.push({ record: record.name, sentence: `no signal is an ECG in mV, uV or V: ${named}` });
      }
      for (const { record, bed } of beds) gathering.expect({ bed, endUs: Math.round(REPLAY_START + lengthUs(record)) });
      await playGroup(gateway, beds, setNow, options.signal, (share) =>
        options.onProgress?.(first + share * names.length, total, ''),
      );
      for (const each of beds) {
        await finishBed(options, gathering, each, failures, written);
        if (each.refused === undefined) playedS += lengthUs(each.record) / 1e6;
        options.onProgress?.(first + names.length * 0.9, total, each.record.name);
      }
    }
  } finally {
    await gateway.close();
    await gathering.close();
  }
  return { written, failures, withoutEcg, playedS };
};

const OUTPUTS = ['vgl', 'ndjson'];

/** What an earlier replay said of these records must not stand as what this one said, should it fail. */
const forgetOutputs = async ({ out, records }: ReplayOptions): Promise<void> => {
  for (const name of records)
    for (const extension of OUTPUTS) await rm(join(out, `${name}.${extension}`), { force: true });
};

const openGroup = async (
  options: ReplayOptions,
  names: readonly string[],
  failures: { record: string; sentence: string }[],
): Promise<PlayedBed[]> => {
  const beds: PlayedBed[] = [];
  for (const name of names) {
    const record = await readRecord(options.directory, name);
    if (E.isLeft(record)) {
      failures.push({ record: name, sentence: record.left.sentence });
      continue;
    }
    const bed = `${options.bedPrefix}${name}`;
    const played = options.change?.(record.right) ?? record.right;
    beds.push({ record: played, bed, frames: wholeStay(played, bed, options.chunkMs), refused: undefined });
  }
  return beds;
};

/** One frame of every bed, round after round, until the longest record is over. */
const playGroup = async (
  gateway: Gateway,
  beds: readonly PlayedBed[],
  setNow: (at: Moment) => void,
  signal: AbortSignal | undefined,
  onShare: (share: number) => void,
): Promise<void> => {
  const longestUs = Math.max(1, ...beds.map(({ record }) => lengthUs(record)));
  let playing = [...beds];
  const rounds: Promise<unknown>[] = [];
  while (playing.length > 0) {
    signal?.throwIfAborted();
    const round: Promise<void>[] = [];
    playing = playing.filter((each) => {
      const { value: frame, done } = each.frames.next();
      if (done === true || each.refused !== undefined) return false;
      setNow(moment(frame.deviceTimeUs));
      round.push(
        gateway.accept(encodeTelemetry(frame)).then((answer) => {
          if (!answer.ok) each.refused ??= answer.sentence;
        }),
      );
      onShare(0.9 * Math.min(1, (frame.deviceTimeUs - REPLAY_START) / longestUs));
      return true;
    });
    rounds.push(Promise.all(round));
    if (rounds.length >= ROUNDS_ON_THE_WAY) await rounds.shift();
  }
  await Promise.all(rounds);
};

/** Whole or not at all: a file that is there is a finished one. */
const writeWhole = async (path: string, content: Uint8Array | string): Promise<void> => {
  await writeFile(`${path}.part`, content);
  await rename(`${path}.part`, path);
};

const finishBed = async (
  options: ReplayOptions,
  gathering: Gathering,
  { record, bed, refused }: PlayedBed,
  failures: { record: string; sentence: string }[],
  written: string[],
): Promise<void> => {
  if (refused !== undefined) {
    gathering.forget(bed);
    failures.push({ record: record.name, sentence: `the gateway refused a frame: ${refused}` });
    return;
  }
  const said: BedSaid = {
    ...{ record: record.name, bed, startUs: REPLAY_START, rateHz: record.header.rateHz },
    ...(await gathering.whole(bed)),
  };
  await writeWhole(join(options.out, `${record.name}.vgl`), annotationFile(said));
  await writeWhole(join(options.out, `${record.name}.ndjson`), findingLines(said));
  written.push(record.name);
};
