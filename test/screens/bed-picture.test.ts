import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import {
  type FindingSchema,
  FindingsSchema,
  RhythmKind,
  RiskState,
  Says,
  VerdictKind,
} from '../../schemas/generated/vigil/v1/findings_pb.ts';
import {
  AssignmentSchema,
  LeadStatusSchema,
  MissingReason,
  type Telemetry,
} from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { BEGUN_ANEW } from '../../schemas/words.ts';
import { type BedInput, type BedPicture, emptyPicture, stepPicture } from '../../services/screens/bed-picture.ts';
import { toldBed } from '../../services/screens/live-numerics.ts';
import { at, type FrameStory, frame } from '../gateway/frames.ts';

/** A frame that the gateway has stamped `delay` seconds after its device time. */
const heard = (story: FrameStory, changes: Partial<Telemetry> = {}, delay = 0.1): BedInput => ({
  tag: 'Frame',
  frame: { ...frame(story), gatewayTimeUs: at(story.device + delay), ...changes },
});
const picture = (...inputs: readonly BedInput[]): BedPicture => inputs.reduce(stepPicture, emptyPicture('icu-01'));
const numeric = (code: number, unit: string, reading: Telemetry['numerics'][number]['reading']) => ({
  numerics: [{ $typeName: 'vigil.v1.Numeric' as const, code, unit, atUs: at(1), reading }],
});

describe('the picture of a bed', () => {
  it('shows what each of two devices says of one signal, and nothing more of one that has stopped', () => {
    const told = (device: number, source: string, hr: number) => heard({ sequence: device, device, source, hr });
    const both = picture(told(1, 'ward', 70), told(2, 'transport', 150), told(3, 'ward', 71));
    expect(both.bed.numerics.map(({ source, value }) => [source, value])).toEqual([
      ['ward', 71],
      ['transport', 150],
    ]);
    const later = [told(10, 'ward', 72), told(20, 'ward', 73)].reduce(stepPicture, both);
    expect(later.bed.numerics.map(({ source, value }) => [source, value])).toEqual([['ward', 73]]);
  });
  it('names a device to consoles only where another tells the same signal', () => {
    const names = (...inputs: readonly BedInput[]) =>
      toldBed(picture(...inputs).bed).numerics.map(({ source }) => source);
    const ward = heard({ sequence: 1, device: 1, source: 'ward', hr: 70 });
    expect(names(ward)).toEqual([undefined]);
    expect(names(ward, heard({ sequence: 1, device: 2, source: 'transport', hr: 72 }))).toEqual(['ward', 'transport']);
  });
  it('calls a lead off by the word of the device whose ECG is heard, not of one that was unplugged', () => {
    const off = { leads: [create(LeadStatusSchema, { code: MDC.ecgII, off: true })] };
    const bedside = (device: number, more: Partial<Telemetry> = {}) =>
      heard({ sequence: device, device, source: 'bedside', ecgMs: 1_000 }, more);
    const transport = heard({ sequence: 1, device: 9, source: 'transport', ecgMs: 1_000 });
    expect(picture(bedside(1), bedside(2, off)).bed.leadsOff).toEqual([MDC.ecgII]);
    expect(picture(bedside(1), bedside(2, off), transport).bed.leadsOff).toEqual([]);
  });
  it('says by which SpO₂ scale NEWS2 was made', () => {
    const scored = (spo2Scale: number): BedInput => ({
      tag: 'Findings',
      findings: create(FindingsSchema, {
        bed: 'icu-01',
        findings: [
          { atUs: at(2), saidUs: at(2), kind: { case: 'score', value: { name: 'NEWS2', value: 3, spo2Scale } } },
        ],
      }),
    });
    expect(picture(scored(2)).bed.score).toMatchObject({ spo2Scale: 2 });
    expect(picture(scored(0)).bed.score).not.toHaveProperty('spo2Scale');
  });
  it('shows the newest value of each signal, whatever comes late', () => {
    const { bed } = picture(
      heard({ sequence: 1, device: 1, hr: 70 }),
      heard({ sequence: 3, device: 3, hr: 90 }),
      heard({ sequence: 2, device: 2, hr: 80 }),
      heard({ sequence: 4, device: 4, hr: 200 }, { retrospective: true }),
    );
    expect(bed.numerics.map(({ value, atUs }) => [value, atUs])).toEqual([[90, at(3)]]);
    expect(bed.lastFrameUs).toBe(at(3.1));
  });

  it('lays the clock of a device that is hours wrong on the ward clock', () => {
    const { bed } = picture(heard({ sequence: 1, device: -43_200, hr: 70 }, { gatewayTimeUs: at(5) }));
    expect(bed.numerics[0]).toMatchObject({ atUs: at(5) });
  });

  it('shows no number where there is none, and says why', () => {
    const { bed } = picture(
      heard({ sequence: 1, device: 1 }, numeric(MDC.spo2, '%', { case: 'missing', value: MissingReason.SENSOR_OFF })),
    );
    expect(bed.numerics).toMatchObject([{ code: MDC.spo2, label: 'SpO₂', value: null, missing: 'sensor off' }]);
  });

  it('shows one unit per signal, whatever the devices of the ward speak', () => {
    const { bed } = picture(
      heard({ sequence: 1, device: 1 }, numeric(MDC.temperature, '[degF]', { case: 'value', value: 98.6 })),
    );
    expect(bed.numerics).toMatchObject([{ unit: 'Cel' }]);
    expect(bed.numerics[0]?.value).toBeCloseTo(37, 6);
  });

  it('shows the newest number also after a clock was set back by an hour', () => {
    const set = { clockEpoch: 1, gatewayTimeUs: at(2.1 - 3600) };
    const { bed } = picture(
      heard({ sequence: 1, device: 1, hr: 70 }),
      heard({ sequence: 2, device: 2, hr: 180 }, set),
      heard({ sequence: 3, device: 3 }, { clockEpoch: 1, gatewayTimeUs: at(3.1 - 3600) }),
    );
    expect(bed.numerics).toMatchObject([{ value: 180, atUs: at(2.1 - 3600) }]);
    expect(bed.lastFrameUs).toBe(at(3.1 - 3600));
  });

  it('lets no number stand that is of a time to come, where the device that told it fell silent as a clock was set back', () => {
    const back = (second: number) => ({ source: 'transport', gatewayTimeUs: at(second - 3_600) });
    const { bed } = picture(
      heard({ sequence: 1, device: 100, hr: 180 }),
      ...Array.from({ length: 12 }, (_, i) => heard({ sequence: i, device: 101 + i }, back(101 + i))),
    );
    expect(bed.numerics).toEqual([]);
    expect(bed.lastFrameUs).toBe(at(112 - 3_600));
    // It comes back: what the other told meanwhile is no older by it.
    const numerics = numeric(MDC.spo2, '%', { case: 'value', value: 97 }).numerics.map((one) => ({
      ...one,
      atUs: at(113),
    }));
    const later = picture(
      heard({ sequence: 1, device: 100, hr: 180 }),
      ...Array.from({ length: 12 }, (_, i) => heard({ sequence: i, device: 101 + i }, back(101 + i))),
      heard({ sequence: 13, device: 113 }, { ...back(113), numerics }),
      heard({ sequence: 2, device: 114, hr: 70 }, { clockEpoch: 1, gatewayTimeUs: at(114 - 3_600) }),
    );
    expect(later.bed.numerics.map(({ value, atUs }) => [value, Math.round((at(114 - 3_600) - atUs) / 1e6)])).toEqual([
      [97, 1],
      [70, 0],
    ]);
  });

  it('makes no number newer by setting a clock back, whoever measured it', () => {
    const cuff = numeric(MDC.nibpSystolic, 'mm[Hg]', { case: 'value', value: 120 });
    const back = (minute: number) => ({ clockEpoch: 1, gatewayTimeUs: at(60 * minute - 3_600) });
    const { bed } = picture(
      heard({ source: 'cuff', sequence: 1, device: 1 }, cuff),
      heard({ sequence: 1, device: 3_900, hr: 70 }),
      heard({ source: 'transport', sequence: 1, device: 3_900, hr: 71 }),
      heard({ sequence: 2, device: 3_960, hr: 70 }, back(66)),
      heard({ source: 'transport', sequence: 2, device: 3_960, hr: 71 }, back(66)),
    );
    const ofCuff = bed.numerics.find(({ code }) => code === MDC.nibpSystolic);
    const ageMin = (at(60 * 66 - 3_600) - ofCuff!.atUs) / 60e6;
    // One frame of each device may come between the old time and the new one.
    expect(ageMin).toBeGreaterThan(64);
    expect(ageMin).toBeLessThan(67);
  });

  it('keeps the numbers of one patient away from the next', () => {
    const before = picture(heard({ sequence: 1, device: 1, hr: 70, patient: 'p-1' }));
    expect(before.bed).toMatchObject({ patient: 'p-1', numerics: [{ value: 70 }] });
    expect(stepPicture(before, heard({ sequence: 2, device: 2, patient: 'p-1' })).bed.numerics).toHaveLength(1);
    expect(stepPicture(before, heard({ sequence: 2, device: 2, patient: 'p-2' })).bed).toMatchObject({
      patient: 'p-2',
      numerics: [],
    });
  });

  const said = (...findings: MessageInitShape<typeof FindingSchema>[]): BedInput => ({
    tag: 'Findings',
    findings: create(FindingsSchema, { bed: 'icu-01', findings }),
  });
  /** What analysis concludes of a bed, said at these seconds. */
  const concluded = (second: number): BedInput =>
    said(
      { atUs: at(second), saidUs: at(second), kind: { case: 'rhythm', value: { rhythm: RhythmKind.AF } } },
      { atUs: at(second), saidUs: at(second), kind: { case: 'score', value: { name: 'NEWS2', value: 9 } } },
      {
        ...{ atUs: at(second), saidUs: at(second) },
        kind: { case: 'risk', value: { name: 'sepsis', state: RiskState.VALUE, probability: 0.4 } },
      },
      {
        ...{ atUs: at(second), saidUs: at(second) },
        kind: { case: 'derived', value: { code: MDC.ecgHeartRate, unit: '/min', value: 151 } },
      },
    );
  const begunAnew = (second: number): BedInput =>
    said({ saidUs: at(second), kind: { case: 'reset', value: { what: BEGUN_ANEW, why: 'another patient' } } });
  const NOTHING = { rhythm: null, score: null, risk: null, numerics: [] };

  it('shows nothing that analysis says of the patient before beside the name of the next', () => {
    const first = heard({ sequence: 1, device: 1, patient: 'p-1' });
    const next = heard({ sequence: 2, device: 10, patient: 'p-2' });
    // Analysis is behind the telemetry: what it says of the first comes after the second was named.
    const straggling = picture(first, concluded(8), next, concluded(9.9));
    expect(straggling.bed).toMatchObject({ patient: 'p-2', analysedUs: at(9.9), ...NOTHING });
    const bed = stepPicture(stepPicture(straggling, begunAnew(10)), concluded(12)).bed;
    expect(bed).toMatchObject({ rhythm: 'af', score: { value: 9 }, risk: { probability: expect.closeTo(0.4, 6) } });
    expect(bed.numerics).toHaveLength(1);
  });

  it('shows nothing of the patient before after a restart either, which reads ten minutes of analysis and one of telemetry', () => {
    const name = heard({ sequence: 7, device: 500, patient: 'p-2' });
    const past = [concluded(100), begunAnew(400)] as const;
    for (const heardAgain of [
      [...past, name],
      [name, ...past],
    ])
      expect(picture(...heardAgain).bed).toMatchObject({ patient: 'p-2', ...NOTHING });
  });

  it('keeps what analysis concluded when the patient gets a name', () => {
    const { bed } = picture(concluded(2), heard({ sequence: 1, device: 3, patient: 'p-1' }));
    expect(bed).toMatchObject({ patient: 'p-1', rhythm: 'af', score: { value: 9 }, risk: { name: 'sepsis' } });
    expect(bed.numerics).toEqual([]);
  });

  it('shows no score of adults once the patient is said to be a child', () => {
    const assigned = (population: string): BedInput => {
      const assignment = create(AssignmentSchema, { patient: 'p-1', population });
      return heard({ sequence: 2, device: 3 }, { assignment });
    };
    for (const population of ['child', 'neonate'])
      expect(picture(concluded(2), assigned(population)).bed).toMatchObject({ rhythm: 'af', score: null, risk: null });
    expect(picture(concluded(2), assigned('')).bed).toMatchObject({ score: { value: 9 }, risk: { name: 'sepsis' } });
  });

  it('shows no score of a time to come after a clock was set back', () => {
    const set = { clockEpoch: 1, gatewayTimeUs: at(3.1 - 3600) };
    const { bed } = picture(
      heard({ sequence: 1, device: 1 }, { gatewayTimeUs: at(1.1) }),
      concluded(2),
      heard({ sequence: 2, device: 3 }, set),
    );
    expect(bed).toMatchObject({ score: null, risk: null });
  });

  it('is not made fresh by a silence', () => {
    const before = picture(heard({ sequence: 1, device: 1 }));
    const silence = { $typeName: 'vigil.v1.Silence', sinceUs: at(1.1), takenAwayBy: '' } as const;
    expect(stepPicture(before, heard({ sequence: 1, device: 9 }, { silence }))).toBe(before);
    // After a restart of the screens the silence tells when the bed was last heard.
    expect(picture(heard({ sequence: 1, device: 9 }, { silence })).bed.lastFrameUs).toBe(at(1.1));
  });

  it('shows what analysis found, apart from what the monitor says', () => {
    const findings = create(FindingsSchema, {
      bed: 'icu-01',
      findings: [
        {
          atUs: at(2),
          saidUs: at(2.3),
          kind: { case: 'derived', value: { code: MDC.ecgHeartRate, unit: '/min', value: 71 } },
        },
        { atUs: at(2), saidUs: at(2.4), kind: { case: 'rhythm', value: { rhythm: RhythmKind.AF } } },
        { atUs: at(2), saidUs: at(2.4), kind: { case: 'score', value: { name: 'NEWS2', missing: ['temperature'] } } },
      ],
    });
    const { bed } = picture(heard({ sequence: 1, device: 1, hr: 70 }), { tag: 'Findings', findings });
    expect(bed.numerics.map(({ by, value }) => `${by} ${value}`)).toEqual(['monitor 70', 'vigil 71']);
    expect(bed).toMatchObject({ rhythm: 'af', analysedUs: at(2.4), score: { value: null, missing: ['temperature'] } });
  });

  it("shows what is held of a monitor's alarm until the monitor takes it back or another patient comes", () => {
    const verdict = (own: boolean, text: string): BedInput => ({
      tag: 'Findings',
      findings: create(FindingsSchema, {
        bed: 'icu-01',
        findings: [
          {
            ...{ atUs: at(2), saidUs: at(2.3) },
            kind: {
              case: 'verdict',
              value: {
                ...{ own, text, condition: 'asystole', verdict: VerdictKind.REFUTED, probability: 0.04 },
                testimonies: [{ code: MDC.abpWave, says: Says.AGAINST, because: 'a pulse every 0.8 s' }],
              },
            },
          },
        ],
      }),
    });
    const judged = picture(heard({ sequence: 1, device: 1, patient: 'p-1' }), verdict(false, '***ASYSTOLE'));
    expect(judged.bed.monitorAlarms).toEqual([
      {
        ...{ text: '***ASYSTOLE', condition: 'asystole', atUs: at(2) },
        evidence: {
          ...{ verdict: 'refuted', judgedUs: at(2.3) },
          probability: expect.closeTo(0.04, 6),
          signals: [{ label: 'ABP', kind: 'pulse', says: 'against', because: 'a pulse every 0.8 s' }],
        },
      },
    ]);
    expect(picture(verdict(true, 'ASYSTOLE')).bed.monitorAlarms).toEqual([]);
    const over = {
      text: '***ASYSTOLE',
      code: 0,
      present: false,
      atUs: at(3),
      $typeName: 'vigil.v1.DeviceAlert',
    } as const;
    const alarmsAfter = (changes: Partial<Telemetry>, patient?: string) =>
      stepPicture(judged, heard({ sequence: 2, device: 3, ...(patient ? { patient } : {}) }, changes)).bed
        .monitorAlarms;
    expect(alarmsAfter({})).toHaveLength(1);
    expect(alarmsAfter({ deviceAlerts: [{ ...over, text: '***VTACH' }] })).toHaveLength(1);
    expect(alarmsAfter({ deviceAlerts: [over] })).toEqual([]);
    expect(alarmsAfter({}, 'p-2')).toEqual([]);
  });
});
