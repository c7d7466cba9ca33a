import * as TE from 'fp-ts/lib/TaskEither.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeAuditEntry } from '../../schemas/messages.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { type AuditOptions, HEADS_EVERY_US, makeAudit } from '../../services/audit/audit.ts';
import { auditedActs } from '../../services/audit/audited-acts.ts';
import { makeJournal } from '../../services/logging/journal.ts';
import type { EventLog, LogError } from '../../services/ports/event-log.ts';
import { allOf, type LogInAFolder, logInAFolder } from '../gateway/log-in-a-folder.ts';
import { right } from '../right.ts';
import { begun, T0, verified } from './story.ts';

const AWAY: LogError = { tag: 'LogUnavailable', retriable: true, sentence: 'the broker is away' };

let place: LogInAFolder;
let now: Moment = T0;
let away = false;
let lines: string[] = [];
/** The log, which takes nothing while it is away. */
const log = (): EventLog => ({
  ...place.log,
  append: (records) => (away ? TE.left(AWAY) : place.log.append(records)),
});
beforeEach(async () => {
  [place, now, away, lines] = [await logInAFolder(), T0, false, []];
});
afterEach(() => place.discard());

const auditOf = (process: string, more: Partial<AuditOptions> = {}) =>
  makeAudit({
    ...{ log: log(), now: () => now, ticks: false, begun: begun(process).value as AuditOptions['begun'] },
    journal: makeJournal({ level: 'info', destination: { write: (line) => lines.push(line) } }),
    ...more,
  });
const later = (us: number): void => {
  now = moment(now + us);
};
const opens = (bed: string) => ({ case: 'lookedAt', value: { session: 1, bed, name: 'Ada' } }) as const;
const records = async () => [
  ...(await allOf(place.log, 'vigil.audit')),
  ...(await allOf(place.log, 'vigil.audit-beds')),
];
const events = async () =>
  (await records())
    .map(({ value }) => right(decodeAuditEntry(value)))
    .sort((a, b) => a.number - b.number)
    .map(({ event }) => event);
const cases = async () => (await events()).map((event) => event.case);

describe('the audit on the log', () => {
  it('keeps several writers at once, each in a chain of its own, from genesis to last word', async () => {
    const audits = ['front', 'analysis', 'alarms'].map((process) => auditOf(process));
    for (let i = 0; i < 20; i++) for (const audit of audits) audit.tell(opens(`icu-${i}`), `icu-${i}`);
    await Promise.all(audits.map((audit) => audit.close()));
    expect(verified(await records())).toMatchObject({ entries: 66, chains: 3, open: 0, faults: [] });
  });

  it('tells of the heads of others when it begins and every hour, and its own to the journal at most once a minute', async () => {
    const [one, other] = [auditOf('front'), auditOf('analysis')];
    await Promise.all([one.flush(), other.flush()]);
    for (let i = 0; i < 3; i++) {
      await one.secondPassed();
      one.tell(opens('icu-1'), 'icu-1');
      later(1e6);
    }
    later(HEADS_EVERY_US);
    await other.secondPassed();
    await one.secondPassed();
    const verdict = verified(await records());
    expect(verdict).toMatchObject({ chains: 2, faults: [] });
    expect(verdict.anchors).toBe(3);
    expect(lines.map((line) => JSON.parse(line).count)).toEqual([1, 1, 5]);
    await Promise.all([one.close(), other.close()]);
  });

  it('waits with its entries while the log takes nothing, says so as a part that no process is begun anew for, and goes on', async () => {
    const audit = auditOf('front');
    await audit.flush();
    away = true;
    audit.tell(opens('icu-1'), 'icu-1');
    await audit.flush();
    later(11e6);
    expect(audit.part()).toMatchObject({
      state: 'degraded',
      sentence: 'who saw and who acted is not written, 1 entries wait: the broker is away',
    });
    away = false;
    await audit.flush();
    expect(audit.part().state).toBe('ok');
    await audit.close();
    expect(await cases()).toEqual(['begun', 'lookedAt', 'ended']);
  });

  it('says how many entries were lost when more came than may wait, in their place in the chain', async () => {
    const audit = auditOf('front', { waitingMost: 3 });
    await audit.flush();
    away = true;
    for (let i = 0; i < 5; i++) audit.tell(opens(`icu-${i}`), `icu-${i}`);
    await audit.flush();
    expect(audit.part().sentence).toContain('2 entries are lost');
    away = false;
    await audit.flush();
    expect(audit.part().state).toBe('ok');
    await audit.close();
    const entries = await events();
    expect(entries.map((event) => event.case)).toEqual(['begun', 'lookedAt', 'lookedAt', 'lookedAt', 'lost', 'ended']);
    expect(entries[4]).toMatchObject({ value: { entries: 2 } });
    expect(verified(await records()).faults).toEqual([]);
  });

  it('holds no act up and lets none fail: it is done, and answered, while no entry is taken', async () => {
    const never = new Promise<never>(() => undefined);
    const audit = auditOf('front', { log: { ...place.log, append: () => () => never } });
    const act = auditedActs(
      async () => ({ ok: true, sentence: 'Passed on.' }),
      audit,
      () => 'P-17',
    );
    const one = { id: 'a-1', kind: 'acknowledge', bed: 'icu-1', by: 'Ada' } as const;
    expect(await act(one, { session: 0, visitor: { address: '', token: undefined } })).toMatchObject({ ok: true });
    later(11e6);
    expect(audit.part()).toMatchObject({
      state: 'degraded',
      sentence: expect.stringContaining('the log does not answer'),
    });
  });

  it('never writes a token down, and tells one from another', async () => {
    const audit = auditOf('front');
    const act = auditedActs(
      async () => ({ ok: true, sentence: '' }),
      audit,
      () => '',
    );
    const one = { id: 'a-1', kind: 'acknowledge', bed: 'icu-1', by: 'Ada' } as const;
    for (const token of ['first-token-of-a-console-1', 'other-token-of-a-console-2'])
      await act(one, { session: 0, visitor: { address: '10.0.0.9', token } });
    await audit.close();
    const kept = await records();
    expect(kept.some(({ value }) => Buffer.from(value).includes('token-of-a-console'))).toBe(false);
    const marks = kept
      .map(({ value }) => right(decodeAuditEntry(value)).event)
      .flatMap((event) => (event.case === 'acted' ? event.value.who!.token : []));
    expect(marks).toEqual([expect.stringMatching(/^[\da-f]{12}$/), expect.stringMatching(/^[\da-f]{12}$/)]);
    expect(marks[0]).not.toBe(marks[1]);
  });
});
