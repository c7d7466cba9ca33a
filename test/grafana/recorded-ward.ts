/**
 * A ward as it lies in InfluxDB: a day of it, and some minutes of forty days ago, of which only the minutes are left.
 * Round numbers, so that what a query must answer can be said beforehand. Times are milliseconds before its end.
 */
import { MDC, PRIVATE, signalOf } from '../../schemas/codes.ts';
import { RhythmKind } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { rhythmGravity, unitOfBed, VIGIL_DEVICE } from '../../schemas/series.ts';
import { type FieldsOf, type Line, line } from './lines.ts';

export const SECOND = 1e3;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A whole minute, before all that the beds say while a test runs. */
export const END_MS = Math.floor(Date.now() / MINUTE) * MINUTE - 2 * MINUTE;

/** The bed of the story; two others of its unit; and one whose name Grafana and InfluxQL must escape. */
export const BED = 'icu-01';
export const OTHER_BED = 'icu-02';
export const SILENT_BED = 'icu-03';
export const ODD_BED = 'ccu/3.1-07';

export const AGO = {
  /** One second of VT, somewhere within the day. */
  vt: 13 * HOUR + 20 * MINUTE + 17 * SECOND,
  silentFrom: 10 * HOUR,
  silentTo: 8 * HOUR,
  afFrom: 5 * HOUR,
  afTo: 4 * HOUR,
  /** Saturation is missing. */
  holeFrom: 30 * MINUTE,
  holeTo: 25 * MINUTE,
  silentBed: 20 * MINUTE,
  rolledUp: 10 * DAY,
  /** Only minutes are left. */
  old: 40 * DAY,
} as const;

export const gravity = (kind: RhythmKind): number => rhythmGravity[kind]!.gravity;
const placeOf = (bed: string) => ({ unit: unitOfBed(bed), bed });
const MESSAGE = 'AA==';
const MONITOR = '1';
const VIGIL = String(VIGIL_DEVICE);

const numberOf = (bed: string, code: number, device: string, value: number, atMs: number): Line => {
  const tags = { ...placeOf(bed), code: String(code), device, ucum: signalOf(code)!.ucum };
  return line('numeric', tags, { value }, atMs);
};

/** Signals that come once a second in the last hour: value plus 0, 1, 2, 0, 1, 2, … */
export const everySecond: readonly (readonly [code: number, device: string, base: number])[] = [
  [MDC.ecgHeartRate, VIGIL, 71],
  [MDC.pulseRate, MONITOR, 69],
  [MDC.spo2, MONITOR, 95],
  [MDC.respRate, MONITOR, 14],
  [MDC.respRateCo2, MONITOR, 13],
  [MDC.abpSystolic, MONITOR, 118],
  [MDC.abpMean, MONITOR, 88],
  [MDC.abpDiastolic, MONITOR, 68],
  [MDC.etco2, MONITOR, 36],
  [MDC.cvpMean, MONITOR, 7],
];
/** Signals that come now and then in the last hour, always the same. */
export const nowAndThen: readonly (readonly [code: number, everyMs: number, value: number])[] = [
  [MDC.temperature, MINUTE, 37.2],
  [MDC.nibpSystolic, 15 * MINUTE, 121],
  [MDC.nibpMean, 15 * MINUTE, 91],
  [MDC.nibpDiastolic, 15 * MINUTE, 71],
];
export const HEART_RATE_BASE = 70;
export const HEART_RATE_PEAK = 190;

const numbers = (): Line[] => {
  const lines: Line[] = [];
  const vtMs = END_MS - AGO.vt;
  for (let ago = DAY; ago > 0; ago -= SECOND) {
    if (ago <= AGO.silentFrom && ago > AGO.silentTo) continue;
    const atMs = END_MS - ago;
    const rate = atMs === vtMs ? HEART_RATE_PEAK : HEART_RATE_BASE + ((ago / SECOND) % 3);
    lines.push(numberOf(BED, MDC.ecgHeartRate, MONITOR, rate, atMs));
  }
  for (let ago = HOUR; ago > 0; ago -= SECOND)
    for (const [code, device, base] of everySecond) {
      if (code === MDC.spo2 && ago <= AGO.holeFrom && ago > AGO.holeTo) continue;
      lines.push(numberOf(BED, code, device, base + ((ago / SECOND) % 3), END_MS - ago));
    }
  for (const [code, everyMs, value] of nowAndThen)
    for (let ago = HOUR; ago > 0; ago -= everyMs) lines.push(numberOf(BED, code, MONITOR, value, END_MS - ago));
  for (let ago = 30 * MINUTE; ago > AGO.silentBed; ago -= SECOND) {
    lines.push(numberOf(SILENT_BED, MDC.ecgHeartRate, MONITOR, 80, END_MS - ago));
    lines.push(numberOf(SILENT_BED, MDC.spo2, MONITOR, 91, END_MS - ago));
  }
  return lines;
};

/** As the recorder marks it: at every change, and at every tenth second that the bed was heard. */
const rhythms = (): Line[] => {
  const mark = (kind: RhythmKind, atMs: number): Line => numberOf(BED, PRIVATE.rhythm, VIGIL, gravity(kind), atMs);
  const change = (rhythm: string, atMs: number): Line =>
    line('rhythm', placeOf(BED), { rhythm, message: MESSAGE }, atMs);
  const lines = [
    change('sinus-like', END_MS - DAY),
    ...([change('VT', END_MS - AGO.vt), mark(RhythmKind.VT, END_MS - AGO.vt)] as const),
    ...([
      change('sinus-like', END_MS - AGO.vt + SECOND),
      mark(RhythmKind.SINUS_LIKE, END_MS - AGO.vt + SECOND),
    ] as const),
    change('AF', END_MS - AGO.afFrom),
    change('sinus-like', END_MS - AGO.afTo),
  ];
  for (let ago = DAY; ago > 0; ago -= 10 * SECOND) {
    if (ago < AGO.silentFrom && ago > AGO.silentTo) continue;
    const isAf = ago <= AGO.afFrom && ago > AGO.afTo;
    lines.push(mark(isAf ? RhythmKind.AF : RhythmKind.SINUS_LIKE, END_MS - ago));
  }
  return lines;
};

/** One beat a second in the last ten minutes, every tenth ventricular; one of each other class before. */
const beats = (): Line[] => {
  const beat = (beatClass: string, atMs: number): Line =>
    line(
      'beat',
      { ...placeOf(BED), class: beatClass },
      { rr_ms: 1_000, amplitude_mv: 1.1, probability: 0.98, message: MESSAGE },
      atMs,
    );
  return [
    ...['S', 'F', 'Q'].map((beatClass, i) => beat(beatClass, END_MS - 20 * MINUTE + i * SECOND)),
    ...Array.from({ length: 600 }, (_, i) => beat(i % 10 === 9 ? 'V' : 'N', END_MS - 10 * MINUTE + i * SECOND)),
  ];
};

export const scoreOf = (bed: string, value: number | undefined, atMs: number): Line =>
  line(
    'score',
    { ...placeOf(bed), name: 'NEWS2' },
    { missing: value === undefined ? 2 : 0, ...(value === undefined ? {} : { value }), message: MESSAGE },
    atMs,
  );

/** In the last hour: 2, at one minute 7. */
const scores = (): Line[] =>
  Array.from({ length: 60 }, (_, i) => scoreOf(BED, i === 30 ? 7 : 2, END_MS - HOUR + i * MINUTE));

export const pictureOf = (bed: string, [high, medium, low]: readonly number[], gravest: string, atMs: number): Line =>
  line('picture', placeOf(bed), { high: high!, medium: medium!, low: low!, gravest, place: 1 }, atMs);

const pictures = (): Line[] => {
  const lines: Line[] = [];
  for (const bed of [BED, OTHER_BED, ODD_BED])
    for (let ago = DAY; ago > 0; ago -= 10 * MINUTE) lines.push(pictureOf(bed, [0, 0, 0], '', END_MS - ago));
  for (let ago = DAY; ago > AGO.silentBed; ago -= 10 * MINUTE)
    lines.push(pictureOf(SILENT_BED, [1, 0, 0], 'ASYSTOLE', END_MS - ago));
  return lines;
};

/** Alarms of the day: what began, when, and after how many seconds it was acknowledged. */
export const alarms = [
  { bed: BED, condition: 'vt', priority: 'high', text: 'VTACH 190/min', ago: AGO.vt, answeredAfterS: 40 },
  { bed: BED, condition: 'af', priority: 'medium', text: 'AFIB', ago: AGO.afFrom, answeredAfterS: 100 },
  { bed: BED, condition: 'spo2-low', priority: 'medium', text: 'SpO₂ 87 < 88', ago: 2 * HOUR, answeredAfterS: 20 },
  { bed: BED, condition: 'spo2-low', priority: 'medium', text: 'SpO₂ 86 < 88', ago: HOUR, answeredAfterS: undefined },
  {
    bed: OTHER_BED,
    condition: 'spo2-low',
    priority: 'medium',
    text: 'SpO₂ 85 < 88',
    ago: 3 * HOUR,
    answeredAfterS: 60,
  },
  {
    bed: OTHER_BED,
    condition: 'ecg-noise',
    priority: 'low',
    text: 'ECG NOISY',
    ago: 30 * MINUTE,
    answeredAfterS: undefined,
  },
  {
    bed: SILENT_BED,
    condition: 'hr-high',
    priority: 'medium',
    text: 'HR 134 > 120',
    ago: 6 * HOUR,
    answeredAfterS: 80,
  },
  {
    bed: 'icu-04',
    condition: 'lead-off',
    priority: 'medium',
    text: 'ECG LEAD OFF',
    ago: 7 * HOUR,
    answeredAfterS: undefined,
  },
] as const;

/** From the onset to the beginning: the delay of the condition. */
export const DELAY_MS = 2 * SECOND;

const alarmChanges = (): Line[] =>
  alarms.flatMap(({ bed, condition, priority, text, ago, answeredAfterS }, i) => {
    const onsetMs = END_MS - ago;
    const beganMs = onsetMs + DELAY_MS;
    const change = (from: string, to: string, by: string, why: string, more: FieldsOf<'alarm'>, atMs: number): Line =>
      line(
        'alarm',
        { ...placeOf(bed), condition, priority },
        {
          alarm: `${bed}/${condition}/${onsetMs}`,
          text,
          onset_ms: onsetMs,
          from,
          to,
          by,
          why,
          ...more,
          message: MESSAGE,
        },
        atMs,
      );
    return [
      change('off', 'waiting', 'vigil', 'present; sounds after 2 s', { place: 10 * i }, onsetMs),
      change('waiting', 'on', 'vigil', 'present for 2 s', { began: 1, place: 10 * i + 1 }, beganMs),
      ...(answeredAfterS === undefined
        ? [change('on', 'off', 'vigil', 'condition ended', { place: 10 * i + 2 }, beganMs + 30 * SECOND)]
        : [
            change(
              ...(['on', 'acknowledged', 'Nurse Kim', 'acknowledged'] as const),
              { answered_s: answeredAfterS, place: 10 * i + 2 },
              beganMs + answeredAfterS * SECOND,
            ),
          ]),
    ];
  });

export const STRIP_RATE_HZ = 250;
/** Lead II and the pleth around the VT: 20 s, with a hole of a second in the lead. */
const strips = (): Line[] => {
  const lines: Line[] = [];
  const onsetMs = END_MS - AGO.vt;
  for (let i = 0; i < 20 * STRIP_RATE_HZ; i++) {
    const atMs = onsetMs - 10 * SECOND + (i * 1e3) / STRIP_RATE_HZ;
    const seconds = i / STRIP_RATE_HZ;
    const wave = (code: number, label: string, value: number): Line =>
      line('strip', { ...placeOf(BED), code: String(code), device: MONITOR, label }, { value }, atMs);
    if (seconds < 15 || seconds >= 16) lines.push(wave(MDC.ecgII, 'II', i % STRIP_RATE_HZ === 0 ? 1.5 : -0.25));
    if (i % 2 === 0) lines.push(wave(MDC.pleth, 'PLETH', 0.5));
  }
  return lines;
};

const minuteOf = (code: number, device: string, fields: FieldsOf<'numeric_1m'>, atMs: number): Line =>
  line('numeric_1m', { ...placeOf(BED), code: String(code), device, ucum: signalOf(code)!.ucum }, fields, atMs);

/** Of forty days ago: a minute of 60 numbers, and one of 30. */
export const OLD_MINUTES = [
  { min: -1, mean: 0, max: 1, count: 60 },
  { min: -2, mean: 3, max: 4, count: 30 },
] as const;
/** The mean of both, each by its count. */
export const OLD_MEAN = (0 * 60 + 3 * 30) / 90;

const minutes = (): Line[] => {
  const lines: Line[] = [];
  const oldMs = Math.floor((END_MS - AGO.old) / HOUR) * HOUR;
  const all = [
    ...everySecond,
    ...nowAndThen.map(([code, , value]) => [code, MONITOR, value] as const),
    [MDC.ecgHeartRate, MONITOR, HEART_RATE_BASE] as const,
  ];
  for (const [code, device, base] of all)
    for (const [i, { min, mean, max, count }] of OLD_MINUTES.entries())
      lines.push(
        minuteOf(code, device, { min: base + min, mean: base + mean, max: base + max, count }, oldMs + i * MINUTE),
      );
  // Rolled up while the single numbers are still kept: those are drawn, not these.
  lines.push(minuteOf(MDC.ecgHeartRate, MONITOR, { min: 1, mean: 1, max: 1, count: 60 }, END_MS - AGO.rolledUp));
  const rhythm = (kind: RhythmKind, atMs: number): Line => {
    const value = gravity(kind);
    return minuteOf(PRIVATE.rhythm, VIGIL, { min: 1, mean: value, max: value, count: 6 }, atMs);
  };
  lines.push(rhythm(RhythmKind.SINUS_LIKE, oldMs), rhythm(RhythmKind.VF, oldMs + MINUTE));
  // Of the last hour: what one a second gave, but for the hole in the saturation, and half of the pressures.
  for (let ago = HOUR; ago > 2 * MINUTE; ago -= MINUTE)
    for (const [code, device, base] of [...everySecond, [MDC.ecgHeartRate, MONITOR, HEART_RATE_BASE] as const]) {
      if (code === MDC.spo2 && ago <= AGO.holeFrom && ago > AGO.holeTo) continue;
      const count = code === MDC.abpMean ? 30 : 60;
      lines.push(minuteOf(code, device, { min: base, mean: base + 1, max: base + 2, count }, END_MS - ago));
    }
  return lines;
};

/** Figures of two processes, every ten seconds of the last hour. The second one started anew half an hour ago. */
const engine = (): Line[] => {
  const lines: Line[] = [];
  const says = (process: string, metric: string, label: string, value: number, atMs: number): void =>
    void lines.push(line('engine', { process, metric, label }, { value }, atMs));
  says('front', 'vigil_process_started', '', 1, END_MS - HOUR + 5 * SECOND);
  says('analysis-0', 'vigil_process_started', '', 1, END_MS - 30 * MINUTE + 5 * SECOND);
  for (let i = 0; i < 360; i++) {
    const atMs = END_MS - HOUR + i * 10 * SECOND;
    const minute = Math.floor(i / 6);
    says('front', 'vigil_part_state', 'log', i === 100 ? 2 : 1, atMs);
    says('front', 'vigil_stage_lag_seconds', 'analysis', i === 200 ? 4.5 : 0.5, atMs);
    says('front', 'vigil_group_lag_records', 'vigil-recorder-telemetry', 12, atMs);
    says('front', 'vigil_waves_shed_total', '', i < 180 ? 0 : 25, atMs);
    says('front', 'process_cpu_seconds_total', '', i * 2.5, atMs);
    says('front', 'process_resident_memory_bytes', '', 100e6 + minute, atMs);
    if (i >= 60) says('front', 'vigil_rejected_total', 'too-late', i < 120 ? 3 : 8, atMs);
    // Two alerts a minute: one within 25 ms, one within 500 ms; one of more than 10 s at minute 40.
    const buckets = [0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2];
    const bounds = ['0.01', '0.025', '0.05', '0.1', '0.15', '0.25', '0.5', '1', '2', '5', '10'];
    for (const [k, bound] of bounds.entries())
      says('front', 'vigil_alert_latency_seconds_bucket', `le=${bound}`, buckets[k]! * minute, atMs);
    says('front', 'vigil_alert_latency_seconds_bucket', 'le=+Inf', 2 * minute + (minute >= 40 ? 1 : 0), atMs);
    if (i >= 181) {
      says('analysis-0', 'vigil_inference_provider_info', 'cpu', 1, atMs);
      says('analysis-0', 'process_cpu_seconds_total', '', (i - 181) * 5, atMs);
    }
  }
  return lines;
};

export const recordedWard = (): readonly Line[] =>
  [numbers, rhythms, beats, scores, pictures, alarmChanges, strips, minutes, engine].flatMap((part) => part());

/** What the beds say now: to be written right before it is looked for. */
export const heardNow = (nowMs: number): readonly Line[] => [
  pictureOf(BED, [1, 2, 0], 'VTACH 190/min', nowMs - 20 * SECOND),
  pictureOf(OTHER_BED, [0, 0, 0], '', nowMs - 20 * SECOND),
  pictureOf(ODD_BED, [0, 0, 1], 'ECG NOISY', nowMs - 20 * SECOND),
  scoreOf(BED, 6, nowMs - 30 * SECOND),
  // It was complete a minute before: the older number must not stand for it.
  ...[scoreOf(OTHER_BED, 3, nowMs - 60 * SECOND), scoreOf(OTHER_BED, undefined, nowMs - 10 * SECOND)],
  ...[numberOf(BED, MDC.ecgHeartRate, MONITOR, 132, nowMs), numberOf(BED, MDC.spo2, MONITOR, 93, nowMs)],
  // Its heart rate is six seconds old: too old. Its saturation is as old, and is not.
  numberOf(OTHER_BED, MDC.ecgHeartRate, MONITOR, 77, nowMs - 6 * SECOND),
  numberOf(OTHER_BED, MDC.spo2, MONITOR, 98, nowMs - 6 * SECOND),
  numberOf(BED, PRIVATE.rhythm, VIGIL, gravity(RhythmKind.VT), nowMs - 8 * SECOND),
];
