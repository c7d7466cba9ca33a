/** One bed over time: what the log has of its numbers, rhythm, beats, alarms and waves. */
import { expect } from 'vitest';
import { MDC, signalOf } from '../../../schemas/codes.ts';
import { SignalState } from '../../../schemas/generated/vigil/v1/alarms_pb.ts';
import { BeatClass, RhythmKind } from '../../../schemas/generated/vigil/v1/findings_pb.ts';
import { LAB } from '../../../schemas/laboratory.ts';
import { rhythmGravity } from '../../../schemas/series.ts';
import { samplesOf } from '../../../schemas/telemetry.ts';
import { BEGUN_ANEW } from '../../../schemas/words.ts';
import { staleAfter } from '../../../stream-models/vocabulary/stale-after.ts';
import { shareOf } from '../../contracts/share-of-minute.ts';
import { byName, told } from '../expectations/expectation.ts';
import { began, textOf } from './alarm-burden.ts';
import { expectCurve, figures, inBuckets, sum } from './buckets.ts';
import { type Asked, type Check, type Checks, onPage, type Played } from './check.ts';
import { type Changed, changes, found, type Measured, marked, measured } from './logged.ts';
import { LEAVES_AT_S, LEAVING_BED, LINE_BED } from './play.ts';

const MINUTE = 60e3;
const texts = ({ answer }: Asked): readonly unknown[] =>
  answer.curves.flatMap(({ points }) => points.map(([, it]) => it));

/** Least, mean and most of each bucket, and nothing in between. */
const expectBand = ({ answer, bed }: Asked, buckets: ReturnType<typeof inBuckets>, name: string, tier = ''): void => {
  const named = byName(answer.curves);
  for (const of of ['min', 'mean', 'max'] as const)
    expectCurve(
      named[`${name} ${of}${tier}`],
      buckets.map(([at, values]) => [at, figures[of](values)]),
      `${bed}: ${name} ${of}${tier}`,
    );
};

type By = 'monitor' | 'vigil' | undefined;

const raw = (code: number, name: string, beds: Check['beds'], by: By): Check => ({
  beds: beds!,
  holds: (asked, { logged }) =>
    expectBand(asked, inBuckets(onPage(measured(logged, asked.bed, code, by), asked.page), asked.bucketMs), name),
});

/** Minutes that are over and rolled up, with nothing said of the raw numbers: as if none were kept. */
const minutesPage: Check['page'] = ({ fromMs, toMs }) => ({
  fromMs: Math.floor(fromMs / MINUTE) * MINUTE,
  toMs: Math.floor(toMs / MINUTE) * MINUTE - 3 * MINUTE,
  chosen: { raw_days: '0' },
});
const byMinute = (points: readonly Measured[], { page }: Asked) =>
  inBuckets(points, MINUTE).filter(([at]) => at >= page.fromMs && at <= page.toMs);

const minutes = (code: number, name: string, beds: Check['beds'], by: By): Check => ({
  ...{ page: minutesPage, beds: beds! },
  holds: (asked, { logged }) =>
    expectBand(asked, byMinute(measured(logged, asked.bed, code, by), asked), name, ' (minutes)'),
});

const panel = (
  title: string,
  beds: Check['beds'],
  ...lines: readonly (readonly [code: number, name?: string, by?: By])[]
): Checks =>
  Object.fromEntries(
    lines.flatMap(([code, name = signalOf(code)!.label, by], i) => [
      [`patient | ${title} | R${i}`, raw(code, name, beds, by)],
      [`patient | ${title} | M${i}`, minutes(code, name, beds, by)],
    ]),
  );

/** Of the minutes that are judged; the newest may have been judged while the answer was on its way. */
const complete = (code: number, by: By): Check => ({
  beds: 'each',
  holds: ({ answer: { curves }, page, bed }, { logged }) => {
    const numbers = measured(logged, bed, code, by)
      .map(({ atUs }) => atUs / 1e6)
      .sort((a, c) => a - c);
    const limit = staleAfter(code) / 1e6;
    const judged = (curves[0]?.points ?? []).filter(
      ([at]) => at >= page.fromMs - MINUTE && at < page.toMs - 4 * MINUTE,
    );
    if (numbers.length > 0) expect(judged.length, bed).toBeGreaterThan(1);
    for (const [at, value] of judged)
      expect(value, `${bed} at ${at}`).toBeCloseTo(shareOf(numbers, at / MINUTE, limit) * 100, 6);
  },
});

const marks = (priority: string): Check => ({
  beds: 'each',
  holds: (asked, { logged }) => {
    const own = onPage(changes(logged), asked.page).filter(
      (each) => each.bed === asked.bed && each.priority === priority && began(each),
    );
    const [text, condition] = asked.answer.curves;
    const seen = (text?.points ?? []).map(([at, it], i) => [at, it, condition!.points[i]![1]]);
    const wanted = own.map((each) => [Math.floor(each.atUs / 1e3), textOf(each), each.condition]);
    expect(seen.toSorted(), asked.bed).toEqual(wanted.toSorted());
  },
});

const expectRows = (
  seen: readonly (readonly unknown[])[],
  wanted: readonly (readonly unknown[])[],
  what: string,
): void => {
  const texts = (rows: readonly (readonly unknown[])[]) => rows.map((row) => JSON.stringify(row)).toSorted();
  expect(texts(seen), what).toEqual(texts(wanted));
  // Newest first.
  expect(
    seen.map(([at]) => Number(at)),
    what,
  ).toEqual(seen.map(([at]) => Number(at)).toSorted((a, b) => b - a));
};

const ms = (us: number): number => Math.floor(us / 1e3);
const own = (asked: Asked, { logged }: Played): readonly Changed[] =>
  onPage(changes(logged), asked.page).filter(({ bed }) => bed === asked.bed);

const word = (state: SignalState): string =>
  Object.entries(SignalState)
    .find(([, each]) => each === state)![0]
    .toLowerCase();

const CLASSES: Readonly<Record<string, BeatClass>> = {
  ...{ N: BeatClass.N, S: BeatClass.S, V: BeatClass.V, F: BeatClass.F, Q: BeatClass.Q },
};

/** When the VT of the first bed began, as Vigil said it. */
const vtOnsetMs = ({ logged }: Played): number => {
  const vt = changes(logged).find((each) => each.bed === 'icu-01' && each.condition === 'vt' && began(each))!;
  return ms(vt.event.signals.find(({ alarm }) => alarm === vt.transition.alarm)!.onsetUs);
};

const strip: Check = {
  page: (played) => ({ fromMs: vtOnsetMs(played) - 10e3, toMs: vtOnsetMs(played) + 10e3 }),
  holds: ({ answer, page }, { logged }) => {
    const samples = logged.frames
      .filter(({ bed }) => bed === 'icu-01')
      .flatMap(({ waveforms }) => waveforms)
      .filter(({ code }) => code === MDC.ecgII)
      .flatMap((wave) =>
        Array.from(samplesOf(wave), (sample, i) => ({
          atUs: wave.startUs + (i * 1e6 * wave.rateDenominator) / wave.rateNumerator,
          value: Number(((sample - wave.offset) * wave.gain).toPrecision(7)),
        })),
      );
    const wanted = onPage(samples, page).map(({ atUs, value }) => [atUs / 1e3, value]);
    expect(wanted.length).toBeGreaterThan(4_900);
    for (const curve of answer.curves) expect(told(curve)).toEqual(wanted);
    expect(answer.curves.map(({ name }) => name)).toEqual(['II least, device 1', 'II most, device 1']);
  },
};

const NO_LABORATORY = 'no laboratory is connected to the simulated ward; the recorded ward has some';
/** Panels of which the log, and so the page, has nothing. */
const laboratory = (...panels: readonly (readonly [title: string, code: number])[]): Checks =>
  Object.fromEntries(
    panels
      .flatMap(([title, code]) => Object.entries(panel(title, 'each', [code])))
      .map(([name, check]) => [name, { ...check, emptyBecause: NO_LABORATORY }]),
  );

export const patientChecks: Checks = {
  'patient | unit': { holds: (asked) => expect(texts(asked)).toEqual(expect.arrayContaining(['icu'])) },
  'patient | bed': {
    page: () => ({ chosen: { unit: 'icu' } }),
    holds: (asked, { logged }) => expect(new Set(texts(asked))).toEqual(new Set(logged.findings.keys())),
  },
  'patient | lead': { holds: (asked) => expect(texts(asked).toSorted()).toEqual(['II', 'PLETH', 'V1']) },
  'patient | annotation *** high': marks('high'),
  'patient | annotation ** medium': marks('medium'),
  'patient | annotation * low': marks('low'),
  'patient | annotation another patient, or begun anew': {
    beds: 'each',
    holds: (asked, { logged }) => {
      const wanted = onPage(found(logged, asked.bed, 'reset'), asked.page)
        .filter(({ value }) => value.what === BEGUN_ANEW)
        .map(({ atUs, value }) => [ms(atUs), value.why]);
      expect(asked.answer.curves[0]?.points ?? []).toEqual(wanted);
    },
  },
  'patient | Rhythm | A': {
    beds: 'each',
    holds: ({ answer, page, bed, bucketMs }, played) => {
      const wanted = inBuckets(onPage(marked(played.logged, bed), page), bucketMs);
      expectCurve(
        answer.curves[0],
        wanted.map(([at, values]) => [at, figures.max(values)]),
        bed,
      );
      // What the simulator played: VF and an asystole at one bed, VT at another.
      const gravest = Math.max(...wanted.map(([, values]) => figures.max(values)));
      if (bed === 'icu-07') expect(gravest).toBe(rhythmGravity[RhythmKind.ASYSTOLE]!.gravity);
      if (bed === 'icu-01') expect(gravest).toBe(rhythmGravity[RhythmKind.VT]!.gravity);
      // Its monitor went away: the ribbon ends, although a score is still said of it.
      const end = told(answer.curves[0]!).at(-1)![0];
      if (bed === LEAVING_BED) expect(end).toBeLessThan(played.fromMs + (LEAVES_AT_S + 10) * 1e3);
      else expect(end).toBeGreaterThan(page.toMs - 20e3);
    },
  },
  'patient | Rhythm | B': {
    ...{ page: minutesPage, beds: 'each' },
    holds: (asked, { logged }) => {
      const wanted = inBuckets(
        byMinute(marked(logged, asked.bed), asked).map(([at, values]) => ({
          atUs: at * 1e3,
          value: figures.max(values),
        })),
        asked.bucketMs,
      );
      expectCurve(
        asked.answer.curves[0],
        wanted.map(([at, values]) => [at, figures.max(values)]),
        asked.bed,
      );
    },
  },
  ...panel(
    'Heart rate',
    'each',
    [MDC.ecgHeartRate, 'HR by Vigil', 'vigil'],
    [MDC.ecgHeartRate, 'HR by the monitor', 'monitor'],
    [MDC.pulseRate],
  ),
  ...panel('Oxygen saturation', 'each', [MDC.spo2]),
  ...panel('Respiratory rate', [LINE_BED, 'icu-05'], [MDC.respRate], [MDC.respRateCo2]),
  ...panel('Arterial pressure', [LINE_BED, 'icu-05'], [MDC.abpSystolic], [MDC.abpMean], [MDC.abpDiastolic]),
  ...panel('End-tidal CO₂', [LINE_BED, 'icu-05'], [MDC.etco2]),
  ...panel('Central venous pressure', [LINE_BED, 'icu-05'], [MDC.cvpMean]),
  ...panel('Non-invasive blood pressure', 'each', [MDC.nibpSystolic], [MDC.nibpMean], [MDC.nibpDiastolic]),
  ...panel('Temperature', 'each', [MDC.temperature]),
  ...laboratory(
    ['Lactate', LAB.lactate],
    ['Potassium', LAB.potassium],
    ['Creatinine', LAB.creatinine],
    ['Bilirubin', LAB.bilirubin],
    ['White cells', LAB.leukocytes],
    ['Platelets', LAB.platelets],
  ),
  'patient | Laboratory values | A': {
    ...{ beds: 'each', emptyBecause: NO_LABORATORY },
    holds: ({ answer: { rows }, bed }) => expect(rows.rows, bed).toEqual([]),
  },
  'patient | NEWS2 | A': {
    beds: 'each',
    holds: ({ answer, page, bed, bucketMs }, { logged }) => {
      const complete = found(logged, bed, 'score').flatMap(({ atUs, value: { value } }) =>
        value === undefined ? [] : [{ atUs, value }],
      );
      const wanted = inBuckets(onPage(complete, page), bucketMs);
      expectCurve(
        answer.curves[0],
        wanted.map(([at, values]) => [at, figures.max(values)]),
        bed,
      );
    },
  },
  'patient | Risk of sepsis | A': {
    beds: 'each',
    emptyBecause: 'it is said of whole hours, and the play is shorter; the recorded ward has some',
    holds: ({ answer, page, bed, bucketMs }, { logged }) => {
      const said = found(logged, bed, 'risk').flatMap(({ atUs, value: { probability } }) =>
        probability === undefined ? [] : [{ atUs, value: 100 * probability }],
      );
      const wanted = inBuckets(onPage(said, page), bucketMs);
      expectCurve(
        answer.curves[0],
        wanted.map(([at, values]) => [at, figures.max(values)]),
        bed,
      );
    },
  },
  'patient | Risk of sepsis | B': {
    beds: 'each',
    emptyBecause: 'it is said of whole hours, and the play is shorter; the recorded ward has some',
    holds: ({ answer, page, bed, bucketMs }, { logged }) => {
      for (const [i, end] of (['low', 'high'] as const).entries()) {
        const said = found(logged, bed, 'risk').flatMap(({ atUs, value: { interval } }) =>
          interval === undefined ? [] : [{ atUs, value: 100 * interval[end] }],
        );
        const wanted = inBuckets(onPage(said, page), bucketMs);
        const figure = end === 'low' ? figures.min : figures.max;
        expectCurve(
          answer.curves[i],
          wanted.map(([at, values]) => [at, figure(values)]),
          `${bed} ${end}`,
        );
      }
    },
  },
  'patient | Beats per minute, by class | A': {
    beds: 'each',
    holds: ({ answer, page, bed, bucketMs }, { logged }) => {
      const beats = onPage(found(logged, bed, 'beat'), page);
      for (const [name, beatClass] of Object.entries(CLASSES)) {
        const of = beats.filter(({ value }) => value.class === beatClass).map(({ atUs }) => ({ atUs, value: 1 }));
        const wanted = inBuckets(of, bucketMs).map(([at, ones]) => [at, (sum(ones) * MINUTE) / bucketMs] as const);
        expectCurve(byName(answer.curves)[name], wanted, `${bed}: ${name}`);
      }
    },
  },
  'patient | Alarms | A': {
    beds: 'each',
    holds: (asked, played) => {
      const wanted = own(asked, played)
        .filter(began)
        .map((each) => {
          const signal = each.event.signals.find(({ alarm }) => alarm === each.transition.alarm)!;
          return [
            ms(each.atUs),
            Math.round(signal.onsetUs / 1e3),
            textOf(each),
            each.priority,
            each.condition,
            each.transition.why,
          ];
        });
      expectRows(asked.answer.rows.rows, wanted, asked.bed);
    },
  },
  'patient | Changes of the rhythm | A': {
    beds: 'each',
    holds: (asked, { logged }) => {
      const wanted = onPage(found(logged, asked.bed, 'rhythm'), asked.page);
      expectRows(
        asked.answer.rows.rows,
        wanted.map(({ atUs, value }) => [ms(atUs), rhythmGravity[value.rhythm]!.word]),
        asked.bed,
      );
    },
  },
  'patient | Strip: ${lead:text} | A': strip,
  'patient | Completeness | C0': complete(MDC.ecgHeartRate, 'vigil'),
  'patient | Completeness | C1': complete(MDC.ecgHeartRate, 'monitor'),
  'patient | Completeness | C2': complete(MDC.spo2, 'monitor'),
  'patient | Completeness | C3': complete(MDC.respRate, 'monitor'),
  'patient | Completeness | C4': { ...complete(MDC.abpMean, 'monitor'), beds: [LINE_BED] },
  'patient | What became of them | A': {
    beds: 'each',
    holds: (asked, played) => {
      const wanted = own(asked, played).map((each) => {
        const { condition, from, to, by, why } = each.transition;
        return [ms(each.atUs), condition, textOf(each), word(from), word(to), by, why];
      });
      expect(asked.answer.rows.columns.slice(0, 7)).toEqual(['Time', 'Condition', 'Alarm', 'From', 'To', 'By', 'Why']);
      expectRows(
        asked.answer.rows.rows.map((row) => row.slice(0, 7)),
        wanted,
        asked.bed,
      );
    },
  },
};
