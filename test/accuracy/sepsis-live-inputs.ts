/**
 * What the shipped network of deterioration loses with the inputs that a ward's telemetry brings: no laboratory values, no age, sex or
 * time in hospital before. On the stays that it was fitted to, so the figures flatter; their differences are what is asked for.
 *
 *   node --disable-warning=ExperimentalWarning test/accuracy/sepsis-live-inputs.ts cinc2019-a.csv [every nth stay]
 */
import { openDeteriorationModel } from '../../services/stays/deterioration-model.ts';
import { playStays } from '../../services/stays/play-stays.ts';
import { readStays } from '../../services/stays/read-stays.ts';
import { type StayHour, withoutLabs } from '../../stream-models/deterioration/stay.ts';
import { sepsisFigures } from '../../stream-models/evaluation/sepsis-figures.ts';

const [csv, every = '1'] = process.argv.slice(2);
if (csv === undefined) throw new Error('Name the file of stays: test/accuracy/sepsis-live-inputs.ts cinc2019-a.csv');

const UNKNOWN = { ageYears: Number.NaN, isMale: Number.NaN, hoursInHospitalBefore: Number.NaN };
const asLive = (rows: readonly StayHour[]): readonly StayHour[] =>
  withoutLabs(rows).map((row) => ({ ...row, patient: UNKNOWN }));

const stays: { readonly rows: readonly StayHour[]; readonly labels: Uint8Array }[] = [];
let read = 0;
for await (const { rows, labels } of readStays(csv))
  if (labels !== undefined && read++ % Number(every) === 0) stays.push({ rows, labels });

const model = await openDeteriorationModel();
const shown = ({ value, low, high }: { value: number; low: number; high: number }): string =>
  `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
for (const [name, inputs] of [
  ['all inputs', (rows: readonly StayHour[]) => rows],
  ['vital signs, age, sex, hours', withoutLabs],
  ['vital signs and hours, as live', asLive],
] as const) {
  const risks = await playStays(
    model.ask,
    model.hidden,
    stays.map(({ rows }) => inputs(rows)),
  );
  const judged = stays.map(({ labels }, i) => ({
    labels,
    risks: risks[i]!,
    alarms: Uint8Array.from(risks[i]!, (risk) => Number(risk >= model.threshold)),
  }));
  const { utility, auroc, auprc, calibration } = sepsisFigures(judged, { areProbabilities: true, resamples: 200 });
  const error = calibration?.expectedCalibrationError.toFixed(4) ?? 'unknown';
  console.log(`${name}: utility ${shown(utility)}, AUROC ${shown(auroc)}, AUPRC ${shown(auprc)}, ECE ${error}`);
}
await model.close();
