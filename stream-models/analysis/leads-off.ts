/**
 * Which electrodes are off. Each device knows those on its own cable: what a bedside monitor says, or said last before it was unplugged, tells
 * nothing of the electrodes that a device of transport hears.
 */
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';

/** What a source said last of electrodes. */
export interface LeadWords {
  readonly source: string;
  /** The MDC codes of the leads that it calls off, in order. */
  readonly off: readonly number[];
}

/** A bed whose sender makes up names must not fill the memory: whoever spoke of electrodes longest ago goes first. */
const SOURCES_MAX = 8;

/** A frame that says nothing of a lead leaves it as it was. The same list (===): nothing is new. */
export const leadWordsAfter = (words: readonly LeadWords[], { source, leads }: Telemetry): readonly LeadWords[] => {
  if (leads.length === 0) return words;
  const off = new Set(words.find((word) => word.source === source)?.off);
  for (const lead of leads) {
    if (lead.off) off.add(lead.code);
    else off.delete(lead.code);
  }
  const others = words.filter((word) => word.source !== source);
  return [...others, { source, off: [...off].sort((a, b) => a - b) }].slice(-SOURCES_MAX);
};

/** The MDC codes of the leads that are off where the ECG of a source is heard, in order; undefined: nobody's was, and every word counts. */
export const leadsOffFor = (words: readonly LeadWords[], listened: string | undefined): readonly number[] => {
  const counting = listened === undefined ? words : words.filter(({ source }) => source === listened);
  if (counting.length === 1) return counting[0]!.off;
  return [...new Set(counting.flatMap(({ off }) => off))].sort((a, b) => a - b);
};
