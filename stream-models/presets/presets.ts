import { type Microseconds, seconds } from '../../schemas/units.ts';
import type {
  BeatsAtRate,
  Limit,
  LimitCondition,
  LimitName,
  Population,
  PopulationSettings,
  Preset,
  PresetName,
  RhythmDefinitions,
} from './preset.ts';

/** low, high, hysteresis. */
type Row = readonly [number | undefined, number | undefined, number];
const limitsOf = (rows: Readonly<Record<LimitName, Row>>): Readonly<Record<LimitName, Limit>> =>
  Object.fromEntries(
    Object.entries(rows).map(([name, [low, high, hysteresis]]) => [name, { low, high, hysteresis }]),
  ) as Record<LimitName, Limit>;

const none = undefined;

/** Vigil's own starting values, in the range of monitors' usual ones; a site sets its own. Not a standard's numbers. */
const limits: Readonly<Record<Population, Readonly<Record<LimitName, Limit>>>> = {
  adult: limitsOf({
    hr: [50, 120, 2],
    pulse: [50, 120, 2],
    spo2: [90, none, 1],
    rr: [8, 30, 1],
    temp: [36, 39, 0.1],
    'nibp-sys': [90, 160, 2],
    'nibp-mean': [60, 110, 2],
    'abp-sys': [90, 160, 2],
    'abp-mean': [60, 110, 2],
    cvp: [0, 12, 1],
    etco2: [30, 50, 1],
  }),
  child: limitsOf({
    hr: [75, 160, 2],
    pulse: [75, 160, 2],
    spo2: [90, none, 1],
    rr: [12, 40, 1],
    temp: [36, 39, 0.1],
    'nibp-sys': [70, 120, 2],
    'nibp-mean': [50, 80, 2],
    'abp-sys': [70, 120, 2],
    'abp-mean': [50, 80, 2],
    cvp: [0, 10, 1],
    etco2: [30, 50, 1],
  }),
  neonate: limitsOf({
    hr: [100, 200, 2],
    pulse: [100, 200, 2],
    spo2: [88, 96, 1],
    rr: [30, 80, 2],
    temp: [36, 38, 0.1],
    'nibp-sys': [50, 90, 2],
    'nibp-mean': [30, 60, 2],
    'abp-sys': [50, 90, 2],
    'abp-mean': [30, 60, 2],
    cvp: [0, 10, 1],
    etco2: [30, 50, 1],
  }),
};

const EXTREME_TACHY_MAX: Readonly<Record<Population, number>> = { adult: 200, child: 240, neonate: 240 };

/** Philips' rule (manuals of its XL+ arrhythmia analysis): 10 below the low limit but not below 30; 20 above the high limit, capped. */
const extremesOf = (population: Population) => {
  const { low, high } = limits[population].hr;
  return {
    brady: Math.max(30, (low ?? 50) - 10),
    tachy: Math.min(EXTREME_TACHY_MAX[population], (high ?? 120) + 20),
  };
};

const perPopulation = (
  rhythmOf: (population: Population) => RhythmDefinitions,
): Readonly<Record<Population, PopulationSettings>> => {
  const settingsOf = (population: Population): PopulationSettings => ({
    rhythm: rhythmOf(population),
    limits: limits[population],
    desaturationBelow: 80,
  });
  return { adult: settingsOf('adult'), child: settingsOf('child'), neonate: settingsOf('neonate') };
};

const byExtremes = (
  population: Population,
  bradyBeats: number,
  tachyBeats: number,
): { readonly extremeBrady: BeatsAtRate; readonly extremeTachy: BeatsAtRate } => ({
  extremeBrady: { beats: bradyBeats, perMinute: extremesOf(population).brady },
  extremeTachy: { beats: tachyBeats, perMinute: extremesOf(population).tachy },
});

/** HR alarms are heard within 10 s of the change (IEC 60601-2-27 as vendors cite it), so heart rate has no delay. */
const delays: Readonly<Partial<Record<LimitCondition, Microseconds>>> = {
  'spo2-low': seconds(10),
  'spo2-high': seconds(10),
  'pulse-low': seconds(5),
  'pulse-high': seconds(5),
  'rr-low': seconds(10),
  'rr-high': seconds(10),
  'etco2-low': seconds(10),
  'etco2-high': seconds(10),
};

export const presets: Readonly<Record<PresetName, Preset>> = {
  vigil: {
    name: 'vigil',
    title: 'Vigil (default)',
    source: 'Asystole, VF and VT as CinC-2015 and Edan state them; extremes by Philips’ rule; limits of our own.',
    populations: perPopulation((population) => ({
      asystoleAfter: seconds(4),
      pauseAfter: seconds(3),
      vt: { beats: 5, perMinute: 100 },
      runBeats: 3,
      ...byExtremes(population, 5, 10),
    })),
    delays,
  },
  'philips-like': {
    name: 'philips-like',
    title: 'Philips-like',
    source:
      'Manuals of Philips’ XL+ arrhythmia analysis; VT’s beats and pause are settings there, ours are stated here.',
    populations: perPopulation((population) => ({
      asystoleAfter: seconds(4),
      pauseAfter: seconds(2),
      vt: { beats: 5, perMinute: 100 },
      runBeats: 3,
      ...byExtremes(population, 5, 5),
    })),
    delays,
  },
  'cinc-2015': {
    name: 'cinc-2015',
    title: 'CinC 2015',
    source: 'PhysioNet/CinC Challenge 2015, for adults; what the challenge does not define is as in "vigil".',
    populations: perPopulation((population) => ({
      asystoleAfter: seconds(4),
      pauseAfter: seconds(3),
      vt: { beats: 5, perMinute: 100 },
      runBeats: 3,
      ...(population === 'adult'
        ? { extremeBrady: { beats: 5, perMinute: 40 }, extremeTachy: { beats: 17, perMinute: 140 } }
        : byExtremes(population, 5, 17)),
    })),
    delays,
  },
};

/** undefined: there is no preset of that name; `Object.keys(presets)` are the names there are. */
export const findPreset = (name: string): Preset | undefined =>
  Object.hasOwn(presets, name) ? presets[name as PresetName] : undefined;
