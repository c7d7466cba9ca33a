import { VIGIL_BED } from '../../schemas/engine.ts';
import { type AlarmEvent, Priority, SignalState } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { after, type Moment, microseconds, moment } from '../../schemas/units.ts';
import { STRIP_AFTER, STRIP_BEFORE } from './strips.ts';

/**
 * The stretch of waves that belongs to an alarm event; undefined when it is not the beginning of an alarm of high or
 * medium priority. A hidden beginning counts: what was suppressed must be checkable. A latched condition that comes back
 * is a beginning of the same alarm.
 */
export const stripSpanOf = (
  event: AlarmEvent,
): { readonly alarm: string; readonly from: Moment; readonly to: Moment } | undefined => {
  const { transition } = event;
  // Vigil itself has no waves, and where no bed shares its partition nothing would ever say that they have all come.
  if (transition === undefined || event.bed === VIGIL_BED) return undefined;
  const { alarm, from, to } = transition;
  const begins = to === SignalState.ON || to === SignalState.PAUSED || to === SignalState.HIDDEN;
  const comesBack = from === SignalState.LATCHED;
  if (!begins || !(comesBack || from === SignalState.OFF || from === SignalState.WAITING)) return undefined;
  const signal = event.signals.find((each) => each.alarm === alarm);
  if (signal === undefined || signal.priority < Priority.MEDIUM) return undefined;
  const onset = moment(comesBack ? event.atUs : signal.onsetUs);
  return { alarm, from: after(onset, microseconds(-STRIP_BEFORE)), to: after(onset, STRIP_AFTER) };
};
