import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { readAnnotations, type WfdbAnnotation, writeAnnotations } from '../../services/recordings/wfdb/annotations.ts';
import { parseHeader, uncalibratedSentence } from '../../services/recordings/wfdb/header.ts';
import { readRecord, readRecordAnnotations, recordNames } from '../../services/recordings/wfdb/record.ts';
import { NO_SAMPLE, readFormat16, readFormat212 } from '../../services/recordings/wfdb/signals.ts';
import { referenceBeats } from '../../stream-models/evaluation/ec57.ts';
import { format16, format212, put, temporaryFolder } from './made-record.ts';

const signalsOf = (low: number, high: number) =>
  fc
    .record({ signals: fc.integer({ min: 1, max: 4 }), samples: fc.integer({ min: 1, max: 40 }) })
    .chain(({ signals, samples }) =>
      fc.array(
        fc
          .array(fc.oneof(fc.integer({ min: low, max: high }), fc.constant(NO_SAMPLE)), {
            minLength: samples,
            maxLength: samples,
          })
          .map((values) => Int16Array.from(values)),
        { minLength: signals, maxLength: signals },
      ),
    );

describe('signal files', () => {
  it('in format 16 come back as they were written, behind any offset', () => {
    fc.assert(
      fc.property(signalsOf(-32767, 32767), fc.integer({ min: 0, max: 64 }), (signals, offset) => {
        expect(readFormat16(format16(signals, offset), signals.length, offset)).toEqual(signals);
      }),
    );
  });

  it('in format 212 come back as they were written, holes included', () => {
    fc.assert(
      fc.property(signalsOf(-2047, 2047), (signals) => {
        const whole = signals[0]!.length;
        const read = readFormat212(format212(signals), signals.length, 0);
        // An odd number of samples is padded to whole bytes, which may look like one more.
        expect(read.map((signal) => signal.subarray(0, whole))).toEqual(signals);
      }),
    );
  });
});

describe('annotation files', () => {
  const annotations = fc
    .array(
      fc.record({
        step: fc.oneof(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 5_000_000 })),
        symbol: fc.constantFrom('N', 'S', 'V', 'F', 'Q', '+', '~', 'r'),
        aux: fc.oneof(fc.constant(''), fc.constantFrom('(N', '(VT', '(VFL', '(AFIB', 'odd')),
      }),
      { maxLength: 60 },
    )
    .map((steps) => {
      let sample = 0;
      return steps.map(({ step, symbol, aux }): WfdbAnnotation => {
        sample += step;
        return { sample, symbol, aux };
      });
    });

  it('come back as they were written', () => {
    fc.assert(
      fc.property(annotations, (written) => {
        expect(readAnnotations(writeAnnotations(written))).toEqual(E.right(written));
      }),
    );
  });

  it('have the bytes of the MIT format', () => {
    const bytes = writeAnnotations([
      { sample: 0, symbol: '+', aux: '(N' },
      { sample: 18, symbol: 'N', aux: '' },
      { sample: 1018 + 1024, symbol: 'V', aux: '' },
    ]);
    // code << 10 | step, little-endian; AUX is 63, SKIP 59 with the high word of the step first.
    expect([...bytes]).toEqual([
      ...[0x00, 0x70, 0x02, 0xfc, 0x28, 0x4e],
      ...[0x12, 0x04],
      ...[0x00, 0xec, 0x00, 0x00, 0xe8, 0x07, 0x00, 0x14],
      ...[0x00, 0x00],
    ]);
  });

  it('with a code that has no mnemonic hold no beat there', () => {
    // Code 45, then N: WFDB keeps 42 to 49 free for whoever needs one.
    const read = readAnnotations(Uint8Array.from([0x05, 45 << 2, 0x05, 1 << 2, 0, 0]));
    expect(read).toEqual(
      E.right([
        { sample: 5, symbol: '[45]', aux: '' },
        { sample: 10, symbol: 'N', aux: '' },
      ]),
    );
    expect(referenceBeats(E.getOrElse(() => [] as readonly WfdbAnnotation[])(read), 1)).toHaveLength(1);
  });

  it('that go back in time are read in the order of time', () => {
    const read = readAnnotations(
      // N at 100, SKIP −60 (high word first), V at 40.
      Uint8Array.from([100, 1 << 2, 0, 59 << 2, 0xff, 0xff, 0xc4, 0xff, 0, 5 << 2, 0, 0]),
    );
    expect(E.isRight(read) && read.right.map(({ sample, symbol }) => [sample, symbol])).toEqual([
      [40, 'V'],
      [100, 'N'],
    ]);
  });

  it('end the text of a rhythm at its first zero', () => {
    const read = readAnnotations(Uint8Array.from([0, 28 << 2, 6, 63 << 2, ...[0x28, 0x56, 0x54, 0, 0x78, 0x79], 0, 0]));
    expect(E.isRight(read) && read.right).toEqual([{ sample: 0, symbol: '+', aux: '(VT' }]);
  });

  it('that count time in ticks of their own lie at the same seconds of the recording', async () => {
    await using folder = await temporaryFolder();
    const ticks = [
      { sample: 0, symbol: '"', aux: '## time resolution: 1000' },
      { sample: 2500, symbol: 'V', aux: '' },
    ];
    await put(folder.path, {
      'a.hea': 'a 1 360 3600\na.dat 16 200 12 0 0 0 0 II\n',
      'a.atr': writeAnnotations(ticks),
      'b.hea': 'b 1 360 3600\nb.dat 16 200 12 0 0 0 0 II\n',
      'b.atr': writeAnnotations(ticks.map((each) => ({ ...each, aux: each.aux && '## time resolution: 360' }))),
    });
    const beatAt = async (name: string): Promise<number | undefined> => {
      const read = await readRecordAnnotations(folder.path, name, 'atr');
      return E.isRight(read) ? read.right[1]?.sample : undefined;
    };
    expect([await beatAt('a'), await beatAt('b')]).toEqual([900, 2500]);
  });

  it('that are cut off are refused with the place', () => {
    const whole = writeAnnotations([{ sample: 5, symbol: 'N', aux: '' }]);
    expect(readAnnotations(whole.subarray(0, 2))).toEqual(
      E.left({ tag: 'BadAnnotation', sentence: 'the annotation file ends at byte 2 without its end mark' }),
    );
  });

  it('never throw, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['Left', 'Right']).toContain(readAnnotations(bytes)._tag);
      }),
    );
  });
});

describe('headers', () => {
  const header = (...lines: readonly string[]) => parseHeader(lines.join('\n'));
  const right = (read: ReturnType<typeof parseHeader>) => {
    if (E.isLeft(read)) throw new Error(read.left.sentence);
    return read.right;
  };

  it('of MIT-BIH give rate, gain and the zero of the converter as baseline', () => {
    const { rateHz, sampleCount, signals, comments } = right(
      header(
        '101 2 360 650000',
        '101.dat 212 200 11 1024 955 29832 0 MLII',
        '101.dat 212 200 11 1024 992 19589 0 V1',
        '# 75 F',
      ),
    );
    expect({ rateHz, sampleCount, comments }).toEqual({ rateHz: 360, sampleCount: 650_000, comments: ['75 F'] });
    expect(signals[0]).toMatchObject({ format: 212, gain: 200, baseline: 1024, unit: 'mV', description: 'MLII' });
  });

  it('of CinC give baselines, units and byte offsets', () => {
    const { signals } = right(
      header(
        'a103l 2 250 30000',
        'a103l.dat 16 452.938(7)/mV 12 0 -53 0 0 II',
        'a103l.mat 16+24 783.125(-3)/NU 16 0 5 0 0 PLETH',
      ),
    );
    expect(signals).toMatchObject([
      { format: 16, byteOffset: 0, gain: 452.938, baseline: 7, unit: 'mV', description: 'II' },
      { format: 16, byteOffset: 24, gain: 783.125, baseline: -3, unit: 'NU', description: 'PLETH' },
    ]);
  });

  it('without a gain mean 200 per mV, and say that they are uncalibrated', () => {
    const bare = right(
      header('bw 3 360', 'bw.dat 212 0 12 0 -29 0 0 noise1', 'bw.dat 212', 'bw.dat 212 400 12 0 0 0 0 V'),
    );
    expect(bare.signals.map(({ gain, uncalibrated }) => [gain, uncalibrated])).toEqual([
      [200, true],
      [200, true],
      [400, false],
    ]);
    expect(uncalibratedSentence(bare)).toBe(
      'uncalibrated: its header gives no gain for signal 1 (noise1, mV), 2 (signal 2, mV); 200 per unit is taken, as WFDB does, and no height in it is known',
    );
    expect(uncalibratedSentence(right(header('a 1 360', 'a.dat 212 200 11 1024 0 0 0 II')))).toBeUndefined();
  });

  it.each([
    ['', 'line 1'],
    ['100', 'line 1'],
    ['100 two 360', '"two" is not a number of signals'],
    ['100 1 0', '"0" is not a sampling rate'],
    ['100/3 2 360', 'several segments'],
    ['100 2 360 10\n100.dat 16', '2 signals are announced, 1 are described'],
    ['100 1 360 10\n100.dat 80', 'format 80 is not read'],
    ['100 1 333.3333 10\n100.dat 16', '333.3333 Hz is no whole number of thousandths; resample the record'],
    ['100 1 360 10\n100.dat 16x4', '4 samples per frame'],
    ['100 1 360 10\n100.dat', 'not a signal line'],
    ['100 1 360 10\n100.dat 16:-2 200(0)/mV', 'not a signal line'],
    [
      '100 2 360 10\n100.dat 16+24 200\n100.dat 16 200',
      'line 3: signals of one file have one format and one byte offset; 16+24 and 16+0 are given for 100.dat',
    ],
    ['100 2 360 10\n100.dat 212 200\n100.dat 16 200', 'one format and one byte offset'],
  ])('%j are refused with the place and the reason', (text, sentence) => {
    const read = parseHeader(text);
    expect(E.isLeft(read) && read.left.sentence).toContain(sentence);
  });
});

describe('records', () => {
  const samples = Int16Array.from({ length: 50 }, (_, i) => i - 20);

  it('are found by their headers and read whole, several files and formats at once', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, {
      'b.hea': 'b 2 100 50\nb.dat 212 200 12 0 0 0 0 II\nb.mat 16+24 100(2)/mmHg 16 0 0 0 0 ABP\n',
      'b.dat': format212([samples]),
      'b.mat': format16([samples], 24),
      'a.hea': 'a 1 100 50\nmissing.dat 16 200 12 0 0 0 0 II\n',
      'notes.txt': 'no record',
    });
    expect(await recordNames(folder.path)).toEqual(['a', 'b']);
    const record = await readRecord(folder.path, 'b');
    expect(E.isRight(record) && record.right.signals).toEqual([samples, samples]);
    const missing = await readRecord(folder.path, 'a');
    expect(E.isLeft(missing) && missing.left).toMatchObject({ tag: 'Missing' });
  });

  it('lay skewed signals on each other: so many samples of the file are before sample 0, and the end has none', async () => {
    await using folder = await temporaryFolder();
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          skews: fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 60 })),
          byteOffset: fc.constantFrom(0, 24, 25),
          announced: fc.constantFrom(30, 50),
        }),
        async ({ skews, byteOffset, announced }) => {
          const stored = [samples, samples.map((one) => one + 100)];
          const lines = skews.map((skew) => `s.dat 16:${skew}+${byteOffset} 400(3)/mV 16 0 0 0 0 II`);
          await put(folder.path, {
            's.hea': [`s 2 100 ${announced}`, ...lines, ''].join('\n'),
            's.dat': format16(stored, byteOffset),
          });
          const record = await readRecord(folder.path, 's');
          if (E.isLeft(record)) throw new Error(record.left.sentence);
          expect(record.right.header.signals[0]).toMatchObject({ gain: 400, baseline: 3 });
          const aligned = skews.map((skew, s) =>
            Int16Array.from({ length: announced }, (_, n) => stored[s]![n + skew] ?? NO_SAMPLE),
          );
          expect(record.right.signals).toEqual(aligned);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('keep the order of their header where signals of several files stand mixed', async () => {
    await using folder = await temporaryFolder();
    const other = samples.map((one) => one * 2);
    await put(folder.path, {
      'm.hea': 'm 3 100 50\nx.dat 16 200 12 0 0 0 0 I\ny.dat 16 200 12 0 0 0 0 II\nx.dat 16 200 12 0 0 0 0 III\n',
      'x.dat': format16([samples, samples.map((one) => one + 7)]),
      'y.dat': format16([other]),
    });
    const record = await readRecord(folder.path, 'm');
    expect(E.isRight(record) && record.right.signals).toEqual([samples, other, samples.map((one) => one + 7)]);
  });

  it('that are shorter than their header says are refused with both numbers', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, { 'c.hea': 'c 1 100 80\nc.dat 16 200 12 0 0 0 0 II\n', 'c.dat': format16([samples]) });
    const read = await readRecord(folder.path, 'c');
    expect(E.isLeft(read) && read.left.sentence).toMatch(/announces 80 samples, the file holds 50/);
  });
});
