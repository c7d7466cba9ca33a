/** Who knocked at this door, and when last: what is heard of them on the log is no news, until they have gone on to another front. */
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { isOfDevice } from '../../schemas/telemetry.ts';
import type { Moment } from '../../schemas/units.ts';
import { sourceKey } from './ward-draft.ts';

export interface Callers {
  readonly hear: (frame: Telemetry, at: Moment) => void;
  /** When the frame's source spoke at this door last. */
  readonly knockedAt: (frame: Telemetry) => Moment | undefined;
  /** When a device of the bed did. */
  readonly measuredAt: (bed: string) => Moment | undefined;
}

/** So many names are remembered. Beyond it all are forgotten: what they say is overheard once more, which does no harm. */
const CALLERS_MAX = 100_000;

export const makeCallers = (): Callers => {
  const sources = new Map<string, Moment>();
  const beds = new Map<string, Moment>();
  const note = (of: Map<string, Moment>, name: string, at: Moment): void => {
    if (of.size >= CALLERS_MAX) of.clear();
    of.set(name, at);
  };
  return {
    hear: (frame, at) => {
      note(sources, sourceKey(frame.bed, frame.source), at);
      if (isOfDevice(frame)) note(beds, frame.bed, at);
    },
    knockedAt: ({ bed, source }) => sources.get(sourceKey(bed, source)),
    measuredAt: (bed) => beds.get(bed),
  };
};
