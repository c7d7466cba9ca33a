import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { inMilliseconds, type Moment, moment } from '../../schemas/units.ts';
import { admit, type SourceCounts, type SourceMemory } from './admit.ts';
import { type BedPresence, GATEWAY_SOURCE, heardFrom, LIMITS_SOURCE, NURSE_SOURCE } from './bed-presence.ts';
import { firstReading } from './device-clock.ts';
import { withPast } from './sequences.ts';
import { draftOf, sourceKey, type WardContents, type WardDraft, type WardMemoryOptions } from './ward-draft.ts';

/** What a clinical engineer asks of a source. */
export interface SourceReport extends SourceCounts {
  readonly bed: string;
  readonly source: string;
  readonly newestDeviceTimeUs: number;
  readonly lastHeardUs: number;
  readonly clockEpoch: number;
  /** Gateway clock minus device clock, transport included. */
  readonly skewMs: number;
  readonly latenessMs: number;
  /** Within 50 ms of the gateway's clock (the target of IHE SDPi R1520). */
  readonly synchronised: boolean;
}

export interface WardMemory {
  readonly draft: () => WardDraft;
  /** Takes in a frame that is on the log already. */
  readonly learn: (frame: Telemetry) => void;
  /** Takes in what another memory learnt of frames that are all older than those learnt here. */
  readonly adopt: (past: WardMemory) => void;
  readonly contents: () => WardContents;
  readonly sources: () => readonly SourceReport[];
  readonly bedsAdmitted: () => number;
  readonly isAdmitted: (bed: string) => boolean;
  /** When the bed was heard last at this door; undefined: it is not listened for. */
  readonly lastHeard: (bed: string) => Moment | undefined;
  /** What is remembered of a source that has spoken of the bed. */
  readonly sourceOf: (bed: string, source: string) => SourceMemory | undefined;
}

const SYNCHRONISED_MS = 50;
/** Sources that are remembered; a sender that makes up names must not fill the memory. The oldest goes first. */
const SOURCES_MAX = 50_000;

const reportOf = (key: string, memory: SourceMemory): SourceReport => {
  const [bed, source] = key.split('\n') as [string, string];
  const { clock } = memory;
  const skewMs = clock === undefined ? 0 : inMilliseconds(clock.offset);
  return {
    bed,
    source,
    ...memory.counts,
    newestDeviceTimeUs: clock?.newest ?? memory.recent.at(-1)?.deviceTimeUs ?? 0,
    lastHeardUs: memory.heardAt,
    clockEpoch: clock?.epoch ?? 0,
    skewMs,
    latenessMs: inMilliseconds(memory.lateness),
    synchronised: Math.abs(skewMs) <= SYNCHRONISED_MS,
  };
};

/** The gateway's memory of the whole ward. It moves only with the log: see `draft`. */
export const makeWardMemory = (options: WardMemoryOptions): WardMemory => {
  const { bounds, meters } = options;
  const sources = new Map<string, SourceMemory>();
  const beds = new Map<string, BedPresence>();

  const remember = (key: string, memory: SourceMemory): void => {
    if (!sources.has(key) && sources.size >= SOURCES_MAX) sources.delete(sources.keys().next().value!);
    sources.set(key, memory);
  };

  const countGauges = (): void => {
    meters.bedsAdmitted.set(beds.size);
    let off = 0;
    for (const { clock } of sources.values())
      if (clock !== undefined && Math.abs(inMilliseconds(clock.offset)) > SYNCHRONISED_MS) off += 1;
    meters.sourcesUnsynchronised.set(off);
  };

  const keepBed = (name: string, bed: BedPresence | undefined): void => {
    if (bed === undefined) beds.delete(name);
    else beds.set(name, bed);
  };

  return {
    draft: () => draftOf({ sources, beds }, options, { keepSource: remember, keepBed, secondKept: countGauges }),
    learn: (frame) => {
      if (frame.source === LIMITS_SOURCE) return;
      if (frame.source === NURSE_SOURCE) {
        // Nothing is heard of the bed, and nothing is expected of it.
        beds.delete(frame.bed);
        return;
      }
      if (frame.source === GATEWAY_SOURCE) {
        // The count of silences goes on; when the bed was last heard stands in the silence itself.
        const since = frame.silence?.sinceUs ?? 0;
        const known = beds.get(frame.bed);
        const lastHeard = moment(Math.max(since, known?.lastHeard ?? 0));
        const told = { lastHeard, silences: frame.sequence };
        beds.set(frame.bed, { heard: false, discharged: false, emptySeconds: 0, ...known, ...told });
        return;
      }
      const key = sourceKey(frame.bed, frame.source);
      const admission = admit(sources.get(key), frame, moment(frame.gatewayTimeUs), bounds);
      const { memory } = admission;
      const { deviceTimeUs, gatewayTimeUs, clockEpoch, retrospective } = frame;
      const isTakenForLate = admission.tag === 'Stored' && admission.frame.retrospective && !retrospective;
      // Who knew its clock from before took it for one of now: it is not late because the learning begins here.
      const known = firstReading(moment(deviceTimeUs), moment(gatewayTimeUs), clockEpoch);
      const clock = isTakenForLate ? { ...known, gainsFrom: memory.clock?.gainsFrom ?? known.gainsFrom } : memory.clock;
      remember(key, { ...memory, clock: clock && { ...clock, epoch: frame.clockEpoch, epochTold: undefined } });
      const bed = heardFrom(beds.get(frame.bed), frame);
      if (bed !== undefined) beds.set(frame.bed, { ...bed, heard: false });
    },
    adopt: (past) => {
      const older = past.contents();
      for (const [key, memory] of older.sources) {
        const known = sources.get(key);
        if (known === undefined) remember(key, memory);
        else sources.set(key, { ...known, sequences: withPast(memory.sequences, known.sequences) });
      }
      for (const [name, bed] of older.beds) if (!beds.has(name)) beds.set(name, bed);
    },
    contents: () => ({ sources, beds }),
    sources: () => [...sources].map(([key, memory]) => reportOf(key, memory)),
    bedsAdmitted: () => beds.size,
    isAdmitted: (bed) => beds.has(bed),
    lastHeard: (bed) => beds.get(bed)?.lastHeard,
    sourceOf: (bed, source) => sources.get(sourceKey(bed, source)),
  };
};
