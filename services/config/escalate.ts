import { setting, whole } from './setting.ts';

const ESCALATE_MAX_S = 600;
/** How long each step of the chain is asked, of alarms of one colour. */
export const escalate = (colour: 'RED' | 'YELLOW', usualS: number) =>
  setting<number>({
    env: `VIGIL_ESCALATE_${colour}_SECONDS`,
    key: `escalate${colour.charAt(0)}${colour.slice(1).toLowerCase()}Seconds`,
    meaning: `how long each step is asked before a ${colour.toLowerCase()} alarm that nobody answers goes on to the next, in seconds; 0: it is not passed on`,
    schema: whole(0, ESCALATE_MAX_S),
    usual: usualS,
    allowed: `a whole number from 0 to ${ESCALATE_MAX_S}`,
    remedy: 'The steps are the screens that have chosen the bed, every screen, and UNANSWERED.',
  });
