/**
 * The series as they lie in InfluxDB: every measurement with its tags, its fields, their types and units. The recorder's
 * adapter writes by it, reviews read by it, and the dashboards' queries are made from it; nothing else names a column.
 *
 * Bounded by beds × signals: a tag is a bed, a code, a small number or a word of a closed list, never free text, an
 * id that grows or a time. What identifies a device, an alarm or a person is a field.
 */
import { RhythmKind } from './generated/vigil/v1/findings_pb.ts';

/** How long what lies in it is kept. A tier is a retention policy of InfluxDB 1.x and a bucket of 2.x ("vigil/raw"). */
export const tiers = {
  raw: { daysUsual: 30, means: 'every number and finding as it came' },
  minutes: { daysUsual: 730, means: 'least, most, mean, count and completeness of every minute' },
  alarms: { daysUsual: 365, means: 'alarms, and the waves around them at full rate' },
} as const satisfies Record<string, { readonly daysUsual: number; readonly means: string }>;

export type Tier = keyof typeof tiers;
export const tierNames = Object.keys(tiers) as readonly Tier[];

export interface Field {
  readonly type: 'float' | 'integer' | 'string' | 'boolean';
  /** UCUM; absent: none, or the one named by the tag `ucum`. */
  readonly unit?: string;
  readonly means: string;
}

export interface Measurement {
  readonly tier: Tier;
  readonly means: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, Field>>;
}

/** The protobuf message itself, so that what is read back is what was said. */
const message: Field = { type: 'string', means: 'the message in base64' };
const place: Field = { type: 'integer', means: 'offset on the log: the order of what was said of one moment' };

const OF_BED = { unit: 'the hospital unit, from the name of the bed', bed: 'the bed' } as const;
const OF_SIGNAL = {
  ...OF_BED,
  code: 'IEEE 11073-10101 code of the signal',
  device: 'which of the devices of the bed; 0 is Vigil itself',
} as const;
const OF_NUMERIC = { ...OF_SIGNAL, ucum: 'unit of the value, or "other"' } as const;

export const measurements = {
  numeric: {
    tier: 'raw',
    means: 'one measured number',
    tags: OF_NUMERIC,
    fields: {
      value: { type: 'float', means: 'the number' },
      ucum_sent: { type: 'string', means: 'the unit as it came, where the tag says "other"' },
    },
  },
  numeric_1m: {
    tier: 'minutes',
    means: 'the numbers of one minute; a minute without numbers has no point',
    tags: OF_NUMERIC,
    fields: {
      min: { type: 'float', means: 'least' },
      max: { type: 'float', means: 'most' },
      mean: { type: 'float', means: 'mean' },
      count: { type: 'integer', means: 'how many' },
      complete: {
        ...{ type: 'float', unit: '1' },
        means: 'share of the minute in which the newest number was no older than the limit of age of its code',
      },
    },
  },
  device: {
    tier: 'raw',
    means: 'which device had this number at its bed in this minute',
    tags: { ...OF_BED, device: OF_SIGNAL.device },
    fields: { source: { type: 'string', means: 'the device, as it names itself' } },
  },
  beat: {
    tier: 'raw',
    means: 'one QRS complex',
    tags: { ...OF_BED, class: 'AAMI EC57: N, S, V, F or Q' },
    fields: {
      rr_ms: { type: 'float', unit: 'ms', means: 'interval to the beat before' },
      amplitude_mv: { type: 'float', unit: 'mV', means: 'R wave against the baseline' },
      probability: { type: 'float', unit: '1', means: 'of the class; absent when no network answered' },
      message,
    },
  },
  rhythm: {
    tier: 'raw',
    means: 'the rhythm from here on',
    tags: OF_BED,
    fields: { rhythm: { type: 'string', means: 'the rhythm in a word' }, message },
  },
  quality: {
    tier: 'raw',
    means: 'quality of one lead',
    tags: { ...OF_BED, code: OF_SIGNAL.code },
    fields: {
      index: { type: 'float', unit: '1', means: '0 useless … 1 clean' },
      usable: { type: 'boolean', means: 'neither flat nor saturated nor off' },
      message,
    },
  },
  derived: {
    tier: 'raw',
    means: 'a number of Vigil’s own, as it was said; its value is in numeric, device 0',
    tags: { ...OF_BED, code: OF_SIGNAL.code },
    fields: { message },
  },
  score: {
    tier: 'raw',
    means: 'a score, for example NEWS2',
    tags: { ...OF_BED, name: 'the score' },
    fields: {
      value: { type: 'float', unit: '{score}', means: 'the score; absent when it is incomplete' },
      missing: { type: 'integer', means: 'inputs that are missing or too old' },
      message,
    },
  },
  risk: {
    tier: 'raw',
    means: 'a risk that a network says once an hour; the time is the end of the hour',
    tags: { ...OF_BED, name: 'of what, for example sepsis' },
    fields: {
      probability: {
        type: 'float',
        unit: '1',
        means: 'calibrated; absent where data is insufficient or the network failed',
      },
      low: { type: 'float', unit: '1', means: 'how seldom sepsis came where so much was said, on wards never seen' },
      high: { type: 'float', unit: '1', means: 'how often it came there; both absent where there is no probability' },
      alarm: { type: 'boolean', means: 'at the threshold or above it; it does not ring' },
      horizon_h: { type: 'float', unit: 'h', means: 'within how long' },
      missing: { type: 'integer', means: 'inputs that are missing or too old' },
      message,
    },
  },
  condition: {
    tier: 'raw',
    means: 'a condition came or went',
    tags: { ...OF_BED, condition: 'the condition' },
    fields: {
      present: { type: 'boolean', means: 'it came' },
      evidence: { type: 'string', means: 'in words and numbers' },
      message,
    },
  },
  notice: {
    tier: 'raw',
    means:
      'what analysis had to tell apart from the patient: unmapped codes, memory that was reset, verdicts on red rhythm alarms of the monitor and of Vigil',
    tags: { ...OF_BED, kind: 'unmapped, reset or verdict' },
    fields: {
      what: { type: 'string', means: 'of a reset: what was forgotten' },
      why: { type: 'string', means: 'of a reset: why, for example "another patient"' },
      message,
    },
  },
  alarm: {
    tier: 'alarms',
    means: 'one signal went from one state to another',
    tags: { ...OF_BED, condition: 'the condition', priority: 'high, medium or low' },
    fields: {
      alarm: { type: 'string', means: 'bed, condition and onset' },
      from: { type: 'string', means: 'state before' },
      to: { type: 'string', means: 'state after' },
      text: { type: 'string', means: 'what the nurse read: the value at the onset, and the worst until now' },
      by: { type: 'string', means: 'vigil, or who did it' },
      why: { type: 'string', means: 'in a few words' },
      verdict: {
        type: 'string',
        means: 'what all signals say of it, once a red rhythm alarm is judged, and who says so',
      },
      began: { type: 'integer', means: '1: it began to ring here' },
      onset_ms: { type: 'integer', unit: 'ms', means: 'since 1970: when the condition came' },
      answered_s: { type: 'float', unit: 's', means: 'from its beginning to this acknowledgement' },
      lasted_s: { type: 'float', unit: 's', means: 'from the onset to its end here, of one that was shown until then' },
      place,
      message,
    },
  },
  picture: {
    tier: 'alarms',
    means: 'alarms of a bed after each change, and every minute',
    tags: OF_BED,
    fields: {
      high: { type: 'integer', means: 'high alarms that are shown' },
      medium: { type: 'integer', means: 'medium alarms that are shown' },
      low: { type: 'integer', means: 'low alarms that are shown' },
      gravest: { type: 'string', means: 'text of the gravest that is shown; empty: none' },
      // Said without an alarm's change: a roll call, which each bed that is watched has once a minute, or a pause of sound.
      place: { ...place, means: 'offset on the log; absent where an alarm changed' },
      judged_place: {
        ...place,
        means:
          'offset on the log of a picture that only brought a verdict on an alarm or its worst value: no roll call',
      },
      message: { type: 'string', means: 'what was said, in base64; absent where an alarm changed' },
    },
  },
  strip: {
    tier: 'alarms',
    means: 'the waves around an alarm, sample by sample, for drawing',
    tags: { ...OF_SIGNAL, label: 'the label of the code on the screen; of an unmapped one "MDC" and the code' },
    fields: { value: { type: 'float', means: 'the sample in Vigil’s unit of its signal, whatever it came in' } },
  },
  block: {
    tier: 'alarms',
    means: 'the same waves as they came, bit for bit; the time is that of the first sample',
    tags: OF_SIGNAL,
    fields: {
      source: { type: 'string', means: 'the device' },
      ucum: { type: 'string', means: 'unit of the samples' },
      rate_numerator: { type: 'integer', means: 'samples per second: numerator' },
      rate_denominator: { type: 'integer', means: 'samples per second: denominator' },
      gain: { type: 'float', means: 'value = (sample - offset) * gain' },
      offset: { type: 'float', means: 'see gain' },
      count: { type: 'integer', means: 'samples' },
      samples: { type: 'string', means: 'packed samples in base64' },
      samples_2: { type: 'string', means: 'the next part of it, of a very long block' },
      samples_3: { type: 'string', means: 'and the next' },
    },
  },
  hold: {
    tier: 'alarms',
    means: 'a hold of a bed was placed or released; the newest of an id holds good',
    tags: OF_BED,
    fields: {
      id: { type: 'string', means: 'the hold' },
      from_us: { type: 'integer', unit: 'us', means: 'since 1970: from when on the series of the bed are held' },
      to_us: { type: 'integer', unit: 'us', means: 'until when; absent: without end' },
      reason: { type: 'string', means: 'why, in the words of who placed it' },
      by: { type: 'string', means: 'who placed it' },
      at_us: { type: 'integer', unit: 'us', means: 'when' },
      released_us: { type: 'integer', unit: 'us', means: 'when it was released; absent: it was placed' },
      released_by: { type: 'string', means: 'by whom' },
      released_reason: { type: 'string', means: 'why' },
    },
  },
  keeping: {
    tier: 'alarms',
    means: 'how long the tiers are kept beside holds; the newest holds good. Without one InfluxDB keeps its own days',
    tags: {},
    fields: {
      raw_days: { type: 'integer', unit: 'd', means: 'days of this tier; 0: for ever' },
      minutes_days: { type: 'integer', unit: 'd', means: 'days of this tier; 0: for ever' },
      alarms_days: { type: 'integer', unit: 'd', means: 'days of this tier; 0: for ever' },
      held: {
        type: 'boolean',
        means:
          'holds stand: InfluxDB drops nothing, Vigil deletes what is over these days. False: the days went back to InfluxDB',
      },
    },
  },
  engine: {
    tier: 'raw',
    means: 'a figure of Vigil itself, as /metrics has it',
    tags: {
      process: 'the process, by what it does',
      metric: 'name as in /metrics',
      label: 'the word that splits the metric; empty: none',
    },
    fields: { value: { type: 'float', means: 'the figure; counts count from the start of the process' } },
  },
} as const satisfies Record<string, Measurement>;

export type MeasurementName = keyof typeof measurements;
export const measurementNames = Object.keys(measurements) as readonly MeasurementName[];

/** Values of the tag `device`: Vigil itself, then the devices of a bed in the order in which they first spoke. */
export const VIGIL_DEVICE = 0;
export const DEVICES_PER_BED_MAX = 16;

/** The hospital unit of a bed: its name up to the last "-", "." or "/"; a name without one is a unit of its own. */
export const unitOfBed = (bed: string): string => /^(.+)[-./][^-./]*$/.exec(bed)?.[1] ?? bed;

/** Rhythms by gravity, so that the most of a minute is its gravest. Series of code PRIVATE.rhythm. */
export const rhythmGravity: Readonly<Record<number, { readonly gravity: number; readonly word: string }>> = {
  [RhythmKind.SINUS_LIKE]: { gravity: 1, word: 'sinus-like' },
  [RhythmKind.NOISE]: { gravity: 2, word: 'noise' },
  [RhythmKind.AF]: { gravity: 3, word: 'AF' },
  [RhythmKind.VT]: { gravity: 4, word: 'VT' },
  [RhythmKind.VFL]: { gravity: 5, word: 'V flutter' },
  [RhythmKind.VF]: { gravity: 6, word: 'VF' },
  [RhythmKind.ASYSTOLE]: { gravity: 7, word: 'asystole' },
};
