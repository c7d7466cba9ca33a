/** A bed that the register calls free: its silence is expected, but not that of somebody who lies there all the same. */
import { describe, expect, it } from 'vitest';
import { MDC, PRIVATE } from '../../schemas/codes.ts';
import type { Sighting } from '../../stream-models/vocabulary/sighting.ts';
import { at, concluded, numeric, type Stretch, secondOf, shift, steady } from './shift.ts';

const assigned = (second: number, patient: string): Sighting => ({
  ...{ tag: 'AssignmentSeen', at: at(second), said: at(second), patient, population: 'adult' },
});
const beating = (seconds: number) => steady(0.5, seconds, 60);
const noSignal = (sightings: readonly Sighting[]): readonly string[] =>
  concluded(sightings).flatMap((fact) =>
    fact.tag === 'Condition' && fact.condition === 'no-signal'
      ? [`${secondOf(fact.said)}s ${fact.present ? '+' : '−'} ${fact.evidence}`]
      : [],
  );
const silentFrom = (from: number): Stretch => ({ from, silent: true });

describe('a bed from which a patient was discharged', () => {
  it('falls silent without a word when the monitor is taken off within two minutes', () => {
    const made = shift(200, beating(90), [{ from: 0 }, silentFrom(100)], [assigned(1.5, 'p1'), assigned(20.5, '')]);
    expect(noSignal(made)).toEqual([]);
  });

  it('falls silent without a word whenever all electrodes were taken off before', () => {
    const stretches = [{ from: 0 }, { from: 300, off: true }, silentFrom(330)];
    const made = shift(400, beating(300), stretches, [assigned(1.5, 'p1'), assigned(20.5, '')]);
    expect(noSignal(made)).toEqual([]);
  });

  it('is missed when its monitor went on measuring somebody: whoever lies there has not been told to the register', () => {
    const everyFrame = Array.from({ length: 18 }, (_, i) => assigned(20.5 + 10 * i, ''));
    const made = shift(250, beating(200), [{ from: 0 }, silentFrom(200)], [assigned(1.5, 'p1'), ...everyFrame]);
    expect(noSignal(made)).toEqual(['205s + nothing from the bed for 5 s']);
  });

  it('is not missed for what is charted of whoever left', () => {
    const charted = [
      numeric(160.5, PRIVATE.consciousness, 0, '1'),
      numeric(160.5, PRIVATE.oxygenTherapy, 0, '1'),
      numeric(161.5, PRIVATE.spo2Scale, 2, '1'),
      numeric(162.5, MDC.temperature, 37, 'Cel'),
    ];
    const told = [assigned(1.5, 'p1'), assigned(20.5, ''), ...charted];
    expect(noSignal(shift(250, beating(90), [{ from: 0 }, silentFrom(100)], told))).toEqual([]);
  });

  it('is missed also where there is no ECG, but a pulse oximeter that went on', () => {
    const spo2 = Array.from({ length: 180 }, (_, i) => numeric(i + 0.5, MDC.spo2, 97, '%'));
    const made = shift(250, [], [silentFrom(0)], [assigned(1.5, ''), ...spo2]);
    expect(noSignal(made)).toEqual(['185s + nothing from the bed for 5 s']);
  });
});
