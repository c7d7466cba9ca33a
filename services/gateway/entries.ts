import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { elapsed, type Moment, seconds } from '../../schemas/units.ts';
import type { Meters } from '../metrics/meters.ts';
import type { LogError, NewRecord } from '../ports/event-log.ts';
import { type Answer, logUnavailable, type Refused } from './answer.ts';
import type { Overheard } from './overheard.ts';
import type { WardDraft } from './ward-draft.ts';

/** What waits for the log. */
export type Entry =
  | {
      readonly tag: 'Frame';
      readonly frame: Telemetry;
      readonly heardAt: Moment;
      readonly bytes: number;
      readonly answer: (answer: Answer) => void;
    }
  | {
      readonly tag: 'Rejected';
      readonly record: NewRecord;
      readonly refused: Refused;
      readonly answer: (answer: Answer) => void;
    }
  | {
      readonly tag: 'Second';
      readonly now: Moment;
      /** Silences of beds that are heard by other ways. */
      readonly overheard: readonly Telemetry[];
      readonly done: () => void;
    };

const ENTRY_BYTES = 256;

/** What an entry takes of the room for what waits, about. */
export const bytesOfEntry = (entry: Entry): number =>
  ENTRY_BYTES + (entry.tag === 'Frame' ? entry.bytes : entry.tag === 'Rejected' ? entry.record.value.length : 0);

const recordOf = (frame: Telemetry, partition?: number): NewRecord => ({
  ...{ topic: 'vigil.telemetry', key: frame.bed, value: encodeTelemetry(frame) },
  ...(partition === undefined ? {} : { partition }),
});

/** A second that has waited longer for the log is over for good. */
const SECOND_KEEPS = seconds(2);

/** Whose silences are told: of several seconds that wait the newest alone, and none that waited for a log that took nothing. */
const toldSecond = (entries: readonly Entry[], now: Moment): Entry | undefined =>
  entries.findLast((entry) => entry.tag === 'Second' && elapsed(entry.now, now) <= SECOND_KEEPS);

/**
 * What entries put on the log, and the answers that are due once it has them. A Silence says that a bed is silent now, so none is told
 * late: its bed may speak through another front by then, and would be set back to the time of it.
 *
 * @param elsewhere what was heard of beds by another way than this door
 */
export const drafted = (
  entries: readonly Entry[],
  { draft, now }: { readonly draft: WardDraft; readonly now: Moment },
  meters: Meters,
  elsewhere: Pick<Overheard, 'lastHeard' | 'apart'>,
): { readonly records: readonly NewRecord[]; readonly answers: readonly (() => void)[] } => {
  const records: NewRecord[] = [];
  const answers: (() => void)[] = [];
  const told = toldSecond(entries, now);
  for (const entry of entries) {
    switch (entry.tag) {
      case 'Frame': {
        const [stored, answer] = draft.admit(entry.frame, entry.heardAt);
        if (stored !== undefined) records.push(recordOf(stored, elsewhere.apart(stored.bed)));
        answers.push(() => entry.answer(answer));
        break;
      }
      case 'Rejected':
        records.push(entry.record);
        answers.push(() => {
          meters.rejected.add(1, entry.refused.code);
          entry.answer(entry.refused);
        });
        break;
      case 'Second':
        answers.push(entry.done);
        if (entry !== told) {
          meters.secondsUntold.add(1, 'the log was late');
          break;
        }
        for (const silence of draft.secondPassed(entry.now))
          if ((elsewhere.lastHeard(silence.bed) ?? 0) <= (silence.silence?.sinceUs ?? 0))
            records.push(recordOf(silence, elsewhere.apart(silence.bed)));
        for (const silence of entry.overheard) records.push(recordOf(silence, elsewhere.apart(silence.bed)));
        break;
    }
  }
  return { records, answers };
};

/** The log did not take them: whoever waits for an answer is told so. */
export const refuseAll = (entries: readonly Entry[], error: LogError, meters: Meters): void => {
  for (const entry of entries) {
    if (entry.tag === 'Second') {
      meters.secondsUntold.add(1, 'the log was late');
      entry.done();
    } else {
      meters.notTaken.add(1, 'log-unavailable');
      const refused = logUnavailable(error);
      if (entry.tag === 'Rejected') entry.answer(refused);
      else {
        const { bed, source, sequence } = entry.frame;
        entry.answer({ ...refused, bed, source, sequence });
      }
    }
  }
};
