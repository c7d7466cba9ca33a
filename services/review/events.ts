import * as E from 'fp-ts/lib/Either.js';
import { PRIVATE } from '../../schemas/codes.ts';
import type { AlarmEvent } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { EVENTS_MAX, type ReviewEvent } from '../../schemas/review.ts';
import type { Range, SeriesError, SeriesStore } from '../ports/series-store.ts';
import { liveAlarms, liveTransition } from '../screens/live-alarm.ts';
import { resetsOf, rhythmsOf } from './marks.ts';

/** Rhythms that nobody looks for. */
const USUAL = new Set(['sinus-like']);

type Open = { -readonly [K in keyof ReviewEvent]: ReviewEvent[K] };

/**
 * Alarms as they began: each time that one came into the room, or would have but for a graver one. `endUs` is when its condition had ended,
 * as far as these events (in the order of the log) tell.
 */
export const alarmsOf = (events: readonly AlarmEvent[]): readonly ReviewEvent[] => {
  const all: Open[] = [];
  const open = new Map<string, Open>();
  for (const event of events) {
    const change = liveTransition(event);
    if (change === undefined) continue;
    const { alarm, from, to } = change;
    const begins = to === 'on' || to === 'paused' || to === 'hidden';
    if (begins && (from === 'off' || from === 'waiting' || from === 'latched')) {
      const signal = liveAlarms(event).find((one) => one.alarm === alarm);
      if (signal === undefined) continue;
      const { condition: name, label, priority, text, onsetUs } = signal;
      const atUs = from === 'latched' ? event.atUs : onsetUs;
      const begun: Open = { kind: 'alarm', atUs, endUs: null, name, label, priority, text };
      all.push(begun);
      open.set(alarm, begun);
    } else if (to === 'off' || to === 'latched') {
      const ended = open.get(alarm);
      if (ended !== undefined) ended.endUs = event.atUs;
      open.delete(alarm);
    }
  }
  return all;
};

/** Alarms, rhythms other than the usual one and beginnings of a bed: the newest `EVENTS_MAX` of them. Left: why the store does not tell. */
export const eventsOf = async (
  store: SeriesStore,
  range: Range,
): Promise<E.Either<SeriesError, { readonly events: readonly ReviewEvent[]; readonly cut: number }>> => {
  const [alarms, marks, resets] = await Promise.all([
    store.alarms(range)(),
    store.numerics({ ...range, code: PRIVATE.rhythm })(),
    store.findings({ ...range, kind: 'reset' })(),
  ]);
  if (E.isLeft(alarms)) return alarms;
  if (E.isLeft(marks)) return marks;
  if (E.isLeft(resets)) return resets;
  const rhythms = rhythmsOf(marks.right)
    .filter(({ word }) => !USUAL.has(word))
    .map(({ fromUs, toUs, word }): ReviewEvent => {
      const text = `${Math.max(1, Math.round((toUs - fromUs) / 1e6))} s`;
      return { kind: 'rhythm', atUs: fromUs, endUs: toUs, name: word, label: word, priority: null, text };
    });
  const anew = resetsOf(resets.right).map(
    ({ atUs, why }): ReviewEvent => ({
      ...{ kind: 'reset', atUs, endUs: null, name: 'reset', label: 'begins anew', priority: null, text: why },
    }),
  );
  const events = [...alarmsOf(alarms.right), ...rhythms, ...anew].sort((a, b) => a.atUs - b.atUs);
  return E.right({ events: events.slice(-EVENTS_MAX), cut: Math.max(0, events.length - EVENTS_MAX) });
};
