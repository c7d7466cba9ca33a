import { describe, expect, it } from 'vitest';
import { evidenceDetail, evidenceText } from '../../dashboards/console/src/logic/alarms/evidence-words.ts';
import type { LiveEvidence } from '../../schemas/live.ts';
import { at } from './live-ward.ts';

type Signal = LiveEvidence['signals'][number];
const lead = (label: string, says: Signal['says']): Signal => ({
  label,
  kind: 'lead',
  says,
  because: 'no beat for 4.1 s',
});
const pulse = (label: string, says: Signal['says']): Signal => ({
  label,
  kind: 'pulse',
  says,
  because: 'a pulse every 0.8 s',
});
const evidence = (verdict: LiveEvidence['verdict'], ...signals: Signal[]): LiveEvidence => ({
  ...{ verdict, probability: 0.04, signals, judgedUs: at(0) },
});

describe('what the signals say of an alarm', () => {
  it('names who confirms it', () => {
    const said = evidence(
      'confirmed',
      lead('II', 'for'),
      lead('V1', 'nothing'),
      pulse('PLETH', 'for'),
      pulse('ABP', 'for'),
    );
    expect(evidenceText('extreme-brady', said)).toBe('confirmed by II and pulse on PLETH and ABP');
    expect(evidenceText('vt', evidence('confirmed', lead('II', 'for'), lead('V1', 'for')))).toBe(
      'confirmed by II and V1',
    );
  });
  it('sends to the lead where the pulse denies it', () => {
    const said = evidence('refuted', lead('II', 'for'), pulse('PLETH', 'against'), pulse('ABP', 'against'));
    expect(evidenceText('asystole', said)).toBe('pulse goes on (PLETH and ABP): look at the lead');
    expect(evidenceText('extreme-tachy', said)).toBe('pulse is not fast (PLETH and ABP): look at the lead');
    expect(evidenceText('vf', evidence('refuted', lead('V1', 'against')))).toBe('against it: V1 · look at the lead');
  });
  it('says undecided with both sides', () => {
    const said = evidence('undecided', lead('II', 'for'), pulse('ABP', 'against'));
    expect(evidenceText('asystole', said)).toBe('undecided · for it: II · against it: pulse on ABP');
    expect(evidenceText('asystole', evidence('undecided'))).toBe('undecided');
  });
  it('gives every signal its reason, and the probability', () => {
    const said = evidence('refuted', lead('II', 'for'), pulse('ABP', 'against'));
    expect(evidenceDetail(said)).toBe(
      '4 % likely to be true · II for: no beat for 4.1 s · ABP against: a pulse every 0.8 s',
    );
  });
});
