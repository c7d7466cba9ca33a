import type { Act, Acted } from '../gateway/acts.ts';
import type { Audit } from './audit.ts';
import { type Actor, whoOf } from './visitor.ts';

/**
 * The same acts, and the audit is told of each: afterwards, so that nothing waits for it. `patientOf`: who lies in a bed as consoles are shown;
 * empty: nobody is known.
 */
export const auditedActs =
  (
    act: (act: Act) => Promise<Acted>,
    audit: Pick<Audit, 'tell'>,
    patientOf: (bed: string) => string,
  ): ((act: Act, actor: Actor) => Promise<Acted>) =>
  async (one, { session, visitor }) => {
    const patient = patientOf(one.bed);
    const answer = await act(one);
    const { bed, kind, alarm = '', id, by } = one;
    const value = { bed, patient, kind, alarm, id, session, who: whoOf(visitor, by), done: answer.ok };
    audit.tell({ case: 'acted', value }, bed);
    return answer;
  };
