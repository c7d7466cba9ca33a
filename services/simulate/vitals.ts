import { create } from '@bufbuild/protobuf';
import { MDC, PRIVATE } from '../../schemas/codes.ts';
import { MissingReason, type Numeric, NumericSchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { heartEpisodeAt, type Scenario, sinceEpisode } from './episodes.ts';

/** What a bed's vital signs hover around. */
export interface VitalSettings {
  readonly spo2: number;
  readonly breathsPerMin: number;
  readonly temperature: number;
  readonly systolic: number;
  readonly diastolic: number;
  readonly onOxygen: boolean;
  /** Shifts the slow waves of this bed against the others'. */
  readonly phase: number;
}

/** How fast saturation falls and comes back. */
const FALL_S = 15;
const DEEPEST = 17;
const NIBP_EVERY_S = 150;
const NIBP_FIRST_S = 5;
const SLOW_EVERY_S = 10;
const NURSE_EVERY_S = 60;
const NURSE_FIRST_S = 6;

/** Lost saturation in percent points: falls within FALL_S, stays until the episode is over, comes back at once with it. */
const lostSaturation = (scenario: Scenario, atS: number): number => {
  const since = sinceEpisode(scenario, 'desaturation', atS);
  return since === undefined ? 0 : DEEPEST * Math.min(1, since / FALL_S);
};

/** How much faster the heart wants to beat for want of oxygen. */
export const heartDrive = (scenario: Scenario, atS: number): number => lostSaturation(scenario, atS) * 1.2;

const wave = (atS: number, periodS: number, phase: number): number =>
  Math.sin((2 * Math.PI * atS) / periodS + phase * 2 * Math.PI);

type Reading = Numeric['reading'];
const value = (number: number): Reading => ({ case: 'value', value: number });
const missing = (reason: MissingReason): Reading => ({ case: 'missing', value: reason });

/**
 * What the monitor measures at a whole second: rates from the beats that it saw, the rest from slow waves around the
 * bed's own values, coupled as in a patient (less oxygen: faster breath and heart; no pulse: no saturation).
 */
export const numericsAt = (
  second: number,
  atUs: number,
  vital: VitalSettings,
  scenario: Scenario,
  heartPerMin: number | undefined,
): Numeric[] => {
  const said: Numeric[] = [];
  const say = (code: number, unit: string, reading: Reading): void => {
    said.push(create(NumericSchema, { code, atUs, unit, reading }));
  };
  const rhythm = heartEpisodeAt(scenario, second)?.kind;
  const pulseless = rhythm === 'vf' || rhythm === 'asystole' || heartPerMin === undefined;
  const lost = lostSaturation(scenario, second);
  say(MDC.ecgHeartRate, '/min', heartPerMin === undefined ? missing(MissingReason.INVALID) : value(heartPerMin));
  say(MDC.pulseRate, '/min', pulseless ? missing(MissingReason.INVALID) : value(heartPerMin));
  const saturation = Math.min(100, Math.round(vital.spo2 - lost + 0.7 * wave(second, 47, vital.phase)));
  say(MDC.spo2, '%', pulseless ? missing(MissingReason.INVALID) : value(saturation));
  say(MDC.respRate, '/min', value(Math.round(vital.breathsPerMin + 0.45 * lost + 0.9 * wave(second, 61, vital.phase))));
  if (second % SLOW_EVERY_S === 0)
    say(
      MDC.temperature,
      'Cel',
      value(Math.round((vital.temperature + 0.1 * wave(second, 1900, vital.phase)) * 10) / 10),
    );
  if (second % NIBP_EVERY_S === NIBP_FIRST_S && !pulseless) {
    const shift = 4 * wave(second, 700, vital.phase) - 0.5 * lost;
    const systolic = Math.round(vital.systolic + shift);
    const diastolic = Math.round(vital.diastolic + 0.6 * shift);
    say(MDC.nibpSystolic, 'mm[Hg]', value(systolic));
    say(MDC.nibpDiastolic, 'mm[Hg]', value(diastolic));
    say(MDC.nibpMean, 'mm[Hg]', value(Math.round((systolic + 2 * diastolic) / 3)));
  }
  if (second % NURSE_EVERY_S === NURSE_FIRST_S) {
    say(PRIVATE.consciousness, '1', value(0));
    say(PRIVATE.oxygenTherapy, '1', value(vital.onOxygen ? 1 : 0));
  }
  return said;
};
