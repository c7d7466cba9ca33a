import { describe, expect, it } from 'vitest';
import {
  intervalSentence,
  RISK_STALE_AFTER_US,
  riskBasis,
  riskCauses,
  riskTitle,
  riskWords,
} from '../../dashboards/console/src/logic/numbers/risk-words.ts';
import type { LiveRisk } from '../../schemas/live-risk.ts';
import { at } from './live-ward.ts';

const risk = (more: Partial<LiveRisk> = {}): LiveRisk => ({
  ...{ name: 'sepsis', horizonHours: 6, state: 'value', probability: 0.0312, threshold: 0.02704, alarm: true },
  missing: [],
  inputs: [
    { name: 'RR', unit: '/min', value: 27.2, atUs: at(-30) },
    { name: 'TEMP', unit: '°C', value: 38.44, atUs: at(-7200) },
  ],
  atUs: at(0),
  ...more,
});
const said = (one: LiveRisk, seconds: number, analysed = seconds) => riskWords(one, at(analysed), at(seconds));

describe('the risk of sepsis in an open bed', () => {
  it('says how much, within how long, what the threshold says of it, and how old it is', () => {
    expect(riskTitle(risk())).toBe('Sepsis within 6 h');
    expect(said(risk(), 720)).toEqual({
      ...{ value: '3.1 %', interval: '', live: true },
      sentence: 'at or above 2.7 %: look for signs of sepsis · said 12 min ago',
    });
    expect(said(risk({ probability: 0.004, alarm: false, missing: ['blood pressure'] }), 1).sentence).toBe(
      'below 2.7 % · said now · without blood pressure',
    );
  });
  it('names what it is made of, each with its age', () => {
    expect(riskBasis(risk(), at(60))).toBe('from RR 27 /min (1 min) · TEMP 38.4 °C (2 h) · no laboratory values');
  });
  it('has beside it what really came where so much was said, and says what that is', () => {
    const measured = risk({ interval: { low: 0.0098, high: 0.0479 } });
    expect(said(measured, 60)).toMatchObject({ value: '3.1 %', interval: '(1.0 to 4.8)' });
    expect(intervalSentence(measured)).toMatch(/had never seen, sepsis came in 1\.0 to 4\.8 of 100 hours\.$/);
    expect(intervalSentence(risk())).toBe('');
    expect(said(measured, RISK_STALE_AFTER_US / 1e6)).toMatchObject({ value: '—', interval: '' });
  });
  it('names the three signals that it leans on most, with sign and age, and none that would be 0.0', () => {
    const none = { unit: '', value: null, atUs: null };
    const causes = [
      { name: 'TEMP', weight: 0.0123, unit: '°C', value: 38.94, atUs: at(-720) },
      { name: 'SpO₂', weight: -0.0041, unit: '%', value: 98, atUs: at(-30) },
      { ...none, name: 'how often values are charted', weight: 0.002 },
      { name: 'HR', weight: 0.001, unit: '/min', value: 88, atUs: at(-30) },
    ];
    expect(riskCauses(risk({ causes }), at(60))).toBe(
      'raised by TEMP 38.9 °C (13 min) +1.2, how often values are charted +0.2 · lowered by SpO₂ 98 % (1 min) −0.4',
    );
    expect(riskCauses(risk({ causes: [{ ...none, name: 'sex', weight: -0.0004 }] }), at(60))).toBe('');
    expect(riskCauses(risk(), at(60))).toBe('');
  });
  it('is no number where data is insufficient, where the model failed, when it is too old, and when nobody analyses', () => {
    const insufficient = risk({ state: 'insufficient', probability: null, missing: ['SpO₂', 'heart rate (30 h old)'] });
    expect(said(insufficient, 1)).toEqual({
      ...{ value: '—', interval: '', live: false, sentence: 'Insufficient data: SpO₂, heart rate (30 h old) missing.' },
    });
    expect(said(risk({ state: 'failed', probability: null }), 1).sentence).toMatch(/^Model failed/);
    expect(said(risk(), RISK_STALE_AFTER_US / 1e6 - 1).live).toBe(true);
    expect(said(risk(), RISK_STALE_AFTER_US / 1e6)).toMatchObject({ value: '—', live: false });
    expect(said(risk(), 60, 40)).toMatchObject({ value: '—', sentence: 'Analysis does not hear this bed.' });
  });
});
