/** Whose ECG of a bed is heard, and which electrodes are off there. */
import { elapsed, type Microseconds, type Moment, seconds } from '../../schemas/units.ts';
import { type LeadWords, leadsOffFor, leadWordsAfter } from './leads-off.ts';
import type { ObserveMemory } from './observe-memory.ts';
import { type UsableEcg, usableAfter } from './usable-ecg.ts';
import type { TimedFrame } from './waiting.ts';

export interface Listening extends Required<Pick<ObserveMemory, 'ecgSource' | 'usable' | 'leadWords' | 'leadsOff'>> {
  /** Another source is heard from this frame on, while the one of before goes on. */
  readonly takesOver: boolean;
}

/** Who has no heart to hear takes the place of another only so long after that one's last: frames may be of seconds, and clocks apart by some. */
const EMPTY_WAITS: Microseconds = seconds(4);

const isHeldByAnother = (usable: UsableEcg | undefined, source: string, end: Moment): boolean =>
  usable !== undefined && usable.source !== source && elapsed(usable.at, end) < EMPTY_WAITS;

/** Before the words were kept by source, those of the one that was heard counted. */
const wordsOf = ({ leadWords, leadsOff, ecgSource }: ObserveMemory): readonly LeadWords[] =>
  leadWords ?? (leadsOff.length === 0 ? [] : [{ source: ecgSource ?? '', off: leadsOff }]);

/**
 * Two devices' leads are never mixed: the one that was first is heard, until it is quiet, or no heart can be heard from it (empty lines,
 * electrodes off) while another's ECG is good. `hasEcg`: the frame holds ECG of its time; `isQuiet`: nothing is heard any more of the first.
 */
export const listeningAfter = (
  memory: ObserveMemory,
  { frame, end }: TimedFrame,
  { hasEcg, isQuiet }: { readonly hasEcg: boolean; readonly isQuiet: boolean },
): Listening => {
  const { source } = frame;
  const leadWords = leadWordsAfter(wordsOf(memory), frame);
  const usable = hasEcg ? usableAfter(memory.usable, frame, leadsOffFor(leadWords, source), end) : memory.usable;
  const isBetter = usable !== memory.usable && usable?.source === source;
  const isFree = memory.ecgSource === undefined || isQuiet;
  const takes = isBetter || (isFree && !isHeldByAnother(usable, source, end));
  const ecgSource = hasEcg && takes ? source : memory.ecgSource;
  const takesOver = !isFree && ecgSource !== memory.ecgSource;
  return { ecgSource, usable, leadWords, leadsOff: leadsOffFor(leadWords, ecgSource), takesOver };
};
