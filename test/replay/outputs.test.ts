import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { type AlarmEvent, AlarmEventSchema, SignalState } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import {
  BeatClass,
  type Finding,
  FindingSchema,
  RhythmKind,
  Says,
  VerdictKind,
} from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { readAnnotations } from '../../services/recordings/wfdb/annotations.ts';
import { annotationFile, type BedSaid, findingLines } from '../../services/replay/outputs.ts';

const START = 1e15;
const finding = (atS: number, saidS: number, kind: unknown): Finding =>
  create(FindingSchema, { atUs: START + atS * 1e6, saidUs: START + saidS * 1e6, preset: 'vigil', kind: kind as never });
const beat = (atS: number, of: BeatClass, saidS = atS + 0.3): Finding =>
  finding(atS, saidS, { case: 'beat', value: { class: of, probability: 0.987654, rrMs: 801.2, amplitudeMv: 1.25 } });
const rhythm = (atS: number, of: RhythmKind): Finding =>
  finding(atS, atS + 1, { case: 'rhythm', value: { rhythm: of } });
const alarm = (saidS: number, to: SignalState): AlarmEvent =>
  create(AlarmEventSchema, {
    bed: 'run1.100',
    atUs: START + saidS * 1e6,
    saidUs: START + saidS * 1e6,
    transition: { alarm: 'run1.100/vt/7', condition: 'vt', from: SignalState.OFF, to, by: 'vigil', why: 'present' },
  });

const saidOf = (findings: readonly Finding[], alarms: readonly AlarmEvent[] = []): BedSaid => ({
  ...{ record: '100', bed: 'run1.100', startUs: START, rateHz: 360 },
  findings,
  alarms,
});
const annotations = (...findings: readonly Finding[]) => E.toUnion(readAnnotations(annotationFile(saidOf(findings))));
const lines = (findings: readonly Finding[], alarms: readonly AlarmEvent[] = []) =>
  findingLines(saidOf(findings, alarms)).trimEnd().split('\n');

describe('the alarms of a replay', () => {
  it('say nothing of that nobody has answered', () => {
    const went = alarm(2, SignalState.ON);
    const stepped = { ...went, transition: { ...went.transition!, from: SignalState.ON } };
    const unanswered = { ...went, transition: { ...went.transition!, condition: 'unanswered' } };
    expect(lines([], [went, stepped, unanswered])).toEqual(lines([], [went]));
  });
});

describe('the annotation file of a replay', () => {
  it('has every class of beat at its R peak, and a beat that no network judged as Q', () => {
    expect(
      annotations(
        ...[BeatClass.N, BeatClass.S, BeatClass.V, BeatClass.F, BeatClass.Q, BeatClass.UNSPECIFIED].map((of, i) =>
          beat(i + 1, of),
        ),
      ),
    ).toEqual(['N', 'S', 'V', 'F', 'Q', 'Q'].map((symbol, i) => ({ sample: (i + 1) * 360, symbol, aux: '' })));
  });

  it('has an artefact as "|", which is no beat to who compares', () => {
    expect(annotations(beat(1, BeatClass.N), beat(2, BeatClass.ARTEFACT))).toMatchObject([
      { sample: 360, symbol: 'N' },
      { sample: 720, symbol: '|' },
    ]);
  });

  it('has every rhythm by its MIT name', () => {
    const { SINUS_LIKE, VT, VFL, VF, ASYSTOLE, AF, NOISE } = RhythmKind;
    const said = annotations(...[SINUS_LIKE, VT, VFL, VF, ASYSTOLE, AF, NOISE].map((of, i) => rhythm(i, of)));
    expect(said).toMatchObject(
      ['(N', '(VT', '(VFL', '(VF', '(ASYS', '(AFIB', '(NOISE'].map((aux) => ({ symbol: '+', aux })),
    );
  });

  it('is in the order of the samples although rhythms are recognised later than beats', () => {
    const said = annotations(
      beat(1, BeatClass.V),
      beat(2, BeatClass.V),
      rhythm(1, RhythmKind.VT),
      rhythm(0, RhythmKind.SINUS_LIKE),
    );
    expect(said).toMatchObject([
      { sample: 0, symbol: '+' },
      { sample: 360, symbol: '+', aux: '(VT' },
      { sample: 360, symbol: 'V' },
      { sample: 720, symbol: 'V' },
    ]);
  });

  it('leaves out what is neither beat nor rhythm', () => {
    expect(
      annotations(finding(1, 1, { case: 'condition', value: { condition: 'vt', present: true, evidence: '' } })),
    ).toEqual([]);
  });
});

describe('the lines of a replay', () => {
  it('say each kind with its fields, in a fixed order and with fixed digits', () => {
    expect(
      lines(
        [
          beat(1.5, BeatClass.V, 1.75),
          rhythm(2, RhythmKind.VT),
          finding(3, 4, { case: 'condition', value: { condition: 'vt', present: true, evidence: '5 V at 166/min' } }),
          finding(5, 5, {
            case: 'score',
            value: { name: 'NEWS2', missing: ['temperature'], points: { spo2: 2, hr: 1 }, response: '', spo2Scale: 2 },
          }),
        ],
        [alarm(4, SignalState.ON)],
      ),
    ).toEqual([
      '{"kind":"beat","at":1.500,"said":1.750,"class":"V","probability":0.9877,"rr":0.801,"amplitude":1.250,"artefact":null}',
      '{"kind":"rhythm","at":2.000,"said":3.000,"rhythm":"vt"}',
      '{"kind":"condition","at":3.000,"said":4.000,"condition":"vt","present":true,"priority":"high","evidence":"5 V at 166/min","preset":"vigil"}',
      '{"kind":"alarm","at":4.000,"said":4.000,"alarm":"100/vt/7","condition":"vt","priority":"high","signal":"on","from":"off","to":"on","by":"vigil","why":"present"}',
      '{"kind":"score","at":5.000,"said":5.000,"name":"NEWS2","value":null,"missing":["temperature"],"points":{"hr":1,"spo2":2},"response":"","spo2Scale":2}',
    ]);
  });

  it('say of a beat how probable it is that there is none, and of an artefact that it is none', () => {
    const sure = finding(1, 1.3, { case: 'beat', value: { class: BeatClass.N, probability: 0.9, artefact: 0.0123 } });
    expect(lines([sure, beat(2, BeatClass.ARTEFACT, 2.25)])).toEqual([
      '{"kind":"beat","at":1.000,"said":1.300,"class":"N","probability":0.9000,"rr":0.000,"amplitude":0.000,"artefact":0.0123}',
      '{"kind":"artefact","at":2.000,"said":2.250,"probability":0.9877,"amplitude":1.250}',
    ]);
  });

  it('are JSON, one value per line', () => {
    for (const line of lines([beat(1, BeatClass.N), rhythm(1, RhythmKind.AF)], [alarm(9, SignalState.LATCHED)]))
      expect(JSON.parse(line)).toHaveProperty('kind');
  });

  it('stand in the order in which they were said', () => {
    const said = lines([rhythm(1, RhythmKind.VT), beat(5, BeatClass.N)], [alarm(3, SignalState.ON)]);
    expect(said.map((line) => (JSON.parse(line) as { said: number }).said)).toEqual([2, 3, 5.3]);
  });

  it('leave roll calls out', () => {
    expect(findingLines(saidOf([], [create(AlarmEventSchema, { bed: 'run1.100', saidUs: START })]))).toBe('');
  });

  it('never say "-0.000"', () => {
    expect(lines([beat(-1e-9, BeatClass.N, 0)])[0]).toContain('"at":0.000');
  });

  it('have what is held of an alarm, whose it is, and what each signal says', () => {
    const verdict = finding(9, 9.5, {
      case: 'verdict',
      value: {
        ...{ text: 'ASYSTOLE', code: 0, condition: 'asystole', verdict: VerdictKind.REFUTED, probability: 0.0312345 },
        ...{ own: true, testimonies: [{ code: 150_032, says: Says.AGAINST, because: 'a pulse at least every 0.8 s' }] },
      },
    });
    expect(lines([verdict])).toEqual([
      '{"kind":"verdict","at":9.000,"said":9.500,"condition":"asystole","of":"vigil","text":"ASYSTOLE","verdict":"refuted",' +
        '"probability":0.0312,"signals":["ABP against: a pulse at least every 0.8 s"],"preset":"vigil"}',
    ]);
  });
});
