/**
 * What a monitor's red rhythm alarm claims of the last seconds. The definitions are those of the PhysioNet/CinC Challenge
 * 2015, which are the monitors' own: asystole, no QRS for 4 s; extreme bradycardia, under 40/min over 5 beats; extreme
 * tachycardia, over 140/min over 17 beats; VT, 5 ventricular beats at over 100/min; VF, a fibrillatory wave for 4 s.
 */
export type AlarmKind = 'asystole' | 'extreme-brady' | 'extreme-tachy' | 'vt' | 'vf';

export const ALARM_KINDS: readonly AlarmKind[] = ['asystole', 'extreme-brady', 'extreme-tachy', 'vt', 'vf'];

/** Red words of extreme rates: a yellow "BRADY LOW" has a limit of the ward's own and claims no less than 40/min. */
const EXTREME = /extreme|\*{3}|\bx[ _-]?(brady|tachy)|^(brady|tachy)cardia$/i;

/** Words by which monitors (and the headers of CinC 2015) tell the kind, tried in this order. */
const words: readonly (readonly [RegExp, AlarmKind])[] = [
  [/asystol/i, 'asystole'],
  [/fibrill?|flutter|v[ _-]?fib|\bvf\b/i, 'vf'],
  [/ventric\w*[ _-]*tach|v[ _-]?tach|\bvt\b/i, 'vt'],
  [/brady/i, 'extreme-brady'],
  [/tachy/i, 'extreme-tachy'],
];
/** Rhythms above the ventricles are not claimed by a red alarm. */
const ABOVE = /supra|svt|atrial|a[ _-]?fib|\baf\b/i;

/** The kind of a monitor's alarm by its words; undefined: an alarm that Vigil does not judge. */
export const kindOfAlarm = (text: string): AlarmKind | undefined => {
  if (ABOVE.test(text)) return undefined;
  const kind = words.find(([word]) => word.test(text))?.[1];
  const ofRate = kind === 'extreme-brady' || kind === 'extreme-tachy';
  return ofRate && !EXTREME.test(text.trim()) ? undefined : kind;
};
