/**
 * Recordings that end with a bedside monitor's red alarm of which experts said whether it was true (CinC 2015), as further teachers.
 * Few patients have an annotated VT or fibrillation, hundreds have had an alarm; but only its last seconds are judged.
 */
import type { AlarmKind } from '../../../stream-models/corroboration/claim.ts';
import { RHYTHM_FEATURES } from '../../../stream-models/rhythm-network/rhythm-input.ts';
import { alarmAtSeconds, labelOf as alarmOf, type ListedAlarm } from '../../evaluate/alarms/alarm-folder.ts';
import { leadsOf } from '../hear-record.ts';
import { openedRecord } from '../recording-folders.ts';
import type { Recording, RhythmSequence } from './rhythm-sequence.ts';

/** What experts said of an alarm. */
export interface JudgedAlarm {
  readonly kind: AlarmKind;
  readonly isTrue: boolean;
}

/** The last minute before an alarm, or of a changed copy of it. Seconds that the experts judged have a label, the others none. */
export interface AlarmedSequence {
  readonly alarm: JudgedAlarm;
  readonly sequence: RhythmSequence;
}

/** So much before an alarm the experts looked at (the definitions of the challenge). */
const JUDGED_S = 10;
/** What stands in the place of a reference there, until it is known what a second teaches. */
const JUDGED = 'N';
/** So much of a recording is played to the network; its beats are told from all of it. */
const PLAYED_S = 60;

/** Reads a recording up to its alarm; undefined where nobody said whether that was true, or without an ECG lead. Throws an Error that names the record. */
export const alarmedRecording = async (
  path: string,
  name: string,
  list: ReadonlyMap<string, ListedAlarm>,
): Promise<{ readonly recording: Recording; readonly alarm: JudgedAlarm } | undefined> => {
  const record = await openedRecord(path, name);
  const label = alarmOf(name, record.header.comments, list);
  const { rateHz } = record.header;
  const at = alarmAtSeconds(name, (record.signals[0]?.length ?? 0) / rateHz);
  const heard = Math.round(at * rateHz);
  const leads = leadsOf(record).map((lead) => ({ ...lead, samplesMv: lead.samplesMv.subarray(0, heard) }));
  if (label?.isTrue === undefined || leads.length === 0) return undefined;
  const spans = [{ rhythm: JUDGED, fromSeconds: at - JUDGED_S, toSeconds: at + 1 }];
  const recording = { patient: name, record: name, isChanged: false, leads, rateHz, spans };
  return { recording, alarm: { kind: label.kind, isTrue: label.isTrue } };
};

/** The last minute of a sequence. */
export const lastMinute = (sequence: RhythmSequence): RhythmSequence => {
  const from = Math.max(0, sequence.labels.length - PLAYED_S);
  return {
    ...sequence,
    atSeconds: sequence.atSeconds.slice(from),
    x: sequence.x.slice(from * RHYTHM_FEATURES),
    labels: sequence.labels.slice(from),
    weights: sequence.weights.slice(from),
  };
};
