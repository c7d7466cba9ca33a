/**
 * The conditions that Vigil knows: what each is called, how grave it is, whether it is in the patient or in the device,
 * whether its signal latches, and which graver condition stands before it. One table; presets may change numbers, never names.
 */
export type PriorityName = 'high' | 'medium' | 'low';
/** Gravest first. */
export const priorityRank: Readonly<Record<PriorityName, number>> = { high: 0, medium: 1, low: 2 };
export type OriginName = 'physiological' | 'technical';

export interface ConditionSettings {
  readonly label: string;
  readonly priority: PriorityName;
  readonly origin: OriginName;
  /** The signal outlives its condition until someone acknowledges it (IEC 60601-1-8). */
  readonly latching: boolean;
  /** Conditions whose signal hides this one's while it is on. */
  readonly hiddenBy: readonly string[];
  /** Measured by a sensor of its own, other than what hides it: behind what somebody has silenced it is news, and rings. */
  readonly ownSensor?: boolean;
  /** Technical, and yet of who lies there: it does not begin anew under the next patient. */
  readonly ofPatient?: boolean;
  /** A notice: who acknowledges it has dismissed it, and it rings again only for what comes after. */
  readonly dismissible?: boolean;
}

const red = (label: string, hiddenBy: readonly string[] = []): ConditionSettings => ({
  label,
  priority: 'high',
  origin: 'physiological',
  latching: true,
  hiddenBy,
});
const yellow = (label: string, hiddenBy: readonly string[] = []): ConditionSettings => ({
  label,
  priority: 'medium',
  origin: 'physiological',
  latching: false,
  hiddenBy,
});
/** The pulse of a finger or a line tells whether a heart that the ECG shows also pumps. */
const pulse = (label: string, hiddenBy: readonly string[]): ConditionSettings => ({
  ...yellow(label, hiddenBy),
  ownSensor: true,
});
const technical = (label: string, priority: PriorityName, hiddenBy: readonly string[] = []): ConditionSettings => ({
  label,
  priority,
  origin: 'technical',
  latching: false,
  hiddenBy,
});

const LETHAL = ['asystole', 'vf', 'vt'] as const;

export const conditions = {
  asystole: red('ASYSTOLE', ['vf']),
  vf: red('VFIB/VFLUTTER'),
  vt: red('VTACH', ['vf']),
  'extreme-brady': red('EXTREME BRADY', ['asystole', 'vf']),
  'extreme-tachy': red('EXTREME TACHY', ['vt', 'vf']),
  'spo2-desaturation': red('DESAT'),
  pause: yellow('PAUSE', ['asystole', 'vf']),
  'v-run': yellow('V RUN', ['vt', 'vf']),
  couplet: yellow('V COUPLET', ['vt', 'vf', 'v-run']),
  bigeminy: yellow('V BIGEMINY', ['vt', 'vf', 'v-run']),
  af: yellow('AFIB', LETHAL),
  'hr-high': yellow('HR HIGH', ['extreme-tachy', 'hr-extreme-high', 'vt', 'vf']),
  'hr-low': yellow('HR LOW', ['extreme-brady', 'hr-extreme-low', 'asystole', 'vf']),
  'spo2-high': yellow('SpO₂ HIGH'),
  'spo2-low': yellow('SpO₂ LOW', ['spo2-desaturation']),
  'rr-high': yellow('RR HIGH'),
  'rr-low': yellow('RR LOW'),
  'temp-high': yellow('TEMP HIGH'),
  'temp-low': yellow('TEMP LOW'),
  'nibp-sys-high': yellow('NIBP SYS HIGH'),
  'nibp-sys-low': yellow('NIBP SYS LOW'),
  'nibp-mean-high': yellow('NIBP MEAN HIGH'),
  'nibp-mean-low': yellow('NIBP MEAN LOW'),
  'abp-sys-high': yellow('ABP SYS HIGH'),
  'abp-sys-low': yellow('ABP SYS LOW'),
  'abp-mean-high': yellow('ABP MEAN HIGH'),
  'abp-mean-low': yellow('ABP MEAN LOW'),
  'pulse-high': pulse('PULSE HIGH', ['hr-high', 'extreme-tachy', 'hr-extreme-high', 'vt', 'vf']),
  'pulse-low': pulse('PULSE LOW', ['hr-low', 'extreme-brady', 'hr-extreme-low', 'asystole', 'vf']),
  'cvp-high': yellow('CVP HIGH'),
  'cvp-low': yellow('CVP LOW'),
  'etco2-high': yellow('etCO₂ HIGH'),
  'etco2-low': yellow('etCO₂ LOW'),
  'news2-high': yellow('NEWS2 ≥ 7'),
  'news2-urgent': { ...yellow('NEWS2 5–6', ['news2-high']), priority: 'low' },
  'news2-single-3': { ...yellow('NEWS2 3 IN ONE', ['news2-high', 'news2-urgent']), priority: 'low' },
  'lead-off': technical('ECG LEAD OFF', 'medium', ['no-signal']),
  'no-signal': technical('NO SIGNAL', 'medium'),
  'ecg-noise': technical('ECG NOISY', 'low', ['lead-off', 'no-signal']),
  'ecg-saturated': technical('ECG OUT OF RANGE', 'low', ['lead-off', 'no-signal']),
  'value-lost': { ...technical('VALUE LOST', 'medium'), ofPatient: true },
  'not-measured': { ...technical('NOT MEASURED', 'low', ['no-signal']), ofPatient: true },
  'clock-unsynchronised': technical('DEVICE CLOCK OFF', 'low'),
  'two-patients': technical('TWO PATIENTS ON BED', 'medium'),
  'model-failed': technical('AI UNAVAILABLE', 'low'),
  'analysis-silent': technical('ANALYSIS SILENT', 'high'),
  'not-delivered': technical('ALARM NOT SEEN BY ANY SCREEN', 'high'),
  'log-away': technical('LOG AWAY: NO ALARMS', 'high'),
  'gateway-silent': technical('NO DEVICE HEARD', 'high'),
  'alarms-silent': technical('NO ALARMS FROM VIGIL', 'high'),
  'screens-silent': technical('SCREENS SILENT', 'medium'),
  'recorder-silent': technical('RECORDER SILENT', 'low'),
  'analysis-stuck': technical('ANALYSIS STANDS STILL', 'high', ['analysis-silent']),
  'alarms-stuck': technical('ALARMS STAND STILL', 'high', ['alarms-silent']),
  'recorder-stuck': technical('RECORDER STANDS STILL', 'low', ['recorder-silent', 'series-away']),
  'series-away': technical('SERIES STORE AWAY', 'low'),
  'inference-fallback': technical('AI ON FALLBACK', 'low', ['model-failed']),
  'clock-off': technical('CLOCK OF VIGIL OFF', 'medium'),
  // By the rate that a monitor tells, where Vigil has no ECG to hear. At the end: places in this table are kept in the series.
  'hr-extreme-low': red('HR VERY LOW', ['extreme-brady', 'asystole', 'vf']),
  'hr-extreme-high': red('HR VERY HIGH', ['extreme-tachy', 'vt', 'vf']),
  // Somebody must know that the patient is judged otherwise from now on: it stands until it is acknowledged.
  'limits-back': { ...technical('LIMITS BACK TO UNIT', 'low'), latching: true, ofPatient: true },
  // An alarm of the bed has come to the end of the chain of those who are asked.
  unanswered: { ...technical('UNANSWERED', 'high'), ofPatient: true },
  // Said by the alarms themselves, of the reserved bed; the watch over Vigil's processes neither says nor ends it.
  'screen-lost': { ...technical('SCREEN LOST', 'medium'), dismissible: true },
  'audit-away': technical('AUDIT NOT WRITTEN', 'low'),
} as const satisfies Record<string, ConditionSettings>;

export type ConditionName = keyof typeof conditions;
export const conditionNames = Object.keys(conditions) as readonly ConditionName[];
/** Whether a word is the name of a condition in this table. */
export const isCondition = (name: string): name is ConditionName => Object.hasOwn(conditions, name);

/** What a condition is called on a screen; one that this release does not know is shown by its name rather than not at all. */
export const conditionLabel = (name: string): string =>
  isCondition(name) ? conditions[name].label : name.toUpperCase();

/** What the screens say of Vigil itself; each is a condition of the reserved bed (schemas/engine.ts). */
export const conditionsOfVigil = [
  'log-away',
  'gateway-silent',
  'analysis-silent',
  'alarms-silent',
  'screens-silent',
  'recorder-silent',
  'analysis-stuck',
  'alarms-stuck',
  'recorder-stuck',
  'series-away',
  'inference-fallback',
  'model-failed',
  'clock-off',
  'audit-away',
] as const satisfies readonly ConditionName[];
export type ConditionOfVigil = (typeof conditionsOfVigil)[number];

/** Whether a condition is one of Vigil itself. */
export const isOfVigil = (name: ConditionName): name is ConditionOfVigil =>
  conditionsOfVigil.some((each) => each === name);
