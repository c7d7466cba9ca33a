import * as E from 'fp-ts/lib/Either.js';
import { rationalRate } from './rate.ts';

/** One signal line of a WFDB header (PhysioNet header(5)). Physical value = (sample - baseline) / gain, in unit. */
export interface WfdbSignal {
  readonly file: string;
  readonly format: 16 | 212;
  readonly byteOffset: number;
  /** Samples of this signal in the file that lie before sample 0 of the record. */
  readonly skew: number;
  readonly gain: number;
  /** The header gives no gain (none, or 0), and `gain` is WFDB's usual one. */
  readonly uncalibrated: boolean;
  readonly baseline: number;
  readonly unit: string;
  readonly description: string;
}

export interface WfdbHeader {
  readonly record: string;
  readonly rateHz: number;
  /** Samples per signal; undefined when the header does not say. */
  readonly sampleCount: number | undefined;
  readonly signals: readonly WfdbSignal[];
  /** Lines that begin with '#', without it. */
  readonly comments: readonly string[];
}

export interface WfdbFault {
  readonly tag: 'BadHeader' | 'BadSignal' | 'BadAnnotation' | 'Unsupported' | 'Missing';
  /** What is wrong, where, and what to do. */
  readonly sentence: string;
}

const fault = (tag: WfdbFault['tag'], sentence: string): E.Either<WfdbFault, never> => E.left({ tag, sentence });

/** Gain of a header that gives none (PhysioNet header(5): 200 per unit, and the signal is uncalibrated). */
const GAIN_USUAL = 200;

const SIGNAL_LINE =
  /^(?<file>\S+)\s+(?<format>\d+)(?:x(?<perFrame>\d+))?(?::(?<skew>\d+))?(?:\+(?<offset>\d+))?(?=\s|$)(?:\s+(?<gain>[-+.\deE]+)(?:\((?<baseline>-?\d+)\))?(?:\/(?<unit>\S+))?(?:\s+(?<resolution>\d+)(?:\s+(?<zero>-?\d+)(?:\s+\S+){0,3}?)?)?)?(?<rest>.*)$/;

const parseSignal = (line: string, number: number): E.Either<WfdbFault, WfdbSignal> => {
  const parts = SIGNAL_LINE.exec(line)?.groups;
  if (!parts)
    return fault('BadHeader', `line ${number}: "${line}" is not a signal line (file format[:skew][+offset] gain ...)`);
  const format = Number(parts['format']);
  if (format !== 16 && format !== 212)
    return fault('Unsupported', `line ${number}: format ${format} is not read; convert the record to 16 or 212`);
  if (parts['perFrame'] !== undefined && parts['perFrame'] !== '1')
    return fault('Unsupported', `line ${number}: ${parts['perFrame']} samples per frame; resample to one rate`);
  const gain = Number(parts['gain'] ?? 0);
  const uncalibrated = gain === 0 || Number.isNaN(gain);
  const fields = line.trim().split(/\s+/);
  // file format gain resolution zero first checksum block description…
  const zero = fields[4] === undefined ? 0 : Number(fields[4]);
  return E.right({
    file: parts['file'] ?? '',
    format,
    byteOffset: Number(parts['offset'] ?? 0),
    skew: Number(parts['skew'] ?? 0),
    gain: uncalibrated ? GAIN_USUAL : gain,
    uncalibrated,
    baseline: parts['baseline'] === undefined ? (Number.isFinite(zero) ? zero : 0) : Number(parts['baseline']),
    unit: parts['unit'] ?? 'mV',
    description: fields.slice(8).join(' ') || `signal ${number - 1}`,
  });
};

/** What is to be said of a record that has signals without a gain; undefined: it has none. */
export const uncalibratedSentence = ({ signals }: WfdbHeader): string | undefined => {
  const named = signals.flatMap(({ uncalibrated, description, unit }, i) =>
    uncalibrated ? [`${i + 1} (${description}, ${unit})`] : [],
  );
  if (named.length === 0) return undefined;
  return `uncalibrated: its header gives no gain for signal ${named.join(', ')}; ${GAIN_USUAL} per unit is taken, as WFDB does, and no height in it is known`;
};

const layoutOf = ({ format, byteOffset }: WfdbSignal): string => `${format}+${byteOffset}`;

/** Reads a `.hea` file. Left: what is wrong on which line. Multi-segment records are refused by name. */
export const parseHeader = (text: string): E.Either<WfdbFault, WfdbHeader> => {
  const lines = text.split(/\r?\n/);
  const comments = lines.filter((line) => line.startsWith('#')).map((line) => line.slice(1).trim());
  const content = lines.filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const first = content[0]?.trim().split(/\s+/) ?? [];
  const [record, signalCountText, rateText, sampleCountText] = first;
  if (record === undefined || signalCountText === undefined)
    return fault('BadHeader', 'line 1: a header begins with "record signals rate samples"');
  if (record.includes('/')) return fault('Unsupported', `record ${record} has several segments; join them first`);
  const signalCount = Number(signalCountText);
  const rateHz = rateText === undefined ? 250 : Number.parseFloat(rateText);
  if (!Number.isInteger(signalCount) || signalCount < 1)
    return fault('BadHeader', `line 1: "${signalCountText}" is not a number of signals`);
  if (!(rateHz > 0)) return fault('BadHeader', `line 1: "${rateText}" is not a sampling rate`);
  const rate = E.tryCatch(() => rationalRate(rateHz), E.toError);
  if (E.isLeft(rate)) return fault('Unsupported', `line 1: ${rate.left.message}; resample the record`);
  if (content.length < signalCount + 1)
    return fault('BadHeader', `${signalCount} signals are announced, ${content.length - 1} are described`);
  const signals: WfdbSignal[] = [];
  for (let i = 1; i <= signalCount; i++) {
    const read = parseSignal(content[i]!, i + 1);
    if (E.isLeft(read)) return read;
    const signal = read.right;
    const beside = signals.find(({ file }) => file === signal.file);
    if (beside !== undefined && (beside.format !== signal.format || beside.byteOffset !== signal.byteOffset))
      return fault(
        'BadHeader',
        `line ${i + 1}: signals of one file have one format and one byte offset; ${layoutOf(beside)} and ${layoutOf(signal)} are given for ${signal.file}`,
      );
    signals.push(signal);
  }
  const sampleCount = Number(sampleCountText);
  return E.right({
    record,
    rateHz,
    sampleCount: Number.isInteger(sampleCount) && sampleCount > 0 ? sampleCount : undefined,
    signals,
    comments,
  });
};
