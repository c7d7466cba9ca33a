import { create } from '@bufbuild/protobuf';
import { NumericSchema, type Telemetry, TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { LAB, laboratoryValueOf } from '../../schemas/laboratory.ts';
import type { Moment } from '../../schemas/units.ts';
import type { Fold } from '../../stream-models/fold.ts';
import { seedFor, type WardDice, wardDiceFrom } from './dice.ts';

/** The laboratory of one simulated bed. */
export interface SimulatedLaboratorySettings {
  readonly bed: string;
  readonly source: string;
  readonly seed: number;
  /** When the patient came. */
  readonly start: Moment;
  /** Septic: lactate and leukocytes high, platelets low, kidneys failing. */
  readonly ill: boolean;
}

/** Frames that were told; plain data. */
export interface SimulatedLaboratoryMemory {
  readonly told: number;
  /** When the next is due, microseconds since 1970: most moments have nothing to tell. */
  readonly dueUs: number;
}

const ROUND_S = 4 * 3_600;

/** Middle and spread in Vigil's unit, of a patient who does well and of one who is septic. */
type Level = readonly [code: number, well: number, ill: number, spread: number];
const bloodGas: readonly Level[] = [
  [LAB.ph, 7.4, 7.31, 0.02],
  [LAB.paco2, 40, 32, 2],
  [LAB.sao2, 97, 93, 1],
  [LAB.bicarbonate, 24, 17, 1],
  [LAB.baseExcess, 0, -8, 1],
  [LAB.lactate, 1.1, 4.2, 0.2],
  [LAB.fio2, 0.21, 0.4, 0],
];
const bloodTests: readonly Level[] = [
  [LAB.potassium, 4.1, 4.9, 0.2],
  [LAB.chloride, 104, 101, 2],
  [LAB.calcium, 9, 8.1, 0.2],
  [LAB.magnesium, 2, 1.8, 0.1],
  [LAB.phosphate, 3.4, 4.6, 0.3],
  [LAB.glucose, 115, 178, 12],
  [LAB.ureaNitrogen, 16, 38, 2],
  [LAB.creatinine, 0.9, 2.1, 0.08],
  [LAB.bilirubin, 0.6, 2.4, 0.1],
  [LAB.ast, 24, 96, 4],
  [LAB.alkalinePhosphatase, 70, 130, 6],
  [LAB.haemoglobin, 12.5, 9.6, 0.4],
  [LAB.haematocrit, 37, 29, 1],
  [LAB.leukocytes, 8, 19, 0.8],
  [LAB.platelets, 240, 95, 10],
  [LAB.ptt, 31, 46, 1.5],
  [LAB.fibrinogen, 310, 560, 20],
];

const NOTHING: readonly Telemetry[] = [];

interface Round {
  readonly takenS: number;
  /** When the gas analyser of the ward and then the laboratory answer. */
  readonly toldS: readonly [gas: number, tests: number];
}

/** The first is drawn when the patient comes and answered at once, so that nobody waits hours for a demonstration. */
const roundOf = (seed: number, number: number): Round => {
  const dice = wardDiceFrom(seedFor(seed, number));
  const spread = (from: number, to: number): number => Math.round(from + (to - from) * dice.unit());
  if (number === 0) {
    const takenS = spread(8, 20);
    return { takenS, toldS: [takenS + spread(15, 25), takenS + spread(35, 60)] };
  }
  const takenS = number * ROUND_S + spread(-1_200, 1_200);
  return { takenS, toldS: [takenS + spread(120, 300), takenS + spread(2_100, 3_600)] };
};

const rounded = (value: number, code: number): number => {
  const scale = 10 ** laboratoryValueOf(code)!.decimals;
  return Math.round(value * scale) / scale;
};

/** Levels are the patient's own, and differ a little from round to round. */
const valuesOf = (levels: readonly Level[], { seed, ill }: SimulatedLaboratorySettings, dice: WardDice) =>
  levels.map(([code, well, unwell, spread]) => {
    const own = wardDiceFrom(seedFor(seed, code)).normal();
    return { code, value: rounded((ill ? unwell : well) + spread * (own + 0.5 * dice.normal()), code) };
  });

/**
 * Blood results of a bed as a fold over time: what was told by then, one frame per report. Dice of its own: the same seed gives
 * the same results, whatever the steps, and the bed's waves and vital signs do not know of it.
 */
export const simulatedLaboratory = (
  settings: SimulatedLaboratorySettings,
  firstSequence = 1,
): Fold<SimulatedLaboratoryMemory, Moment, Telemetry> => {
  const toldUs = (report: number): number =>
    settings.start + roundOf(settings.seed, report >> 1).toldS[report % 2 === 0 ? 0 : 1] * 1e6;
  const reportOf = (report: number): Telemetry => {
    const { takenS } = roundOf(settings.seed, report >> 1);
    const dice = wardDiceFrom(seedFor(settings.seed, 1_000_000 + report));
    return create(TelemetrySchema, {
      ...{ bed: settings.bed, source: settings.source, sequence: (firstSequence + report) >>> 0 },
      deviceTimeUs: toldUs(report),
      numerics: valuesOf(report % 2 === 0 ? bloodGas : bloodTests, settings, dice).map(({ code, value }) => {
        const { loincs, ucum } = laboratoryValueOf(code)!;
        return create(NumericSchema, {
          ...{ loinc: loincs[0]!, unit: ucum, atUs: settings.start + takenS * 1e6 },
          reading: { case: 'value', value },
        });
      }),
    });
  };
  return {
    start: { told: 0, dueUs: toldUs(0) },
    step: (before, now) => {
      if (now < before.dueUs) return [before, NOTHING];
      const frames: Telemetry[] = [];
      let { told } = before;
      while (toldUs(told) <= now) frames.push(reportOf(told++));
      return [{ told, dueUs: toldUs(told) }, frames];
    },
  };
};
