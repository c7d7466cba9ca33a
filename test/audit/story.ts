import { create } from '@bufbuild/protobuf';
import { AuditBegunSchema } from '../../schemas/generated/vigil/v1/audit_pb.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import type { AuditEvent, Chain } from '../../services/audit/chain.ts';
import { beginChain, linked, sha256 } from '../../services/audit/chain.ts';
import { topicOf } from '../../services/audit/topic-of.ts';
import type { Anchor, AuditVerdict, LogBounds } from '../../services/audit/verdict.ts';
import { makeVerifier } from '../../services/audit/verify.ts';
import type { LogRecord } from '../../services/ports/event-log.ts';

export const T0 = moment(1_800_000_000e6);
export const HOUR_US = 3_600e6;

/** An audit as a log would have it, without one: processes are named by a letter. */
export const makeStory = () => {
  const chains = new Map<string, Chain>();
  const records: LogRecord[] = [];
  let at: Moment = T0;
  const chainOf = (process: string): Chain =>
    chains.get(process) ?? beginChain(new Uint8Array(16).fill(process.charCodeAt(0)));
  const story = {
    records,
    /** The newest entry of a process. */
    head: (process: string) => {
      const { id, number, before } = chainOf(process);
      return { chain: id, number: number - 1, sha256: before, atUs: at };
    },
    pass: (us: number): void => {
      at = moment(at + us);
    },
    now: (): Moment => at,
    says: (process: string, event: AuditEvent, bed = 'vigil'): void => {
      const [after, value] = linked(chainOf(process), at, event);
      chains.set(process, after);
      const topic = topicOf(event.case);
      const offset = BigInt(records.filter((each) => each.topic === topic).length);
      records.push({ ...{ topic, partition: 0, offset, key: bed, value, appendedAt: at } });
    },
    begins: (process: string): void => story.says(process, begun(process)),
  };
  return story;
};

export const begun = (process: string, config = ''): AuditEvent => ({
  case: 'begun',
  value: create(AuditBegunSchema, { process, version: '0', user: 'ops', config, configSha256: sha256(config) }),
});

export const FOR_EVER: LogBounds = { keptUs: Number.POSITIVE_INFINITY, nowUs: T0 + HOUR_US, ends: undefined };

export const verified = (
  records: readonly LogRecord[],
  anchors: readonly Anchor[] = [],
  bounds: LogBounds = FOR_EVER,
): AuditVerdict => {
  const verifier = makeVerifier(bounds);
  for (const record of records) verifier.hear(record);
  return verifier.conclude(anchors);
};
