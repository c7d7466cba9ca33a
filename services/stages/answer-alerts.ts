/** What all signals of a bed say of the monitor's alarms, as these come. */
import type { AlertSeen } from '../../stream-models/analysis/device-alerts.ts';
import { type AlarmVerdict, judgeAlarm, unheard } from '../../stream-models/corroboration/judge.ts';
import type { NetworkVotes } from '../../stream-models/corroboration/network-votes.ts';
import { type RecentWaves, witnessesOf } from '../../stream-models/corroboration/recent-waves.ts';
import { WINDOW_S } from '../../stream-models/corroboration/scale.ts';
import type { WitnessMemory } from '../../stream-models/corroboration/witness.ts';

interface Answered {
  readonly recent: RecentWaves;
  readonly witnesses: WitnessMemory;
  readonly verdicts: Map<AlertSeen['kind'], AlarmVerdict>;
}

/** Answers the alarms of one batch of a bed, in order. */
export const makeAlertAnswers = (): ((seen: AlertSeen, votes: NetworkVotes) => AlarmVerdict) => {
  let answered: Answered | undefined;
  return (seen, votes) => {
    // Alarms of one frame come one after another: a monitor that says 64 at once is answered in the time of one of each kind.
    if (answered?.recent !== seen.recent) {
      const witnesses = witnessesOf(seen.recent, votes, new Set(seen.leadsOff));
      answered = { recent: seen.recent, witnesses, verdicts: new Map() };
    }
    const { witnesses, verdicts } = answered;
    const heardTo = seen.recent.heardTo ?? seen.said;
    // It began before what is judged by, as one that stands since before Vigil was started: the waves of now are of another time.
    if (seen.at < heardTo - WINDOW_S * 1e6) return unheard(seen.kind);
    const judged = verdicts.get(seen.kind) ?? judgeAlarm(witnesses, seen.kind, heardTo);
    verdicts.set(seen.kind, judged);
    return judged;
  };
};
