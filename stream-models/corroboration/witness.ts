import { type Moment, moment } from '../../schemas/units.ts';
import { comparedBeat, type Kind, kindOf, ownNormal, withBeat } from '../beats/norms.ts';
import { type EcgMemory, hearEcg, startEcg } from '../ecg/hear-ecg.ts';
import type { BeatSeen, EcgChunk, EcgProgress } from '../ecg/sighting.ts';
import { hearPulses, type PulseMemory, startPulses } from '../pulse/hear-pulse.ts';
import type { PulseChunk, PulseSighting } from '../pulse/sighting.ts';
import { KEPT_S, type NetworkVotes, noVotes } from './network-votes.ts';
import { shapeWidth } from './shape-width.ts';

/** A beat that one lead saw for itself, beside that lead's own normal. */
export interface LeadBeat {
  readonly at: Moment;
  readonly amplitudeMv: number;
  /** 0 the same as the own normal … 2 its opposite (beats/norms.ts). */
  readonly strangeness: number;
  /** Width beside the own normal's: 0.3 is a third wider. */
  readonly wider: number;
  /** Width of the QRS, ticks of 4 ms. */
  readonly widthTicks: number;
  /** SHAPE_LENGTH samples at 250 Hz around the R peak. */
  readonly shapeMv: Float32Array;
}

/** A quarter second of one lead. */
export interface LeadStretch {
  readonly at: Moment;
  readonly quality: number;
  readonly flat: boolean;
  /** Off or at its rail: nothing can be seen. */
  readonly blind: boolean;
  readonly samplesMv: Float32Array;
}

export interface LeadWitness {
  readonly code: number;
  readonly ecg: EcgMemory;
  readonly kinds: readonly Kind[];
  readonly beats: readonly LeadBeat[];
  readonly stretches: readonly LeadStretch[];
}

export interface PulseWitness {
  readonly code: number;
  readonly pulses: readonly { readonly at: Moment; readonly strength: number; readonly likeness: number }[];
  readonly seconds: readonly {
    readonly at: Moment;
    readonly quality: number;
    readonly flat: boolean;
    readonly swing: number;
  }[];
  /** Running swing of the good seconds, in the signal's unit. */
  readonly usualSwing: number;
}

/** What is remembered of a bed so that an alarm can be judged: the last KEPT_S seconds of every signal that may speak. */
export interface WitnessMemory extends NetworkVotes {
  readonly leads: readonly LeadWitness[];
  readonly pulses: PulseMemory;
  readonly pulseWitnesses: readonly PulseWitness[];
  readonly heardTo: Moment | undefined;
}

export const startWitnesses: WitnessMemory = {
  ...noVotes,
  leads: [],
  pulses: startPulses,
  pulseWitnesses: [],
  heardTo: undefined,
};

const KEPT_US = KEPT_S * 1e6;
const LEADS_MAX = 3;
const NO_LEADS_OFF: ReadonlySet<number> = new Set();
/** A beat earlier than this share of the one before counts less for what is normal. */
const EARLY_SHARE = 0.88;
const SWING_SHARE = 1 / 30;
const GOOD = 0.5;

/** Everything that a frame brought, and what analysis saw of it. */
export interface Heard extends NetworkVotes {
  readonly ecg: readonly EcgChunk[];
  readonly pulses: readonly PulseChunk[];
  readonly off: ReadonlySet<number>;
  /** The end of the frame. */
  readonly at: Moment;
}

const since = <T extends { readonly at: Moment }>(all: readonly T[], from: number): readonly T[] => {
  let first = 0;
  while (first < all.length && all[first]!.at < from) first++;
  return first === 0 ? all : all.slice(first);
};

const withLeadBeat = (witness: LeadWitness, seen: BeatSeen): LeadWitness => {
  const shape = seen.shapes[0];
  if (shape === undefined) return witness;
  const norms = { lead: witness.code, kinds: witness.kinds, last: undefined, usual: NO_USUAL };
  const normal = ownNormal(norms);
  const compared = comparedBeat([shape]);
  const strangeness = normal === undefined ? 0 : compared.beside(normal).difference;
  const widthTicks = shapeWidth(shape);
  const wider = normal === undefined ? 0 : widthTicks / shapeWidth(normal.shapes[0]!) - 1;
  const [earlier, last] = [witness.beats.at(-2), witness.beats.at(-1)];
  const early = earlier !== undefined && last !== undefined && seen.at - last.at < EARLY_SHARE * (last.at - earlier.at);
  const kinds = withBeat(witness.kinds, compared, kindOf(norms, compared, normal), early, NOT_ASKED);
  const beat = { at: seen.at, amplitudeMv: seen.amplitudeMv, strangeness, wider, widthTicks, shapeMv: shape };
  return { ...witness, kinds, beats: [...since(witness.beats, seen.at - KEPT_US), beat] };
};
/** How early a kind usually comes is a question of the network's alone. */
const NOT_ASKED = 0;
const NO_USUAL = { beats: 0, mean: new Float32Array(0), apart: new Float32Array(0) };

const withProgress = (witness: LeadWitness, seen: EcgProgress, off: boolean): LeadWitness => {
  const lead = seen.leads[0];
  if (lead === undefined) return witness;
  const { quality, flat, saturated, samplesMv } = lead;
  const stretch = { at: seen.at, quality, flat, blind: off || saturated, samplesMv };
  return { ...witness, stretches: [...since(witness.stretches, seen.at - KEPT_US), stretch] };
};

const hearLead = (witness: LeadWitness, chunk: EcgChunk, off: boolean): LeadWitness => {
  const [ecg, sightings] = hearEcg(witness.ecg, [chunk], NO_LEADS_OFF);
  let heard: LeadWitness = { ...witness, ecg };
  for (const seen of sightings) {
    if (seen.tag === 'BeatSeen') heard = withLeadBeat(heard, seen);
    else if (seen.tag === 'EcgProgress') heard = withProgress(heard, seen, off);
    // No window may reach over a hole; what was seen before it stands.
    else heard = { ...heard, stretches: [] };
  }
  return heard;
};

const startLead = (code: number): LeadWitness => ({ code, ecg: startEcg, kinds: [], beats: [], stretches: [] });

const hearPulse = (witness: PulseWitness, seen: PulseSighting): PulseWitness => {
  switch (seen.tag) {
    case 'PulseSeen': {
      const { at, strength, likeness: alike } = seen;
      const pulses = [...since(witness.pulses, at - KEPT_US), { at, strength, likeness: alike }];
      return { ...witness, pulses };
    }
    case 'PulseProgress': {
      const { at, quality, flat, swing } = seen;
      const seconds = [...since(witness.seconds, at - KEPT_US), { at, quality, flat, swing }];
      const usual = witness.usualSwing;
      const good = quality >= GOOD && !flat;
      const usualSwing = good ? (usual === 0 ? swing : usual + (swing - usual) * SWING_SHARE) : usual;
      return { ...witness, seconds, usualSwing };
    }
    case 'PulseBroken':
      return { ...witness, usualSwing: 0 };
  }
};

/** One frame of a bed, after analysis has seen it. */
export const hearWitnesses = (memory: WitnessMemory, heard: Heard): WitnessMemory => {
  const { ecg, pulses: pulseChunks, off, at } = heard;
  const leads = [...memory.leads];
  for (const chunk of ecg) {
    const index = leads.findIndex(({ code }) => code === chunk.code);
    if (index < 0 && leads.length >= LEADS_MAX) continue;
    const lead = hearLead(leads[index] ?? startLead(chunk.code), chunk, off.has(chunk.code));
    if (index >= 0) leads[index] = lead;
    else leads.push(lead);
  }
  const [pulses, sightings] = hearPulses(memory.pulses, pulseChunks);
  const pulseWitnesses = [...memory.pulseWitnesses];
  for (const seen of sightings) {
    const index = pulseWitnesses.findIndex(({ code }) => code === seen.code);
    const known = pulseWitnesses[index] ?? { code: seen.code, pulses: [], seconds: [], usualSwing: 0 };
    if (index >= 0) pulseWitnesses[index] = hearPulse(known, seen);
    else pulseWitnesses.push(hearPulse(known, seen));
  }
  const heardTo = moment(Math.max(memory.heardTo ?? at, at));
  return {
    beats: [...since(memory.beats, heardTo - KEPT_US), ...heard.beats],
    seconds: [...since(memory.seconds, heardTo - KEPT_US), ...heard.seconds],
    leads,
    pulses,
    pulseWitnesses,
    heardTo,
  };
};
