import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditTopics, type Topic } from '../../schemas/topics.ts';
import { openLogFile } from '../../services/adapters/embedded/log-thread-file.ts';
import { extentOf, putRecords } from '../../services/adapters/embedded/log-thread-lanes.ts';
import { packNew } from '../../services/adapters/embedded/log-thread-messages.ts';
import { tidyStep } from '../../services/adapters/embedded/log-thread-retention.ts';
import { settingsWanted } from '../../services/adapters/kafka/topic-differences.ts';
import { record } from '../contracts/event-log-story.ts';
import { temporaryFolder } from '../recordings/made-record.ts';

const DAY_MS = 86_400_000;
const T0 = 1_780_000_000e6;

describe('how long the audit is kept', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder[Symbol.asyncDispose]());

  /** What is kept of a topic with one record a day for ten days, on the tenth. */
  const kept = (topic: Topic, auditKeptMs?: number): number => {
    const file = openLogFile(join(folder.path, `${auditKeptMs}-${topic}.db`), 1);
    for (let day = 0; day < 10; day++)
      file.write(false, () =>
        putRecords(file, packNew([record('icu-1', 'x', topic)]), T0 + day * DAY_MS * 1e3, new Map()),
      );
    while (file.write(false, () => tidyStep(file, T0 + 9 * DAY_MS * 1e3, 1, auditKeptMs)).more);
    const [extent] = extentOf(file, topic);
    file.close();
    return extent!.next - extent!.first;
  };

  it.each(auditTopics)(
    'is a time of its own, on a full file too, and for ever where a handle was told none: %s',
    (topic) => {
      expect(kept(topic, 5 * DAY_MS)).toBe(6);
      expect(kept(topic, 3_650 * DAY_MS)).toBe(10);
      expect(kept(topic)).toBe(10);
      expect(kept('vigil.telemetry', 3_650 * DAY_MS)).toBe(0);
    },
  );

  it('is six years in Kafka where nothing else is set, and a topic for ever has no end', () => {
    for (const topic of auditTopics) {
      expect(Number(settingsWanted(topic, 1)['retention.ms']) / DAY_MS).toBeGreaterThanOrEqual(6 * 365.25);
      expect(settingsWanted(topic, 1, 3_650 * DAY_MS)['retention.ms']).toBe(String(3_650 * DAY_MS));
      expect(settingsWanted(topic, 1, Number.POSITIVE_INFINITY)['retention.ms']).toBe('-1');
    }
    expect(settingsWanted('vigil.alarms', 1, 3_650 * DAY_MS)['retention.ms']).toBe(String(365 * DAY_MS));
  });
});
