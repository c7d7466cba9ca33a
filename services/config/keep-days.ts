/** For how long what is kept where: a setting a tier of the series, and one of the audit. */
import { type Tier, tiers } from '../../schemas/series.ts';
import { AUDIT_DAYS_USUAL } from '../../schemas/topics.ts';
import { setting, whole } from './setting.ts';

const DAYS_MAX = 36_500;
const keepDays = (what: 'Raw' | 'Minutes' | 'Alarms' | 'Audit', meaning: string, usual: number, remedy: string) =>
  setting<number>({
    env: `VIGIL_KEEP_${what.toUpperCase()}_DAYS`,
    key: `keep${what}Days`,
    meaning: `days for which ${meaning}; 0: for ever`,
    schema: whole(0, DAYS_MAX),
    usual,
    allowed: `a whole number from 0 to ${DAYS_MAX}`,
    remedy,
  });
export const keepTier = (tier: Tier, what: 'Raw' | 'Minutes' | 'Alarms') => {
  const { means, daysUsual } = tiers[tier];
  return keepDays(
    what,
    `the series store keeps ${means}`,
    daysUsual,
    'In InfluxDB it takes effect with "vigil series".',
  );
};

export const keepAudit = keepDays(
  'Audit',
  'the log keeps who saw, who acted and who changed settings',
  AUDIT_DAYS_USUAL,
  'In Kafka it takes effect when "vigil topics" makes the topic; for one that is there each start tells the command.',
);
