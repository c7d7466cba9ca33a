import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { inMilliseconds, type Moment, moment } from '../../schemas/units.ts';
import type { Journal } from '../logging/journal.ts';
import type { Meters } from '../metrics/meters.ts';
import { type AdmissionBounds, admit, type SourceCounts, type SourceMemory } from './admit.ts';
import type { Accepted } from './answer.ts';
import {
  type BedPresence,
  GATEWAY_SOURCE,
  heardFrom,
  NURSE_SOURCE,
  type PresenceBounds,
  secondOfBed,
} from './bed-presence.ts';
import { withPast } from './sequences.ts';

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

/** Changes that count only once the log keeps the records that go with them. */
export interface WardDraft {
  /** The frame to store (undefined: stored before), and the answer to give once it is. */
  readonly admit: (frame: Telemetry, heardAt: Moment) => readonly [Telemetry | undefined, Accepted];
  /** The Silence of every admitted bed that said nothing in the second that ends now. */
  readonly secondPassed: (now: Moment) => readonly Telemetry[];
  readonly commit: () => void;
}

export interface WardContents {
  /** By bed and source. */
  readonly sources: ReadonlyMap<string, SourceMemory>;
  readonly beds: ReadonlyMap<string, BedPresence>;
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
  /** What is remembered of a source that has spoken of the bed. */
  readonly sourceOf: (bed: string, source: string) => SourceMemory | undefined;
}

export interface WardMemoryOptions {
  readonly bounds: AdmissionBounds;
  readonly presence: PresenceBounds;
  readonly meters: Meters;
  readonly journal: Journal;
}

const SYNCHRONISED_MS = 50;
/** Sources that are remembered; a sender that makes up names must not fill the memory. The oldest goes first. */
const SOURCES_MAX = 50_000;

// Neither name may contain control characters (schemas/telemetry.ts).
const sourceKey = (bed: string, source: string): string => `${bed}\n${source}`;

const acceptedOf = (frame: Telemetry, verdict: Accepted['verdict']): Accepted => ({
  ok: true,
  bed: frame.bed,
  source: frame.source,
  sequence: frame.sequence,
  verdict,
});

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
export const makeWardMemory = ({ bounds, presence, meters, journal }: WardMemoryOptions): WardMemory => {
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

  const draft = (): WardDraft => {
    const draftSources = new Map<string, SourceMemory>();
    const draftBeds = new Map<string, BedPresence | undefined>();
    const notices: (() => void)[] = [];
    const bedOf = (name: string): BedPresence | undefined =>
      draftBeds.has(name) ? draftBeds.get(name) : beds.get(name);

    return {
      admit: (frame, heardAt) => {
        const { bed, source } = frame;
        const key = sourceKey(bed, source);
        const admission = admit(draftSources.get(key) ?? sources.get(key), frame, heardAt, bounds);
        draftSources.set(key, admission.memory);
        if (admission.tag === 'Duplicate') {
          notices.push(() => meters.frames.add(1, 'duplicate'));
          return [undefined, acceptedOf(frame, 'duplicate')];
        }
        const { frame: stored, lost, restarted, step } = admission;
        draftBeds.set(bed, heardFrom(bedOf(bed), stored));
        const verdict = stored.retrospective ? 'retrospective' : 'live';
        notices.push(() => {
          meters.frames.add(1, verdict);
          if (lost > 0) meters.framesLost.add(lost);
          if (restarted) {
            meters.sourceRestarts.add();
            journal.info('a source began to count anew', { bed, source });
          }
          if (step !== undefined) {
            meters.clockSteps.add(1, step.why);
            journal.warn('a device clock was stepped', {
              bed,
              source,
              why: step.why,
              deviceTimeBeforeUs: step.before,
              deviceTimeAfterUs: step.after,
              epoch: stored.clockEpoch,
            });
          }
        });
        return [stored, acceptedOf(frame, verdict)];
      },
      secondPassed: (now) => {
        const silences: Telemetry[] = [];
        for (const name of new Set([...beds.keys(), ...draftBeds.keys()])) {
          const bed = bedOf(name);
          if (bed === undefined) continue;
          const second = secondOfBed(name, bed, now, presence);
          draftBeds.set(name, second.bed);
          if (second.silence !== undefined) silences.push(second.silence);
          if (second.bed === undefined)
            notices.push(() => journal.info('a bed is no longer listened for', { bed: name }));
        }
        notices.push(() => {
          meters.frames.add(silences.length, 'silence');
          countGauges();
        });
        return silences;
      },
      commit: () => {
        for (const [key, memory] of draftSources) remember(key, memory);
        for (const [name, bed] of draftBeds) {
          if (bed === undefined) beds.delete(name);
          else beds.set(name, bed);
        }
        for (const notice of notices) notice();
      },
    };
  };

  return {
    draft,
    learn: (frame) => {
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
      const { clock } = memory;
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
    sourceOf: (bed, source) => sources.get(sourceKey(bed, source)),
  };
};
