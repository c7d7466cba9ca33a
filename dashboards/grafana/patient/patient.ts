/** Patient: one bed over time, its alarms, and the strip around each. */

import { intendedUsePanel } from '../kinds.ts';
import { type Definition, row } from '../layout.ts';
import { consoleOfBed, otherDashboards, UIDS } from '../links.ts';
import { bed, consoleAddress, lead, rawDays, unit } from '../variables.ts';
import { alarmAnnotations, alarmHistory, alarmList, stripPanel } from './alarms.ts';
import { begunAnew } from './begun-anew.ts';
import { completenessPanel } from './completeness.ts';
import { news2Panel, sepsisRiskPanel } from './judgements.ts';
import { laboratoryList, laboratoryPanels } from './laboratory.ts';
import { heartRatePanel, numericPanels } from './numerics.ts';
import { beatClasses, rhythmChanges, rhythmRibbon } from './rhythm.ts';

export const patient = (): Definition => ({
  uid: UIDS.patient,
  title: 'Vigil: patient',
  description:
    'One bed over time: rhythm, beats, numbers with least, mean and most, laboratory values, alarms and their strips.',
  from: 'now-24h',
  refresh: '1m',
  variables: [unit(), bed(), lead(), consoleAddress(), rawDays()],
  annotations: [...alarmAnnotations(), begunAnew()],
  links: [otherDashboards(), consoleOfBed()],
  rows: [
    row('', 80, [
      12,
      intendedUsePanel(
        'A bed is not a person: a white mark says where another patient came, look up who lay there. Lines are least, mean and most of each bucket; a gap is a gap in the data.',
      ),
    ]),
    row('Rhythm and heart rate', 160, [12, rhythmRibbon()]),
    row('', 300, [6, heartRatePanel()], [6, beatClasses()]),
    row('Alarms', 340, [7, alarmList()], [5, rhythmChanges()]),
    row('Strips', 320, [12, stripPanel()]),
    row('Numbers', 260, ...numericPanels().map((panel) => [6, panel] as const)),
    row('Laboratory', 220, ...laboratoryPanels().map((panel) => [4, panel] as const)),
    row('', 260, [12, laboratoryList()]),
    row('Score and risk', 260, [6, news2Panel()], [6, sepsisRiskPanel()]),
    row('What is missing, and what was done', 300, [6, completenessPanel()], [6, alarmHistory()]),
  ],
});
