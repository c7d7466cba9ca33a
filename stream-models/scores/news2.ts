import {
  type Points,
  pointsIn,
  pulseBands,
  respirationBands,
  roundedTo,
  spo2Scale1Bands,
  spo2Scale2AirBands,
  spo2Scale2OxygenBands,
  systolicBands,
  temperatureBands,
} from './news2-table.ts';

/** ACVPU: Alert, new Confusion, responds to Voice, to Pain, Unresponsive. */
export type Consciousness = 'alert' | 'confusion' | 'voice' | 'pain' | 'unresponsive';

/** What the seven parameters are now; undefined: missing or too old. Pressures mmHg, temperature °C, SpO₂ %. */
export interface News2Inputs {
  readonly respirationRate: number | undefined;
  readonly spo2: number | undefined;
  readonly onOxygen: boolean | undefined;
  readonly systolic: number | undefined;
  readonly pulse: number | undefined;
  readonly consciousness: Consciousness | undefined;
  readonly temperature: number | undefined;
  /** Scale 2 only where it was prescribed for the patient (hypercapnic failure, target 88–92 %). */
  readonly spo2Scale: 1 | 2;
}

export type News2Parameter = Exclude<keyof News2Inputs, 'spo2Scale'>;

export interface News2 {
  /** 0–20; undefined when anything is missing: a score is never made of missing inputs. */
  readonly value: number | undefined;
  /** The sum of what is there. More inputs can only add to it, so it is a floor, and never shown as the score. */
  readonly atLeast: number;
  readonly points: Readonly<Partial<Record<News2Parameter, Points>>>;
  readonly missing: readonly News2Parameter[];
  readonly threeInOne: readonly News2Parameter[];
  readonly response: string;
}

const spo2Points = ({ spo2, onOxygen, spo2Scale }: News2Inputs): Points | undefined => {
  if (spo2 === undefined) return undefined;
  const rounded = roundedTo(spo2, 0);
  if (spo2Scale === 1) return pointsIn(spo2Scale1Bands, rounded);
  const onAir = pointsIn(spo2Scale2AirBands, rounded);
  if (onOxygen === true) return pointsIn(spo2Scale2OxygenBands, rounded);
  // Above 92 % scale 2 asks whether oxygen is given; without that answer there are no points.
  return onOxygen === false || rounded <= 92 ? onAir : undefined;
};

const responses = {
  incomplete: 'Insufficient data: complete the observations.',
  emergency: 'Continuous monitoring. Emergency assessment by the critical care team (score 7 or more).',
  urgent: 'At least hourly. Urgent assessment by a clinician (score 5–6).',
  threeInOne: 'At least hourly. Inform the medical team, who review and decide (3 in one parameter).',
  low: 'At least every 4–6 hours. A registered nurse assesses and decides (score 1–4).',
  none: 'At least every 12 hours (score 0).',
} as const;

const responseTo = (value: number, threeInOne: boolean): string => {
  if (value >= 7) return responses.emergency;
  if (value >= 5) return responses.urgent;
  if (threeInOne) return responses.threeInOne;
  return value >= 1 ? responses.low : responses.none;
};

const measured = (value: number | undefined): number | undefined =>
  value !== undefined && Number.isFinite(value) ? value : undefined;

/** The order in which the chart has them. */
const parameters = [
  'respirationRate',
  'spo2',
  'onOxygen',
  'systolic',
  'pulse',
  'consciousness',
  'temperature',
] as const satisfies readonly News2Parameter[];

/** NEWS2 of one set of observations. A value that is no finite number counts as missing. */
export const news2 = (given: News2Inputs): News2 => {
  const inputs: News2Inputs = {
    ...given,
    respirationRate: measured(given.respirationRate),
    spo2: measured(given.spo2),
    systolic: measured(given.systolic),
    pulse: measured(given.pulse),
    temperature: measured(given.temperature),
  };
  const { respirationRate, onOxygen, systolic, pulse, consciousness, temperature } = inputs;
  const all: Readonly<Record<News2Parameter, Points | undefined>> = {
    respirationRate:
      respirationRate === undefined ? undefined : pointsIn(respirationBands, roundedTo(respirationRate, 0)),
    spo2: spo2Points(inputs),
    onOxygen: onOxygen === undefined ? undefined : onOxygen ? 2 : 0,
    systolic: systolic === undefined ? undefined : pointsIn(systolicBands, roundedTo(systolic, 0)),
    pulse: pulse === undefined ? undefined : pointsIn(pulseBands, roundedTo(pulse, 0)),
    consciousness: consciousness === undefined ? undefined : consciousness === 'alert' ? 0 : 3,
    temperature: temperature === undefined ? undefined : pointsIn(temperatureBands, roundedTo(temperature, 1)),
  };
  const points: Partial<Record<News2Parameter, Points>> = {};
  let atLeast = 0;
  for (const parameter of parameters) {
    const given = all[parameter];
    if (given === undefined) continue;
    points[parameter] = given;
    atLeast += given;
  }
  const missing = parameters.filter((parameter) => all[parameter] === undefined);
  const threeInOne = parameters.filter((parameter) => all[parameter] === 3);
  const value = missing.length === 0 ? atLeast : undefined;
  const response = value === undefined ? responses.incomplete : responseTo(value, threeInOne.length > 0);
  return { value, atLeast, points, missing, threeInOne, response };
};
