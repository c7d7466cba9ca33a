import { signalOf, usualGain } from '../../../schemas/codes.ts';
import { NO_SAMPLE } from '../../../schemas/no-sample.ts';
import { unitOfBed } from '../../../schemas/series.ts';
import { moment, seconds } from '../../../schemas/units.ts';
import { packSamples, unpackSamples } from '../../ports/packed-samples.ts';
import type { Range, WaveBlock } from '../../ports/series-store.ts';
import { fieldsOf, quoted, seriesKey, timestamp } from './influx-lines.ts';
import type { Rows } from './influx-query.ts';

/** Digits of a drawn sample: more than a screen shows, fewer than a float's tail of noise. */
const DIGITS = 7;
/** A string of InfluxDB ends at 64 KiB, so the samples of a very long block lie in several fields. */
const TEXT_MAX = 60_000;
const PARTS = ['samples', 'samples_2', 'samples_3'] as const;
/** A block begins at most so much before a range that it reaches into: frames are seconds long. */
const BLOCK_SPAN_MAX = seconds(600);

const tagsOf = ({ bed, code, device }: WaveBlock) => ({
  ...{ unit: unitOfBed(bed), bed, code: String(code), device: String(device) },
});

/** The block as it came, and each of its samples for drawing, in Vigil's unit of the signal. Hot: thousands of lines a strip. */
export const waveLines = (block: WaveBlock): string[] => {
  const { start, rateNumerator, rateDenominator, gain, offset, samples, source, unit } = block;
  const tags = tagsOf(block);
  const packed = Buffer.from(packSamples(samples)).toString('base64');
  const fields = fieldsOf('block', {
    ...{ source, ucum: unit, rate_numerator: rateNumerator, rate_denominator: rateDenominator, gain, offset },
    count: samples.length,
    ...Object.fromEntries(PARTS.map((part, i) => [part, packed.slice(i * TEXT_MAX, (i + 1) * TEXT_MAX)])),
  });
  const lines = [`${seriesKey('block', tags)} ${fields} ${timestamp(start)}`];
  const label = signalOf(block.code)?.label ?? `MDC ${block.code}`;
  const key = `${seriesKey('strip', { ...tags, label })} value=`;
  const drawnGain = usualGain(block);
  const stepNs = (rateDenominator * 1e9) / rateNumerator;
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i]!;
    if (sample === NO_SAMPLE) continue;
    const ns = Math.round(i * stepNs);
    const us = Math.floor(ns / 1e3);
    lines.push(
      `${key}${Number(((sample - offset) * drawnGain).toPrecision(DIGITS))} ${timestamp(start + us, ns - us * 1e3)}`,
    );
  }
  return lines;
};

const COLUMNS = [
  ...['source', 'ucum', 'rate_numerator', 'rate_denominator', 'gain', 'offset', 'count'],
  ...PARTS,
] as const;

/** Asks for the blocks of a bed that reach into a span; `bedIs` is the condition for the bed. */
export const wavesQuery = (bedIs: string, { from, to }: Range): string =>
  `SELECT ${COLUMNS.map((column) => quoted(column)).join(', ')} FROM "alarms"."block" WHERE ${bedIs} AND time > ${
    from - BLOCK_SPAN_MAX
  }u AND time < ${to}u GROUP BY "code", "device"`;

const endOf = ({ start, samples, rateDenominator, rateNumerator }: WaveBlock): number =>
  start + (samples.length * rateDenominator * 1e6) / rateNumerator;

/** The blocks of such an answer that have a sample of the range, by code, device and start. */
export const wavesFrom = (rows: readonly Rows[], { bed, from, to }: Range): WaveBlock[] =>
  rows
    .flatMap(({ tags, columns, values }) =>
      values.map((row): WaveBlock => {
        const cell = (column: string) => row[columns.indexOf(column)];
        const packed = PARTS.map((part) => cell(part) ?? '').join('');
        return {
          ...{ bed, code: Number(tags['code']), device: Number(tags['device']), source: String(cell('source')) },
          ...{ unit: String(cell('ucum')), start: moment(Number(row[0])) },
          ...{ rateNumerator: Number(cell('rate_numerator')), rateDenominator: Number(cell('rate_denominator')) },
          ...{ gain: Number(cell('gain')), offset: Number(cell('offset')) },
          samples: unpackSamples(Buffer.from(packed, 'base64'), Number(cell('count'))),
        };
      }),
    )
    .filter((block) => endOf(block) > from && block.start < to)
    .sort((a, b) => a.code - b.code || a.device - b.device || a.start - b.start);
