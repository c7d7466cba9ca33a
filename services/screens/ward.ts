import type { AlarmEvent } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { BED_SHOWN_FOR_US, type LiveBed } from '../../schemas/live.ts';
import { sideBySide } from '../../schemas/side-by-side.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { clockOf, startClocks } from '../../stream-models/analysis/clock-alignment.ts';
import { leadsOffFor } from '../../stream-models/analysis/leads-off.ts';
import {
  type AlarmHistory,
  afterRecord,
  emptyHistory,
  type LoggedTransition,
  missedSince,
  withPartition,
} from './alarm-history.ts';
import { type BedInput, type BedPicture, emptyPicture, stepPicture } from './bed-picture.ts';
import type { Cursor } from './cursor.ts';
import { liveTransition } from './live-alarm.ts';
import { toldBed } from './live-numerics.ts';

/** A bed that spoke within this is expected to be analysed. */
const SPEAKS_WITHIN_US = 3e6;
/** "Bed 9" before "bed 10". Made once: a comparison by `localeCompare` makes one each time. */
const BED_NAMES = new Intl.Collator('en', { numeric: true });
/** Names of beds; a sender that makes them up must not fill the memory. */
const BEDS_MAX = 20_000;

/** The picture of the whole ward in memory, and what was missed since when. Holds state, but knows neither log nor socket. */
export interface Ward {
  /** False: one bed too many. */
  readonly hear: (bed: string, input: BedInput) => boolean;
  readonly hearAlarm: (partition: number, offset: bigint, event: AlarmEvent) => LoggedTransition | undefined;
  /** Partitions that had no alarm yet stand at their next offset. */
  readonly startAt: (partition: number, next: bigint) => void;
  readonly position: () => Cursor;
  readonly missed: (cursor: Cursor) => readonly LoggedTransition[] | undefined;
  readonly bed: (bed: string) => LiveBed | undefined;
  readonly bedTime: (bed: string, source: string) => (deviceUs: number) => Moment;
  /** The MDC codes of the leads that a device calls off. */
  readonly leadsOff: (bed: string, source: string) => readonly number[];
  readonly beds: (now: Moment) => readonly LiveBed[];
  /** How far analysis is behind the telemetry of the worst bed that speaks, s; undefined: none speaks. */
  readonly analysisLagS: (now: Moment) => number | undefined;
  /** How many beds contradict others, or themselves: their patient is named on another, too; several devices tell one signal. */
  readonly contradicted: (now: Moment) => { readonly patientTwice: number; readonly severalDevices: number };
  /** Beds whose picture (beyond alarms) changed since the last call. */
  readonly takeChanged: () => ReadonlySet<string>;
  /** What a `bed` frame says, as the inside of a JSON object. Made once per picture for all consoles. */
  readonly bedJson: (bed: string) => string | undefined;
}

const isShown = ({ alarms, lastFrameUs }: LiveBed, now: Moment): boolean =>
  alarms.length > 0 || now - (lastFrameUs ?? 0) <= BED_SHOWN_FOR_US;

/** A ward without beds. */
export const makeWard = (): Ward => {
  const pictures = new Map<string, BedPicture>();
  const json = new Map<string, { readonly of: LiveBed; readonly text: string }>();
  let changed = new Set<string>();
  let history: AlarmHistory = emptyHistory;

  const hear: Ward['hear'] = (bed, input) => {
    const before = pictures.get(bed);
    if (before === undefined && pictures.size >= BEDS_MAX) return false;
    const after = stepPicture(before ?? emptyPicture(bed), input);
    if (after !== before) {
      pictures.set(bed, after);
      if (input.tag !== 'Alarm') changed.add(bed);
    }
    return true;
  };

  return {
    hear,
    hearAlarm: (partition, offset, event) => {
      hear(event.bed, { tag: 'Alarm', event });
      const transition = liveTransition(event);
      history = afterRecord(history, partition, offset, transition);
      return transition === undefined ? undefined : { partition, offset, transition };
    },
    startAt: (partition, next) => {
      history = withPartition(history, partition, next);
    },
    position: () => history.position,
    missed: (cursor) => missedSince(history, cursor),
    bed: (bed) => pictures.get(bed)?.bed,
    bedTime: (bed, source) => {
      const shiftUs = clockOf(pictures.get(bed)?.clocks ?? startClocks, source)?.shiftUs ?? 0;
      return (deviceUs) => moment(Math.round(deviceUs + shiftUs));
    },
    leadsOff: (bed, source) => leadsOffFor(pictures.get(bed)?.leadWords ?? [], source),
    beds: (now) =>
      [...pictures.values()]
        .map(({ bed }) => bed)
        .filter((bed) => isShown(bed, now))
        .map(toldBed)
        .sort((a, b) => BED_NAMES.compare(a.bed, b.bed)),
    analysisLagS: (now) => {
      let worst: number | undefined;
      for (const { bed } of pictures.values()) {
        const { lastFrameUs, analysedUs } = bed;
        if (lastFrameUs === null || now - lastFrameUs > SPEAKS_WITHIN_US) continue;
        // Nothing analysed yet is no lag that can be told; the watchdog says when it lasts.
        if (analysedUs !== null) worst = Math.max(worst ?? 0, (lastFrameUs - analysedUs) / 1e6);
      }
      return worst;
    },
    contradicted: (now) => {
      const namedOn = new Map<string, number>();
      let severalDevices = 0;
      for (const { bed } of pictures.values()) {
        if (!isShown(bed, now)) continue;
        if (bed.patient !== null) namedOn.set(bed.patient, (namedOn.get(bed.patient) ?? 0) + 1);
        if (sideBySide(bed, now).length > 0) severalDevices++;
      }
      let patientTwice = 0;
      for (const beds of namedOn.values()) if (beds > 1) patientTwice += beds;
      return { patientTwice, severalDevices };
    },
    takeChanged: () => {
      const taken = changed;
      changed = new Set();
      return taken;
    },
    bedJson: (name) => {
      const bed = pictures.get(name)?.bed;
      if (bed === undefined) return undefined;
      const known = json.get(name);
      if (known !== undefined && known.of === bed) return known.text;
      const {
        alarms: _alarms,
        audioPausedUntilUs: _paused,
        chosenBy: _chosen,
        missed: _missed,
        ...rest
      } = toldBed(bed);
      const text = `"bed":${JSON.stringify(rest)}`;
      json.set(name, { of: bed, text });
      return text;
    },
  };
};
