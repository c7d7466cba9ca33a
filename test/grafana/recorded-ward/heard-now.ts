/** What the beds say now: to be written right before it is looked for. */
import { create } from '@bufbuild/protobuf';
import { MDC, PRIVATE } from '../../../schemas/codes.ts';
import { AlarmEventSchema, Priority, SignalState } from '../../../schemas/generated/vigil/v1/alarms_pb.ts';
import { RhythmKind } from '../../../schemas/generated/vigil/v1/findings_pb.ts';
import type { SeriesWrite, StoredAlarm } from '../../../services/ports/series-store.ts';
import { scoreOf } from './findings.ts';
import { numberOf } from './numbers.ts';
import { at, BED, END_MS, gravity, MONITOR, ODD_BED, OTHER_BED, SECOND, VIGIL } from './story.ts';

/** A roll call with what is shown, gravest first. */
const rollCall = (
  bed: string,
  agoMs: number,
  ...shown: readonly (readonly [priority: Priority, text: string])[]
): StoredAlarm => ({
  event: create(AlarmEventSchema, {
    ...{ bed, atUs: at(agoMs), saidUs: at(agoMs) },
    signals: shown.map(([priority, text]) => ({ priority, text, state: SignalState.ON, present: true })),
  }),
  place: 1_000_000n,
});

export const heardNow = (nowMs: number): SeriesWrite => {
  const ago = (ms: number): number => END_MS - nowMs + ms;
  return {
    numerics: [
      numberOf(BED, MDC.ecgHeartRate, MONITOR, 132, ago(0)),
      numberOf(BED, MDC.spo2, MONITOR, 93, ago(0)),
      // Its heart rate is six seconds old: too old. Its saturation is as old, and is not.
      numberOf(OTHER_BED, MDC.ecgHeartRate, MONITOR, 77, ago(6 * SECOND)),
      numberOf(OTHER_BED, MDC.spo2, MONITOR, 98, ago(6 * SECOND)),
      numberOf(BED, PRIVATE.rhythm, VIGIL, gravity(RhythmKind.VT), ago(8 * SECOND)),
    ],
    findings: [
      { bed: BED, finding: scoreOf(6, ago(30 * SECOND)) },
      // It was complete a minute before: the older number must not stand for it.
      { bed: OTHER_BED, finding: scoreOf(3, ago(60 * SECOND)) },
      { bed: OTHER_BED, finding: scoreOf(undefined, ago(10 * SECOND)) },
    ],
    alarms: [
      rollCall(
        BED,
        ago(20 * SECOND),
        [Priority.HIGH, 'VTACH 190/min'],
        [Priority.MEDIUM, 'HR 134 > 120'],
        [Priority.MEDIUM, 'SpO₂ 87 < 88'],
      ),
      rollCall(OTHER_BED, ago(20 * SECOND)),
      rollCall(ODD_BED, ago(20 * SECOND), [Priority.LOW, 'ECG NOISY']),
    ],
    ...{ strips: [], engine: [] },
  };
};
