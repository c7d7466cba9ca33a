import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeMeters } from '../../services/metrics/meters.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/metrics.md', import.meta.url)), 'utf8');

interface Row {
  readonly name: string;
  readonly labels: string;
  readonly cells: readonly string[];
}

/** Rows of the table whose first cell is a metric. */
const rows: readonly Row[] = page.split('\n').flatMap((line) => {
  const [, first, ...cells] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
  const named = /^`(vigil_\w+)(?:\{([\w,]+)\})?`$/.exec(first ?? '');
  return named === null ? [] : [{ name: named[1]!, labels: named[2] ?? '', cells: cells.slice(0, -1) }];
});

/** What /metrics says that there is, with a sample of each so that its labels show. */
const told = async (): Promise<ReadonlyMap<string, string>> => {
  const meters = makeMeters();
  for (const meter of Object.values(meters) as unknown as Record<string, ((...all: unknown[]) => void) | undefined>[]) {
    meter['add']?.(1, 'word');
    meter['seen']?.(1, 'word');
    meter['set']?.(1, 'word', 'word');
  }
  const text = await meters.text();
  const names = [...text.matchAll(/^# TYPE (vigil_\w+) /gm)].map((match) => match[1]!);
  return new Map(
    names.map((name) => {
      const sample = new RegExp(`^${name}(?:_bucket|_count)?\\{([^}]*)\\}`, 'm').exec(text)?.[1] ?? '';
      const labels = [...sample.matchAll(/(\w+)=/g)].map((match) => match[1]!).filter((label) => label !== 'le');
      return [name, labels.join(',')];
    }),
  );
};

describe('the page about metrics', () => {
  it('has every metric that /metrics has, with its labels, and no other', async () => {
    const described = new Map(rows.map(({ name, labels }) => [name, labels]));
    expect([...described].toSorted()).toEqual([...(await told())].toSorted());
    expect(rows).toHaveLength(described.size);
  });

  it('says of each what it means, its unit, when to ring, for how long, and what to do', () => {
    for (const { name, cells } of rows) {
      expect(cells, name).toHaveLength(5);
      for (const cell of cells) expect(cell, name).not.toBe('');
    }
  });
});

describe('figures of several threads', () => {
  it('are told as one: counts add up, and a part is as bad as the worse of them knows', async () => {
    const [front, engine] = [makeMeters(), makeMeters('thread')];
    front.rejected.add(2, 'unreadable');
    engine.rejected.add(3, 'unreadable');
    engine.batches.add(7, 'analysis');
    front.partState.set(1, 'recorder-0', 'series store');
    engine.partState.set(3, 'recorder-0', 'series store');
    front.bedsAdmitted.set(8);
    const text = await front.text([await engine.ofThread()]);
    expect(text).toContain('vigil_rejected_total{code="unreadable"} 5');
    expect(text).toContain('vigil_stage_batches_total{stage="analysis"} 7');
    expect(text).toContain('vigil_part_state{process="recorder-0",part="series store"} 3');
    expect(text).toContain('vigil_beds_admitted 8');
    expect(text.match(/^process_resident_memory_bytes /gm)).toHaveLength(1);
    expect(text.match(/^# TYPE nodejs_eventloop_lag_p99_seconds /gm)).toHaveLength(1);
  });
});
