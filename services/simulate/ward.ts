import { Sex } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { seedFor, type WardDice, wardDiceFrom } from './dice.ts';
import type { Episode, EpisodeKind, Scenario } from './episodes.ts';
import type { SimulatedLaboratorySettings } from './laboratory.ts';
import type { SimulatedBedSettings, SimulatedPerson } from './simulated-bed.ts';

const CYCLE_S = 600;

const episode = (kind: EpisodeKind, fromS: number, lengthS: number): Episode => ({
  kind,
  fromS,
  toS: fromS + lengthS,
});

/** What befalls the first eight beds; further beds repeat it from another point of the cycle. */
const scenes: readonly (readonly Episode[])[] = [
  // A true alarm within half a minute of the start, whoever looks.
  [episode('vt', 12, 8), episode('v-run', 240, 40), episode('vt', 420, 8)],
  [episode('af', 60, 270), episode('pause', 400, 2)],
  [episode('desaturation', 40, 60), episode('desaturation', 380, 45)],
  [episode('couplet', 90, 40), episode('bigeminy', 200, 60), episode('v-run', 450, 30)],
  [episode('extreme-brady', 75, 30), episode('pause', 150, 2), episode('extreme-brady', 440, 25)],
  [episode('lead-off', 50, 30), episode('silent', 180, 15), episode('lead-off', 330, 20)],
  [episode('vf', 120, 20), episode('asystole', 300, 12)],
  [episode('extreme-tachy', 150, 30), episode('noise', 220, 20), episode('extreme-tachy', 500, 25)],
];

/** Somebody in the ward is iller than the others: their early warning score is high without any alarm of the heart. */
const ILL_BED = 7;

export interface WardSettings {
  readonly beds: number;
  readonly seed: number;
  readonly start: Moment;
  readonly frameMs: number;
  /** Before the number of the bed, for example "sim-". */
  readonly bedPrefix?: string;
  /** False: nothing befalls anybody. */
  readonly episodes?: boolean;
}

const between = (dice: WardDice, low: number, high: number): number => low + (high - low) * dice.unit();

const scenarioOf = (n: number, dice: WardDice, episodes: boolean): Scenario => ({
  cycleS: CYCLE_S,
  beginsAtS: n < scenes.length ? 0 : Math.floor(between(dice, 0, CYCLE_S)),
  episodes: episodes ? scenes[n % scenes.length]! : [],
});

/** Dice of their own, so that nobody's waves change with who they are. */
const personOf = (seed: number): SimulatedPerson => {
  const dice = wardDiceFrom(seedFor(seed, 200_000));
  const ageYears = Math.round(between(dice, 24, 91));
  const sex = dice.unit() < 0.5 ? Sex.FEMALE : Sex.MALE;
  return { ageYears, sex, hoursBefore: Math.round(between(dice, 0, 60)) };
};

const bedSettings = (ward: WardSettings, n: number): SimulatedBedSettings => {
  const digits = Math.max(2, String(ward.beds).length);
  const seed = seedFor(ward.seed, n);
  const dice = wardDiceFrom(seed);
  const ill = n % scenes.length === ILL_BED;
  const name = String(n + 1).padStart(digits, '0');
  const breathsPerMin = Math.round(ill ? 22 : between(dice, 12, 18));
  return {
    bed: `${ward.bedPrefix ?? 'sim-'}${name}`,
    source: 'vigil-simulator',
    patient: `simulated-${ward.seed}-${name}`,
    person: personOf(seed),
    seed,
    // Monitors do not speak in chorus: the frames of the ward are spread over a frame's length.
    start: moment(ward.start + Math.floor((n * ward.frameMs * 1e3) / ward.beds)),
    frameMs: ward.frameMs,
    amplitudeMv: between(dice, 0.8, 1.4),
    heart: {
      restingPerMin: Math.round(ill ? 98 : between(dice, 58, 86)),
      breathsPerMin,
      ventricularPerMille: n % scenes.length === 3 ? 40 : 4,
      atrialPerMille: 6,
    },
    vital: {
      spo2: ill ? 94 : Math.round(between(dice, 96, 99)),
      breathsPerMin,
      temperature: ill ? 38.4 : between(dice, 36.5, 37.3),
      systolic: Math.round(between(dice, 112, 136)),
      diastolic: Math.round(between(dice, 66, 82)),
      onOxygen: ill,
      phase: dice.unit(),
    },
    scenario: scenarioOf(n, dice, ward.episodes ?? true),
  };
};

/** The beds of a synthetic ward. The same seed gives the same ward. */
export const simulatedWard = (ward: WardSettings): readonly SimulatedBedSettings[] =>
  Array.from({ length: ward.beds }, (_, n) => bedSettings(ward, n));

/** The laboratory of a bed of the ward. */
export const laboratoryOf = ({ bed, seed, start, vital }: SimulatedBedSettings): SimulatedLaboratorySettings => ({
  ...{ bed, source: 'lis-simulator', seed: seedFor(seed, 300_000), start, ill: vital.onOxygen },
});
