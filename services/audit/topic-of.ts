import type { AuditEntry } from '../../schemas/generated/vigil/v1/audit_pb.ts';
import type { Topic } from '../../schemas/topics.ts';

/** Where an entry of this kind lies: what is seen and done at a bed apart, so that a question about one patient reads little else. */
export const topicOf = (kind: AuditEntry['event']['case']): Topic =>
  kind === 'lookedAt' || kind === 'acted' ? 'vigil.audit-beds' : 'vigil.audit';
