import { isEcgLead, signalOf } from '../../schemas/codes.ts';
import type { AlarmVerdict, Finding } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import type { LiveEvidence, LiveMonitorAlarm } from '../../schemas/live.ts';
import { testimonyWord, verdictWord } from '../../schemas/words.ts';

const labelOf = (code: number): string => signalOf(code)?.label ?? (isEcgLead(code) ? `ECG ${code}` : `MDC ${code}`);

/** A verdict as a console shows it; `judgedUs`: up to when was heard what it is made of. */
export const liveEvidence = ({ verdict, probability, testimonies }: AlarmVerdict, judgedUs: number): LiveEvidence => ({
  verdict: verdictWord(verdict),
  probability,
  signals: testimonies.map(({ code, says, because }) => ({
    label: labelOf(code),
    kind: isEcgLead(code) ? 'lead' : 'pulse',
    says: testimonyWord(says),
    because,
  })),
  judgedUs,
});

/** More of them at once than any monitor has. */
const MONITOR_ALARMS_MAX = 8;

/** Alarms of the monitor after one more verdict; one on Vigil's own alarm stands at that alarm and changes nothing here. */
export const withVerdict = (
  before: readonly LiveMonitorAlarm[],
  { atUs, saidUs }: Pick<Finding, 'atUs' | 'saidUs'>,
  verdict: AlarmVerdict,
): readonly LiveMonitorAlarm[] => {
  if (verdict.own) return before;
  const { text, condition } = verdict;
  const alarm = { text, condition, atUs, evidence: liveEvidence(verdict, saidUs) };
  return [...before.filter((other) => other.text !== text), alarm].slice(-MONITOR_ALARMS_MAX);
};

/** Without those that the monitor says are over (===: none is). */
export const stillRinging = (
  before: readonly LiveMonitorAlarm[],
  { deviceAlerts }: Pick<Telemetry, 'deviceAlerts'>,
): readonly LiveMonitorAlarm[] => {
  if (before.length === 0 || deviceAlerts.length === 0) return before;
  const over = new Set(deviceAlerts.filter(({ present }) => !present).map(({ text }) => text));
  return before.some(({ text }) => over.has(text)) ? before.filter(({ text }) => !over.has(text)) : before;
};
