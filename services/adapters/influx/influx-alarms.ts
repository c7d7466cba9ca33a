import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { signalOf } from '../../../schemas/codes.ts';
import { conditionNames, conditions, isCondition } from '../../../schemas/conditions.ts';
import {
  type AlarmEvent,
  AlarmEventSchema,
  type AlarmSignal,
  Priority,
  SignalState,
} from '../../../schemas/generated/vigil/v1/alarms_pb.ts';
import { type AlarmVerdict, Says } from '../../../schemas/generated/vigil/v1/findings_pb.ts';
import { unitOfBed } from '../../../schemas/series.ts';
import { signalWord, verdictWord } from '../../../schemas/words.ts';
import type { StoredAlarm } from '../../ports/series-store.ts';
import { refused } from './influx-errors.ts';
import { fieldsOf, seriesKey, timestamp } from './influx-lines.ts';
import type { Rows } from './influx-query.ts';

const isShown = (state: SignalState): boolean =>
  state !== SignalState.WAITING && state !== SignalState.HIDDEN && state !== SignalState.OFF;

/** Of one alarm alone, whose signal stays as it is: a verdict has come, or its value is worse. */
const isOfOneAlarm = ({ judged, worse }: AlarmEvent): boolean => judged !== '' || worse !== '';

/**
 * Which point of a microsecond a picture is: 0, or one for each condition that was judged, and one for each that is worse. A roll
 * call of that moment stays.
 */
const pointOf = (event: AlarmEvent): number => {
  if (!isOfOneAlarm(event)) return 0;
  const { judged, worse, signals } = event;
  const condition = signals.find(({ alarm }) => alarm === judged || alarm === worse)?.condition ?? '';
  const place = 1 + (conditionNames as readonly string[]).indexOf(condition);
  return judged !== '' ? place : conditionNames.length + 1 + place;
};

const encoded = (event: AlarmEvent): string => Buffer.from(toBinary(AlarmEventSchema, event)).toString('base64');

/**
 * What the whole bed looks like after the event; the message only of what no alarm's line carries: a roll call, and a verdict or a
 * worse value, which are not counted as one.
 */
const pictureLine = ({ event, place }: StoredAlarm): string => {
  const shown = event.signals.filter(({ state }) => isShown(state));
  const count = (priority: Priority): number => shown.filter((signal) => signal.priority === priority).length;
  const fields = fieldsOf('picture', {
    ...{ high: count(Priority.HIGH), medium: count(Priority.MEDIUM), low: count(Priority.LOW) },
    gravest: shown[0]?.text ?? '',
    ...(event.transition === undefined ? { [isOfOneAlarm(event) ? 'judged_place' : 'place']: place } : {}),
    ...(event.transition === undefined ? { message: encoded(event) } : {}),
  });
  return `${seriesKey('picture', { unit: unitOfBed(event.bed), bed: event.bed })} ${fields} ${timestamp(Math.round(event.atUs), pointOf(event))}`;
};

const RINGS: readonly SignalState[] = [SignalState.ON, SignalState.PAUSED];
/** It rang, or somebody could have heard it; a hidden alarm that comes forward begins to ring then. */
const begins = (from: SignalState, to: SignalState): boolean => RINGS.includes(to) && !RINGS.includes(from);

/** Who acts is not Vigil itself. */
const VIGIL = 'vigil';

/** What has ended is gone from the picture, but its onset ends its name. */
const sinceOnsetS = (alarm: string, atUs: number): number | undefined => {
  const onsetUs = Number(alarm.slice(alarm.lastIndexOf('/') + 1));
  return Number.isFinite(onsetUs) ? (atUs - onsetUs) / 1e6 : undefined;
};

/**
 * How long it took until somebody answered; undefined: this is no answer. A latched alarm had no delay, so it began at its
 * onset.
 */
const answeredAfterS = ({ transition, signals, atUs }: AlarmEvent): number | undefined => {
  if (transition === undefined || transition.by === VIGIL) return undefined;
  const { alarm, from, to } = transition;
  if (from === SignalState.LATCHED && to === SignalState.OFF) return sinceOnsetS(alarm, atUs);
  const signal = signals.find((each) => each.alarm === alarm);
  return to === SignalState.ACKNOWLEDGED && signal !== undefined ? (atUs - signal.sinceUs) / 1e6 : undefined;
};

const labelsOf = ({ testimonies }: AlarmVerdict, said: Says): string =>
  testimonies
    .filter(({ says }) => says === said)
    .map(({ code }) => signalOf(code)?.label ?? `MDC ${code}`)
    .join(', ');

/** "refuted · for: II · against: PLETH"; undefined: it was not judged. */
const verdictText = (verdict: AlarmVerdict | undefined): string | undefined => {
  if (verdict === undefined) return undefined;
  const [pro, contra] = [labelsOf(verdict, Says.FOR), labelsOf(verdict, Says.AGAINST)];
  const who = [pro === '' ? '' : ` · for: ${pro}`, contra === '' ? '' : ` · against: ${contra}`];
  return `${verdictWord(verdict.verdict)}${who.join('')}`;
};

/** What it was at the onset, and at its worst. */
const textOf = ({ text, worst }: AlarmSignal): string => (worst === '' ? text : `${text}; at worst ${worst}`);

const alarmLine = ({ event, place }: StoredAlarm): string | undefined => {
  const { transition, bed, atUs } = event;
  if (transition === undefined) return undefined;
  const { alarm, condition, from, to, by, why } = transition;
  const signal = event.signals.find((each) => each.alarm === alarm);
  const priority = isCondition(condition) ? conditions[condition].priority : 'unknown';
  const key = seriesKey('alarm', { unit: unitOfBed(bed), bed, condition, priority });
  const fields = fieldsOf('alarm', {
    ...{
      alarm,
      from: signalWord(from) ?? 'unknown',
      to: signalWord(to) ?? 'unknown',
      by,
      why,
      place,
      message: encoded(event),
    },
    text: signal === undefined ? '' : textOf(signal),
    verdict: verdictText(signal?.verdict),
    began: begins(from, to) ? 1 : undefined,
    onset_ms: signal === undefined ? undefined : Math.round(signal.onsetUs / 1e3),
    answered_s: answeredAfterS(event),
    lasted_s: to === SignalState.OFF && isShown(from) ? sinceOnsetS(alarm, atUs) : undefined,
  });
  // One signal does not make the same step twice in a microsecond; two different steps it may.
  return `${key} ${fields} ${timestamp(Math.round(atUs), from * 10 + to)}`;
};

/** The lines of an event. @throws a SeriesError for one without a moment. */
export const alarmLines = (stored: StoredAlarm): string[] => {
  if (!Number.isFinite(stored.event.atUs)) throw refused(`an alarm event of bed "${stored.event.bed}" has no moment`);
  const line = alarmLine(stored);
  return line === undefined ? [pictureLine(stored)] : [line, pictureLine(stored)];
};

/** The events of an answer to `SELECT message, place, judged_place`: by moment, and of one moment in the order of the log. */
export const alarmsFrom = (rows: readonly Rows[]): AlarmEvent[] =>
  rows
    .flatMap(({ values }) =>
      values
        .filter(([, message]) => message !== null)
        .map(([, message, place, judgedPlace]) => ({
          place: Number(place ?? judgedPlace),
          event: fromBinary(AlarmEventSchema, Buffer.from(String(message), 'base64')),
        })),
    )
    .sort((a, b) => a.event.atUs - b.event.atUs || a.place - b.place)
    .map(({ event }) => event);
