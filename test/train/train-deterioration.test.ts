import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHANGES_USUAL, changedStay } from '../../services/train/deterioration/augment-stay.ts';
import { epochWindows, lessonsOf, ROWS, STEPS } from '../../services/train/deterioration/stay-batches.ts';
import { trainDeterioration } from '../../services/train/deterioration/train-deterioration.ts';
import { DETERIORATION_FEATURES, deteriorationInput } from '../../stream-models/deterioration/deterioration-input.ts';
import { PARAMETERS } from '../../stream-models/deterioration/parameters.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import { runFold } from '../../stream-models/fold.ts';
import { csvOf, madeRows, madeStays } from '../deterioration/made-stays.ts';
import { put, temporaryFolder } from '../recordings/made-record.ts';

const UNCHANGED = { ...CHANGES_USUAL, changed: 0 };

describe('what a row teaches', () => {
  it('is whether an alarm is worth more than silence, weighed by how much', () => {
    // Sepsis at hour 20: labels from hour 14 on.
    const lessons = lessonsOf(
      Uint8Array.from({ length: 26 }, (_, hour) => (hour >= 14 ? 1 : 0)),
      0,
    );
    expect(lessons[2]).toEqual({ isRight: false, weight: 0.05 });
    expect(lessons[11]).toEqual({ isRight: true, weight: 0.5 });
    expect(lessons[14]).toEqual({ isRight: true, weight: 1 });
    expect(lessons[23]!.weight).toBeCloseTo(2, 12);
    expect(lessonsOf(new Uint8Array(3), 0)).toEqual(new Array(3).fill({ isRight: false, weight: 0.05 }));
  });
});

describe('an epoch', () => {
  it('shows every hour of a stay once, in order, by the same input as in service', async () => {
    const stays = await madeStays(30, 1);
    const teaching = { changes: UNCHANGED, labelShare: 0, wellShare: 1 };
    const shown = new Map<number, number[]>();
    for (const { batch, isFresh } of epochWindows(stays, teaching, diceFrom(1))) {
      for (let lane = 0; lane < ROWS; lane++) {
        if (isFresh[lane] === 1) shown.set(lane, []);
        for (let step = 0; step < STEPS; step++) {
          const at = step * ROWS + lane;
          if (batch.weight[at]! > 0)
            shown.get(lane)!.push(...batch.x.subarray(at * DETERIORATION_FEATURES, (at + 1) * DETERIORATION_FEATURES));
        }
      }
    }
    const served = stays.map(({ rows }) => runFold(deteriorationInput, rows)[1].flatMap(({ x }) => [...x]));
    const all = new Set([...shown.values()].map((numbers) => numbers.join()));
    // The longest stays may outlast the epoch; every other one was shown whole.
    expect(served.filter((numbers) => all.has(numbers.join())).length).toBeGreaterThanOrEqual(15);
  });

  it('leaves measurements out of a changed stay, and invents none', async () => {
    const [stay] = await madeStays(1, 2);
    const dice = diceFrom(3);
    let [before, after] = [0, 0];
    for (let i = 0; i < 40; i++) {
      const changed = changedStay(stay!.rows, CHANGES_USUAL, dice);
      expect(changed.map(({ hour }) => hour)).toEqual(stay!.rows.map(({ hour }) => hour));
      for (const [hour, { values }] of changed.entries())
        for (let k = 0; k < PARAMETERS.length; k++) {
          const was = !Number.isNaN(stay!.rows[hour]!.values[k]);
          const is = !Number.isNaN(values[k]);
          if (!was) expect(is).toBe(false);
          before += Number(was);
          after += Number(is);
        }
    }
    expect(after / before).toBeGreaterThan(0.6);
    expect(after / before).toBeLessThan(0.95);
  });
});

describe('training deterioration', () => {
  const options = { seed: 3, epochs: 3, folds: 2, members: 2 };

  it('gives the same model again, also when it was interrupted and taken up, and learns what was made', async () => {
    await using data = await temporaryFolder();
    await using straight = await temporaryFolder();
    await using broken = await temporaryFolder();
    await put(data.path, { 'made.csv': csvOf(madeRows(120, 5)) });
    const notes: string[] = [];
    const once = await trainDeterioration({
      ...options,
      data: join(data.path, 'made.csv'),
      out: straight.path,
      onProgress: (done, total, note) => notes.push(`${done}/${total} ${note}`),
    });
    expect(notes.at(-1)).toBe('24/24 done');
    expect(notes[0]).toMatch(/^1\/24 fold 1 of 2 member 1: loss/);
    expect(once.crossValidated.auroc.value).toBeGreaterThan(0.7);
    // Two folds and the fit that ships, of two networks each.
    expect((await readFile(join(straight.path, 'loss.svg'), 'utf8')).match(/<polyline/g)).toHaveLength(6);

    const interruption = new AbortController();
    const half = trainDeterioration({
      ...options,
      data: data.path,
      out: broken.path,
      signal: interruption.signal,
      onProgress: (done) => {
        if (done === 9) interruption.abort(new Error('interrupted'));
      },
    });
    await expect(half).rejects.toThrow('interrupted');
    const resumed = await trainDeterioration({ ...options, data: data.path, out: broken.path, resume: true });
    expect(resumed.sha256).toBe(once.sha256);
    expect(await readFile(join(broken.path, 'figures.json'))).toEqual(
      await readFile(join(straight.path, 'figures.json')),
    );
  });

  it('says what is wrong with data that it cannot use', async () => {
    await using data = await temporaryFolder();
    const trained = () => trainDeterioration({ ...options, data: data.path, out: data.path });
    await expect(trained()).rejects.toThrow('holds no .csv file');
    const well = madeRows(4, 1).map((row) => ({ ...row, SepsisLabel: '0' }));
    await put(data.path, { 'made.csv': csvOf(well) });
    await expect(trained()).rejects.toThrow('holds no stay with sepsis');
    await put(data.path, { 'made.csv': csvOf([{ ...well[0]!, HR: 'fast' }, ...well.slice(1)]) });
    await expect(trained()).rejects.toThrow('made.csv, line 2: HR is "fast", which is no number');
  });
});
