import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readModelFile } from '../../services/adapters/onnx/model-file.ts';
import { DETERIORATION_MODEL, openDeteriorationModel } from '../../services/stays/deterioration-model.ts';
import { playStays } from '../../services/stays/play-stays.ts';
import { readStays, type Stay } from '../../services/stays/read-stays.ts';
import { deteriorationInput } from '../../stream-models/deterioration/deterioration-input.ts';
import { DETERIORATION_CLASSES, HORIZON_HOURS } from '../../stream-models/deterioration/network.ts';
import { runFold } from '../../stream-models/fold.ts';
import { networkInFile } from '../network/network-in-file.ts';
import { referenceForward } from '../network/reference-forward.ts';
import { put, temporaryFolder } from '../recordings/made-record.ts';
import { csvOf, madeRows } from './made-stays.ts';

const MEGABYTE = 1_000_000;

const made: Stay[] = [];
beforeAll(async () => {
  await using folder = await temporaryFolder();
  await put(folder.path, { 'made.csv': csvOf(madeRows(12, 11)) });
  for await (const stay of readStays(join(folder.path, 'made.csv'))) made.push(stay);
});

describe('the shipped network of deterioration', () => {
  it('is the file that its card and its figures speak of, and is small', async () => {
    const bytes = await readFile(DETERIORATION_MODEL);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(bytes.length).toBeLessThan(2 * MEGABYTE);
    for (const name of ['MODEL_CARD.md', 'figures.json'])
      expect(await readFile(join(DETERIORATION_MODEL, '..', name), 'utf8')).toContain(sha256);
    const { classNames, metadata } = await readModelFile(DETERIORATION_MODEL);
    expect(classNames).toEqual(DETERIORATION_CLASSES);
    expect(metadata.get('horizonHours')).toBe(String(HORIZON_HOURS));
  });

  it('says step by step what it says to the whole stay in plain arithmetic, within 1e-5', async () => {
    const { network, weights } = await networkInFile(DETERIORATION_MODEL);
    const model = await openDeteriorationModel();
    const risks = await playStays(
      model.ask,
      model.hidden,
      made.map(({ rows }) => rows),
      'all',
    );
    let furthest = 0;
    for (const [i, { rows }] of made.entries()) {
      const inputs = runFold(deteriorationInput, rows)[1].map(({ x }) => x);
      for (const [hour, y] of referenceForward(network, weights, inputs).entries())
        furthest = Math.max(furthest, Math.abs(y[1]! - risks[i]![hour]!));
    }
    expect(furthest).toBeLessThan(1e-5);
    await model.close();
  });

  it('says the same of a stay whether it is played alone or among others', async () => {
    const model = await openDeteriorationModel();
    const together = await playStays(
      model.ask,
      model.hidden,
      made.map(({ rows }) => rows),
    );
    for (const [i, { rows }] of made.entries())
      expect((await playStays(model.ask, model.hidden, [rows]))[0]).toEqual(together[i]);
    await model.close();
  });

  it('sees the ill ones in stays that nobody ever had', async () => {
    const model = await openDeteriorationModel();
    const risks = await playStays(
      model.ask,
      model.hidden,
      made.map(({ rows }) => rows),
    );
    const mean = (wanted: number) => {
      const found = made.flatMap(({ labels }, i) =>
        [...risks[i]!].filter((risk, hour) => labels![hour] === wanted && risk > 0),
      );
      return found.reduce((a, b) => a + b, 0) / found.length;
    };
    expect(mean(1)).toBeGreaterThan(1.5 * mean(0));
    await model.close();
  });
});
