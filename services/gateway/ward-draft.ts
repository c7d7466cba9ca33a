import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import type { Moment } from '../../schemas/units.ts';
import type { Journal } from '../logging/journal.ts';
import type { Meters } from '../metrics/meters.ts';
import { type AdmissionBounds, admit, type SourceMemory } from './admit.ts';
import type { Accepted } from './answer.ts';
import { type BedPresence, heardFrom, type PresenceBounds, secondOfBed } from './bed-presence.ts';

export interface WardContents {
  /** By bed and source. */
  readonly sources: ReadonlyMap<string, SourceMemory>;
  readonly beds: ReadonlyMap<string, BedPresence>;
}

export interface WardMemoryOptions {
  readonly bounds: AdmissionBounds;
  readonly presence: PresenceBounds;
  readonly meters: Meters;
  readonly journal: Journal;
}

/** Changes that count only once the log keeps the records that go with them. */
export interface WardDraft {
  /** The frame to store (undefined: stored before), and the answer to give once it is. */
  readonly admit: (frame: Telemetry, heardAt: Moment) => readonly [Telemetry | undefined, Accepted];
  /** The Silence of every admitted bed that said nothing in the second that ends now. */
  readonly secondPassed: (now: Moment) => readonly Telemetry[];
  readonly commit: () => void;
}

/** Where a draft goes once the log keeps the records that go with it. */
interface DraftGoal {
  readonly keepSource: (key: string, memory: SourceMemory) => void;
  /** undefined: the bed is no longer admitted. */
  readonly keepBed: (name: string, bed: BedPresence | undefined) => void;
  readonly secondKept: () => void;
}

// Neither name may contain control characters (schemas/telemetry.ts).
export const sourceKey = (bed: string, source: string): string => `${bed}\n${source}`;

const acceptedOf = (frame: Telemetry, verdict: Accepted['verdict']): Accepted => ({
  ok: true,
  bed: frame.bed,
  source: frame.source,
  sequence: frame.sequence,
  verdict,
});

/** A draft of what the ward's memory becomes with the next append. */
export const draftOf = (
  { sources, beds }: WardContents,
  { bounds, presence, meters, journal }: WardMemoryOptions,
  { keepSource, keepBed, secondKept }: DraftGoal,
): WardDraft => {
  const draftSources = new Map<string, SourceMemory>();
  const draftBeds = new Map<string, BedPresence | undefined>();
  const notices: (() => void)[] = [];
  const bedOf = (name: string): BedPresence | undefined => (draftBeds.has(name) ? draftBeds.get(name) : beds.get(name));

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
        secondKept();
      });
      return silences;
    },
    commit: () => {
      for (const [key, memory] of draftSources) keepSource(key, memory);
      for (const [name, bed] of draftBeds) keepBed(name, bed);
      for (const notice of notices) notice();
    },
  };
};
