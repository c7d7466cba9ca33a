import { describe, expect, it } from 'vitest';
import { auditTopics } from '../../schemas/topics.ts';
import { moment } from '../../schemas/units.ts';
import { type AuditOptions, makeAudit } from '../../services/audit/audit.ts';
import { makeVerifier } from '../../services/audit/verify.ts';
import { whoSaw } from '../../services/audit/who-saw.ts';
import { makeJournal } from '../../services/logging/journal.ts';
import { readToNow } from '../../services/runtime/read-to-now.ts';
import { begun } from '../audit/story.ts';
import type { LogUnderTest } from './event-log-story.ts';
import { opensLogs } from './opened-logs.ts';

const now = () => moment(Date.now() * 1e3);

/** The audit, kept on a log by several processes at once and read back from it. */
export const auditContract = (name: string, underTest: LogUnderTest): void => {
  const open = opensLogs(underTest);

  describe(`${name} keeps the audit`, () => {
    it('of several writers as it was written, each knowing of the others, and finds who saw a patient', async () => {
      const log = await open();
      const writer = (process: string) =>
        makeAudit({
          ...{ log, now, journal: makeJournal({ level: 'silent' }), ticks: false },
          begun: begun(process).value as AuditOptions['begun'],
        });
      const [front, other] = [writer('front'), writer('other front')];
      front.tell({ case: 'lies', value: { bed: 'icu-1', patient: 'P-1' } }, 'icu-1');
      for (const [i, audit] of [front, other].entries())
        for (let n = 0; n < 50; n++) {
          const value = { session: i + 1, bed: `icu-${n % 5}`, patient: n % 5 === 1 ? 'P-1' : '', name: `nurse ${i}` };
          audit.tell({ case: 'lookedAt', value }, value.bed);
        }
      await Promise.all([front.flush(), other.flush()]);
      await Promise.all([front.secondPassed(), other.secondPassed()]);
      await Promise.all([front.close(), other.close()]);

      const verifier = makeVerifier({ keptUs: Number.POSITIVE_INFINITY, nowUs: now(), ends: undefined });
      for (const topic of auditTopics) await readToNow(log, topic, verifier.hear);
      expect(verifier.conclude()).toMatchObject({ entries: 107, chains: 2, open: 0, anchors: 2, faults: [] });

      const all = { wanted: 'P-1', fromUs: 0, toUs: Number.POSITIVE_INFINITY, nowUs: now() };
      const sights = await whoSaw(log, all);
      expect(sights.map(({ what, bed, name: by }) => `${what} ${bed} ${by}`).sort()).toEqual([
        ...Array(2).fill('had the ward on a screen icu-1 '),
        ...Array(10).fill('opened the bed icu-1 nurse 0'),
        ...Array(10).fill('opened the bed icu-1 nurse 1'),
      ]);
      expect(await whoSaw(log, { ...all, toUs: 1 })).toEqual([]);
    });
  });
};
