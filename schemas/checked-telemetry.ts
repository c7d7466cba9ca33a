/** What a frame must be to be taken in, field by field, and what a number must be to be one. */
import * as E from 'fp-ts/lib/Either.js';
import { codeOfLoinc, signalCodes, signalOf, unitsOf } from './codes.ts';
import { VIGIL_BED } from './engine.ts';
import {
  type Assignment,
  MissingReason,
  type Numeric,
  Sex,
  type Telemetry,
  type Waveform,
} from './generated/vigil/v1/telemetry_pb.ts';
import { type Rejection, rejection } from './rejection.ts';

/** Every size has a bound; what exceeds one is refused by name. */
export const TELEMETRY_LIMITS = {
  /** A record of the log holds 1,000,000 bytes: the frame with what the gateway adds, or whole with why it was refused. */
  frameBytes: 900_000,
  bedBytes: 64,
  sourceBytes: 128,
  textBytes: 256,
  unitBytes: 32,
  waveforms: 64,
  samplesPerWaveform: 65_535,
  numerics: 512,
  leads: 64,
  deviceAlerts: 64,
  loincBytes: 16,
  rateHz: 100_000,
  ageYears: 130,
  /** 2^53 microseconds: the year 2255. */
  timeUs: 2 ** 53 - 1,
} as const;

type Fault = Rejection | undefined;

const utf8 = new TextEncoder();
/** Whether a text has more bytes than allowed. A UTF-16 unit is at most three bytes of UTF-8, so most texts need no counting. */
const isLonger = (text: string, bytesMax: number): boolean =>
  text.length * 3 > bytesMax && utf8.encode(text).length > bytesMax;
// Control characters would reach logs, keys and screens.
const hasControl = (text: string): boolean => /\p{Cc}/u.test(text);

const checkText = (where: string, value: string, bytesMax: number): Fault => {
  if (isLonger(value, bytesMax)) return rejection('too-large', where, `${where} has more than ${bytesMax} bytes`);
  if (hasControl(value)) return rejection('out-of-range', where, `${where} has control characters; remove them`);
  return undefined;
};

const checkName = (where: string, value: string, bytesMax: number): Fault =>
  value === ''
    ? rejection('missing-field', where, `${where} is empty; every frame needs it`)
    : checkText(where, value, bytesMax);

const checkTime = (where: string, us: number): Fault =>
  Number.isFinite(us) && us >= 0 && us <= TELEMETRY_LIMITS.timeUs
    ? undefined
    : rejection(
        'out-of-range',
        where,
        `${where} is ${us}; it must be microseconds since 1970, 0 to 2^53; divide nanoseconds by 1,000`,
      );

/** Every frame ends at some time of its device; a clock that stands at the very beginning of 1970 is none. */
const checkDeviceTime = (us: number): Fault =>
  us === 0
    ? rejection(
        'missing-field',
        'deviceTimeUs',
        "deviceTimeUs is missing; give the device's clock at the end of the frame, in microseconds since 1970",
      )
    : checkTime('deviceTimeUs', us);

const checkUnit = (where: string, code: number, unit: string): Fault => {
  if (isLonger(unit, TELEMETRY_LIMITS.unitBytes))
    return rejection('too-large', where, `${where} has more than ${TELEMETRY_LIMITS.unitBytes} bytes`);
  const known = signalOf(code);
  if (known === undefined || Object.hasOwn(unitsOf[known.dimension], unit)) return undefined;
  const allowed = Object.keys(unitsOf[known.dimension]).join(', ');
  return rejection(
    'bad-unit',
    where,
    `${where} is "${unit}"; ${known.name} is a ${known.dimension} and takes ${allowed} (UCUM)`,
  );
};

/**
 * A number under a wave's code, as a pressure told as MDC_PRESS_BLD_ART, would be shown and held against no limit; a wave under a number's code
 * would be heard by nobody.
 */
const checkKind = (where: string, code: number, isWave: boolean): Fault => {
  const known = signalOf(code);
  if (known === undefined || (known.kind === 'wave') === isWave) return undefined;
  const others = signalCodes
    .filter(({ name, kind }) => !isWave && kind === 'numeric' && name.startsWith(`${known.name}_`))
    .map((one) => `${one.code} ${one.name}`);
  const instead = others.length > 0 ? `, as ${others.join(', ')}` : '';
  const [is, meant] = isWave ? ['a number', 'wave'] : ['a wave', 'number'];
  return rejection(
    'out-of-range',
    `${where}.code`,
    `${where}.code is ${code}, ${known.name}, which is ${is}; give the code of the ${meant}${instead}`,
  );
};

const checkWaveform = (wave: Waveform, where: string): Fault => {
  if (wave.code === 0)
    return rejection('missing-field', `${where}.code`, `${where}.code is missing; give the MDC code`);
  const kind = checkKind(where, wave.code, true);
  if (kind) return kind;
  const time = checkTime(`${where}.startUs`, wave.startUs);
  if (time) return time;
  const rate = wave.rateNumerator / wave.rateDenominator;
  if (!(rate > 0 && rate <= TELEMETRY_LIMITS.rateHz))
    return rejection(
      'out-of-range',
      `${where}.rateNumerator`,
      `${where} has rate ${wave.rateNumerator}/${wave.rateDenominator}; it must be above 0 and at most ${TELEMETRY_LIMITS.rateHz} Hz`,
    );
  if (!Number.isFinite(wave.gain) || wave.gain === 0)
    return rejection(
      'out-of-range',
      `${where}.gain`,
      `${where}.gain is ${wave.gain}; it must be a number that is not 0`,
    );
  if (!Number.isFinite(wave.offset))
    return rejection('out-of-range', `${where}.offset`, `${where}.offset is ${wave.offset}; it must be a number`);
  if (wave.samples.length % 2 !== 0)
    return rejection(
      'bad-samples',
      `${where}.samples`,
      `${where}.samples has ${wave.samples.length} bytes; int16 needs an even number`,
    );
  if (wave.samples.length > 2 * TELEMETRY_LIMITS.samplesPerWaveform)
    return rejection(
      'too-many',
      `${where}.samples`,
      `${where} has more than ${TELEMETRY_LIMITS.samplesPerWaveform} samples; send shorter frames`,
    );
  return checkUnit(`${where}.unit`, wave.code, wave.unit);
};

const checkLoinc = (where: string, loinc: string): Fault => {
  if (loinc === '')
    return rejection(
      'missing-field',
      `${where}.code`,
      `${where}.code is missing; give the MDC code, or the LOINC in loinc`,
    );
  if (isLonger(loinc, TELEMETRY_LIMITS.loincBytes))
    return rejection(
      'too-large',
      `${where}.loinc`,
      `${where}.loinc has more than ${TELEMETRY_LIMITS.loincBytes} bytes`,
    );
  return rejection(
    'out-of-range',
    `${where}.loinc`,
    `${where}.loinc is ${JSON.stringify(loinc)}, which is no LOINC; give number and check digit as in "2524-7", or an MDC code in code`,
  );
};

const checkNumeric = (numeric: Numeric, where: string): Fault => {
  // What a LOINC means was looked up before (`withCodes`).
  if (numeric.code === 0) return checkLoinc(where, numeric.loinc ?? '');
  if (numeric.reading.case === undefined)
    return rejection(
      'missing-field',
      `${where}.value`,
      `${where} has neither a value nor the reason why it is missing`,
    );
  return (
    checkKind(where, numeric.code, false) ??
    checkTime(`${where}.atUs`, numeric.atUs) ??
    checkUnit(`${where}.unit`, numeric.code, numeric.unit)
  );
};

const checkCounts = (frame: Telemetry): Fault => {
  for (const field of ['waveforms', 'numerics', 'leads', 'deviceAlerts'] as const)
    if (frame[field].length > TELEMETRY_LIMITS[field])
      return rejection(
        'too-many',
        field,
        `${frame[field].length} ${field} in one frame; at most ${TELEMETRY_LIMITS[field]}`,
      );
  return undefined;
};

/** A part is checked without its name, and again by name where something is wrong: naming costs more than checking. */
const UNNAMED = '';

const checkParts = (frame: Telemetry): Fault => {
  for (let i = 0; i < frame.waveforms.length; i++) {
    const wave = frame.waveforms[i]!;
    const wrong = checkWaveform(wave, UNNAMED) && checkWaveform(wave, `waveforms[${i}]`);
    if (wrong) return wrong;
    if (frame.waveforms.findIndex(({ code }) => code === wave.code) < i)
      return rejection(
        'duplicate-signal',
        `waveforms[${i}].code`,
        `signal ${wave.code} stands twice in the frame; join the samples`,
      );
  }
  for (let i = 0; i < frame.numerics.length; i++) {
    const numeric = frame.numerics[i]!;
    const wrong = checkNumeric(numeric, UNNAMED) && checkNumeric(numeric, `numerics[${i}]`);
    if (wrong) return wrong;
  }
  const lead = frame.leads.findIndex(({ code }) => code === 0);
  if (lead !== -1)
    return rejection(
      'missing-field',
      `leads[${lead}].code`,
      `leads[${lead}].code is missing; give the MDC code of the lead`,
    );
  for (const [i, alert] of frame.deviceAlerts.entries()) {
    const where = `deviceAlerts[${i}]`;
    const wrong =
      checkText(`${where}.text`, alert.text, TELEMETRY_LIMITS.textBytes) ?? checkTime(`${where}.atUs`, alert.atUs);
    if (wrong) return wrong;
  }
  return undefined;
};

const checkAssignment = ({ patient, population, fromUs, ageYears, sex, hospitalFromUs }: Assignment): Fault => {
  if (ageYears !== undefined && !(ageYears >= 0 && ageYears <= TELEMETRY_LIMITS.ageYears))
    return rejection(
      'out-of-range',
      'assignment.ageYears',
      `assignment.ageYears is ${ageYears}; it must be 0 to ${TELEMETRY_LIMITS.ageYears} years, or absent where it is not known`,
    );
  if (sex !== Sex.UNSPECIFIED && sex !== Sex.FEMALE && sex !== Sex.MALE)
    return rejection(
      'out-of-range',
      'assignment.sex',
      `assignment.sex is ${sex}; it must be SEX_FEMALE, SEX_MALE, or absent where it is not known`,
    );
  return (
    checkText('assignment.patient', patient, TELEMETRY_LIMITS.sourceBytes) ??
    checkText('assignment.population', population, TELEMETRY_LIMITS.unitBytes) ??
    checkTime('assignment.fromUs', fromUs) ??
    (hospitalFromUs === undefined ? undefined : checkTime('assignment.hospitalFromUs', hospitalFromUs))
  );
};

const checkReserved = (bed: string): Fault =>
  bed === VIGIL_BED
    ? rejection(
        'out-of-range',
        'bed',
        `bed "${VIGIL_BED}" is where Vigil tells of itself; call the bed by another name`,
      )
    : undefined;

const checkFrame = (frame: Telemetry): Fault =>
  checkName('bed', frame.bed, TELEMETRY_LIMITS.bedBytes) ??
  checkReserved(frame.bed) ??
  checkName('source', frame.source, TELEMETRY_LIMITS.sourceBytes) ??
  checkDeviceTime(frame.deviceTimeUs) ??
  checkTime('gatewayTimeUs', frame.gatewayTimeUs) ??
  (frame.silence ? checkTime('silence.sinceUs', frame.silence.sinceUs) : undefined) ??
  (frame.assignment ? checkAssignment(frame.assignment) : undefined) ??
  checkCounts(frame) ??
  checkParts(frame);

/** Numbers that came by LOINC get their code; all that follows knows codes alone. */
const withCodes = (frame: Telemetry): void => {
  for (const numeric of frame.numerics) if (numeric.code === 0) numeric.code = codeOfLoinc(numeric.loinc ?? '') ?? 0;
};

/** NaN and infinities are not numbers of a patient: they are missing, with the reason "invalid". */
const withoutNonNumbers = (frame: Telemetry): Telemetry => {
  for (const numeric of frame.numerics)
    if (numeric.reading.case === 'value' && !Number.isFinite(numeric.reading.value))
      numeric.reading = { case: 'missing', value: MissingReason.INVALID };
  return frame;
};

/** Codes looked up, every field checked, what is no number made missing: the whole frame, changed in place, or why it is refused. */
export const checkedTelemetry = (frame: Telemetry): E.Either<Rejection, Telemetry> => {
  withCodes(frame);
  const wrong = checkFrame(frame);
  return wrong ? E.left(wrong) : E.right(withoutNonNumbers(frame));
};
