/** Whether the frames of a bed lie on the partition that its name says: two that lie apart are read by two processes. */
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { isOfDevice } from '../../schemas/telemetry.ts';
import { elapsed, type Moment, seconds } from '../../schemas/units.ts';
import { VIGILS_OWN } from '../gateway/bed-presence.ts';
import type { Journal } from '../logging/journal.ts';
import type { Meters } from '../metrics/meters.ts';
import type { EventLog, LogRecord } from '../ports/event-log.ts';

export interface PlacementOptions {
  readonly log: Pick<EventLog, 'partitionOf'>;
  readonly now: () => Moment;
  readonly meters: Meters;
  readonly journal: Journal;
}

export interface Placement {
  /** A new frame, and the record that it came in. */
  readonly hear: (record: LogRecord, frame: Telemetry) => void;
  /** Beds of which frames have lain on another partition of late. */
  readonly misplacedBeds: () => number;
}

const OF_LATE = seconds(600);
/** Names of beds and sources; a sender that makes them up must not fill the memory. */
const SENDERS_MAX = 20_000;

/** Listens from now on: each sender's bed is told once, when the first such frame comes, and once more when it is mended. */
export const makePlacement = ({ log, now, meters, journal }: PlacementOptions): Placement => {
  /** By bed and source: when such a frame came last. */
  const misplaced = new Map<string, { readonly bed: string; readonly at: Moment }>();
  /** By bed: where its devices' frames were found. The gateway puts there what is said of the bed at its door. */
  const foundOn = new Map<string, number>();
  return {
    hear: ({ topic, key, partition }, frame) => {
      const { bed, source } = frame;
      const isDevice = isOfDevice(frame);
      if (!isDevice && (VIGILS_OWN.includes(source) || partition === foundOn.get(key))) return; // it lies with the frames that it belongs to
      const sender = `${key}\n${source}`;
      const expected = log.partitionOf(topic, key);
      if (partition === expected) {
        if (isDevice) foundOn.delete(key);
        if (misplaced.delete(sender))
          journal.info('frames of a bed lie on the partition of its name again', { topic, partition, bed, source });
        return;
      }
      meters.framesMisplaced.add();
      const known = misplaced.get(sender);
      if (known === undefined && misplaced.size >= SENDERS_MAX) return;
      misplaced.set(sender, { bed, at: now() });
      if (isDevice) foundOn.set(key, partition);
      if (known !== undefined) return;
      const sentence = `they came on partition ${partition}, and ${expected} is the partition of its name: what was said of the bed by HTTP before its first frame (who lies there, laboratory values) is not heard with them, nor what another of its devices says by HTTP. Set partitioner=murmur2_random in this sender (librdkafka has another by default), or send by HTTP`;
      journal.warn('frames of a bed lie on another partition than that of its name', {
        ...{ topic, partition, bed, source, sentence },
      });
    },
    misplacedBeds: () => {
      const at = now();
      for (const [sender, { bed, at: last }] of misplaced)
        if (elapsed(last, at) > OF_LATE) {
          misplaced.delete(sender);
          foundOn.delete(bed);
        }
      return new Set([...misplaced.values()].map(({ bed }) => bed)).size;
    },
  };
};
