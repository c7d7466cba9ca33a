import type { LiveAlarm, LiveBed, LiveFrame, LiveNumeric, LiveTransition, LiveTrouble } from '../../schemas/live.ts';

/** Small ward pieces to tell stories with. Times in seconds on the server's clock, counted from an arbitrary morning. */
const MORNING_US = 1_780_000_000_000_000;
export const at = (seconds: number): number => MORNING_US + seconds * 1e6;

export const alarm = (condition: string, more: Partial<LiveAlarm> = {}): LiveAlarm => ({
  alarm: `icu-01/${condition}`,
  condition,
  label: condition.toUpperCase(),
  text: condition.toUpperCase(),
  priority: 'medium',
  origin: 'physiological',
  state: 'on',
  present: true,
  onsetUs: at(0),
  sinceUs: at(0),
  preset: 'usual',
  ...more,
});

export const bed = (name: string, more: Partial<LiveBed> = {}): LiveBed => ({
  bed: name,
  lastFrameUs: at(0),
  analysedUs: at(0),
  patient: `patient of ${name}`,
  rhythm: 'sinus-like',
  numerics: [],
  laboratory: [],
  score: null,
  risk: null,
  monitorAlarms: [],
  alarms: [],
  audioPausedUntilUs: null,
  leadsOff: [],
  ...more,
});

export const numeric = (code: number, value: number | null, more: Partial<LiveNumeric> = {}): LiveNumeric => ({
  code,
  label: String(code),
  unit: '/min',
  value,
  atUs: at(0),
  staleAfterUs: 5e6,
  by: 'monitor',
  ...more,
});

let frames = 0;
const framed = (seconds: number) => {
  frames += 1;
  return { frame: frames, cursor: `c${frames}`, serverTimeUs: at(seconds) };
};

export const snapshot = (seconds: number, beds: readonly LiveBed[], resumed = false): LiveFrame => ({
  type: 'snapshot',
  ward: 'ward',
  simulated: true,
  intendedUse: 'Secondary.',
  provider: 'cpu',
  resumed,
  beds,
  ...framed(seconds),
});

export const alarms = (
  seconds: number,
  name: string,
  all: readonly LiveAlarm[],
  transitions: readonly LiveTransition[] = [],
): LiveFrame => ({ type: 'alarms', bed: name, alarms: all, audioPausedUntilUs: null, transitions, ...framed(seconds) });

export const bedFrame = (seconds: number, { alarms: _, audioPausedUntilUs: __, ...rest }: LiveBed): LiveFrame => ({
  type: 'bed',
  bed: rest,
  ...framed(seconds),
});

export const transition = (
  seconds: number,
  name: string,
  to: string,
  more: Partial<LiveTransition> = {},
): LiveTransition => ({
  bed: name,
  alarm: `${name}/vt`,
  condition: 'vt',
  from: 'off',
  to,
  atUs: at(seconds),
  by: 'vigil',
  why: 'present',
  ...more,
});

export const trouble = (name: string, more: Partial<LiveTrouble> = {}): LiveTrouble => ({
  name,
  label: name.toUpperCase(),
  priority: 'high',
  sentence: `${name} is broken`,
  sinceUs: at(0),
  ...more,
});

export const heartbeat = (seconds: number, troubles: readonly LiveTrouble[] = []): LiveFrame => ({
  type: 'heartbeat',
  shed: 0,
  provider: 'cpu',
  troubles,
  ...framed(seconds),
});
