/** What all signals say of a red rhythm alarm, as one line that a nurse reads at the alarm. */
import type { LiveEvidence } from '../../../../../schemas/live.ts';

const namesOf = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** What a live pulse says against each claim. A missing pulse says nothing (stream-models/corroboration). */
const againstWords: Readonly<Record<string, string>> = {
  asystole: 'pulse goes on',
  vf: 'pulse goes on',
  vt: 'strong, even pulse',
  'extreme-brady': 'pulse is not slow',
  'extreme-tachy': 'pulse is not fast',
};

/** "II, V1 and pulse on ABP": who says so; empty: nobody. */
const whoSays = ({ signals }: LiveEvidence, says: 'for' | 'against'): string => {
  const leads = signals.filter((signal) => signal.says === says && signal.kind === 'lead').map(({ label }) => label);
  const pulses = signals.filter((signal) => signal.says === says && signal.kind === 'pulse').map(({ label }) => label);
  return namesOf(pulses.length === 0 ? leads : [...leads, `pulse on ${namesOf(pulses)}`]);
};

const refutedText = (condition: string, evidence: LiveEvidence): string => {
  const pulses = evidence.signals.filter(({ kind, says }) => kind === 'pulse' && says === 'against');
  if (pulses.length > 0) {
    const names = namesOf(pulses.map(({ label }) => label));
    return `${againstWords[condition] ?? 'pulse speaks against it'} (${names}): look at the lead`;
  }
  const who = whoSays(evidence, 'against');
  return who === '' ? 'signals speak against it: look at the lead' : `against it: ${who} · look at the lead`;
};

const undecidedText = (evidence: LiveEvidence): string => {
  const [pro, contra] = [whoSays(evidence, 'for'), whoSays(evidence, 'against')];
  return ['undecided', pro === '' ? '' : `for it: ${pro}`, contra === '' ? '' : `against it: ${contra}`]
    .filter((part) => part !== '')
    .join(' · ');
};

/** The verdict in words. It is a hint beside the alarm: colour, marks, order and sound stay the alarm's own. */
export const evidenceText = (condition: string, evidence: LiveEvidence): string => {
  switch (evidence.verdict) {
    case 'confirmed': {
      const who = whoSays(evidence, 'for');
      return who === '' ? 'confirmed' : `confirmed by ${who}`;
    }
    case 'refuted':
      return refutedText(condition, evidence);
    case 'undecided':
      return undecidedText(evidence);
  }
};

const saysWords = { for: 'for', against: 'against', nothing: 'says nothing' } as const;

/** Every signal with its reason, and the probability, for whoever wants to know more. */
export const evidenceDetail = ({ probability, signals }: LiveEvidence): string =>
  [
    `${Math.round(100 * probability)} % likely to be true`,
    ...signals.map(({ label, says, because }) => `${label} ${saysWords[says]}: ${because}`),
  ].join(' · ');

/** A monitor's alarm that was neither repeated nor taken back for so long is no longer shown beside new ones. */
export const MONITOR_ALARM_SHOWN_US = 600e6;
