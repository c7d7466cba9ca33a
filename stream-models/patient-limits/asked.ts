/** Whether an act on a limit may be done, in the bed's own order: the gateway and the screen may have known less, or something older. */
import * as E from 'fp-ts/lib/Either.js';
import { after, type Moment, microseconds, minutes } from '../../schemas/units.ts';
import { measures } from '../limits/measures.ts';
import type { LimitBounds, Range } from '../presets/bed-rules.ts';
import type { Limit, LimitName } from '../presets/preset.ts';
import type { AskedSide, LimitsAsked } from '../vocabulary/sighting.ts';
import { limitWith, type OwnLimit, type OwnSide } from './patient-limits.ts';

/** No limit of a patient's own lasts longer without somebody looking again. Ours. */
export const OWN_LIMIT_MOST = minutes(24 * 60);

/** What an act is held against. */
export interface Asking {
  /** The unit's limit of the measure, the patient's own if there is one, and the bounds. */
  readonly unit: Limit;
  readonly own: OwnLimit | undefined;
  readonly bounds: LimitBounds;
  /** Who lies there; undefined: nobody was named. */
  readonly patient: string | undefined;
  readonly at: Moment;
}

export const measureNamed = (name: string) => measures.find((measure) => measure.name === name);

/** What stands on one side, as an act says it. */
const standsOn = (side: 'low' | 'high', { unit, own }: Asking): AskedSide =>
  own?.[side] === 'off' ? 'off' : limitWith(unit, own)[side];

const shownSide = (side: AskedSide): string => (side === undefined ? 'none' : String(side));

const sideRefused = (
  word: 'low' | 'high',
  asked: AskedSide,
  { unit, bounds }: Pick<Asking, 'unit' | 'bounds'>,
  reason: string,
): string | undefined => {
  const range: Range | undefined = bounds[word];
  if (asked === undefined) return undefined;
  if (asked === 'off') {
    if (unit[word] === undefined) return `it has no ${word} limit to turn off`;
    if (!bounds.mayBeOff) return 'the site does not let it be turned off';
    return reason === '' ? 'turning a limit off needs a reason' : undefined;
  }
  if (Math.round(asked * 10) / 10 !== asked) return `${word} ${asked} has more than one decimal`;
  if (range === undefined) return `the site gives no bounds for its ${word} limit, so none can be set`;
  if (!(asked >= range[0] && asked <= range[1]))
    return `${word} ${asked} is outside of ${range[0]} to ${range[1]}, within which the site lets it be set`;
  return undefined;
};

/** Why what is asked cannot apply, whoever asked and when; undefined: it can. Asked again while it applies: bounds may have become narrower. */
export const limitRefused = (
  { low, high, reason }: { readonly low?: AskedSide; readonly high?: AskedSide; readonly reason: string },
  against: Pick<Asking, 'unit' | 'bounds'>,
): string | undefined => {
  const { unit } = against;
  const wrong = sideRefused('low', low, against, reason) ?? sideRefused('high', high, against, reason);
  if (wrong !== undefined) return wrong;
  const after = limitWith(unit, sidesAsked(low, high));
  if (after.low === undefined || after.high === undefined) return undefined;
  return after.low + unit.hysteresis <= after.high - unit.hysteresis
    ? undefined
    : `low ${after.low} and high ${after.high} are too close: an alarm ends ${unit.hysteresis} inside its limit`;
};

const sidesAsked = (low: AskedSide, high: AskedSide): { readonly low?: OwnSide; readonly high?: OwnSide } => ({
  ...(low === undefined ? {} : { low }),
  ...(high === undefined ? {} : { high }),
});

const untimely = (asked: LimitsAsked, asking: Asking): string | undefined => {
  const lies = asking.patient;
  if (lies === '') return 'nobody lies in the bed';
  if (asked.patient !== (lies ?? '')) return 'another patient lies in the bed than was shown';
  const [low, high] = [standsOn('low', asking), standsOn('high', asking)];
  if (low === asked.seenLow && high === asked.seenHigh) return undefined;
  return `it was ${shownSide(asked.seenLow)} to ${shownSide(asked.seenHigh)} when you looked, and is ${shownSide(low)} to ${shownSide(high)} now. Look again`;
};

/** The limit that applies from now on, undefined where it is the unit's again; or why nothing changes, as the end of a sentence. */
export const limitAsked = (
  asked: LimitsAsked,
  name: LimitName,
  asking: Asking,
): E.Either<string, OwnLimit | undefined> => {
  const { low, high, by, reason, at, duration } = asked;
  const why = untimely(asked, asking) ?? limitRefused({ low, high, reason }, asking);
  if (why !== undefined) return E.left(why);
  if (low === undefined && high === undefined) return E.right(undefined);
  if (!(duration > 0)) return E.left('it does not say for how long');
  const until = after(at, microseconds(Math.min(duration, OWN_LIMIT_MOST)));
  return E.right({ name, ...sidesAsked(low, high), by, reason, at, until });
};
