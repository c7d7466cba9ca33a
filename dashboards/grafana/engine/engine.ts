/** Engine: how Vigil itself does. */

import { intendedUsePanel } from '../kinds.ts';
import { type Definition, row } from '../layout.ts';
import { otherDashboards, UIDS } from '../links.ts';
import { cpuPanel, memoryPanel, partStates, providerPanel, restartsPanel } from './processes.ts';
import {
  groupLag,
  latencyHeat,
  latencyWithin,
  rejectedPanel,
  rejectedTotals,
  stageLag,
  wavesShedPanel,
} from './work.ts';

export const engine = (): Definition => ({
  uid: UIDS.engine,
  title: 'Vigil: engine',
  description:
    'How Vigil itself does: lag, latency of alerts, what was refused, states of its parts, and what its processes cost.',
  from: 'now-6h',
  refresh: '30s',
  variables: [],
  annotations: [],
  links: [otherDashboards()],
  rows: [
    row('', 80, [
      12,
      intendedUsePanel(
        'A gap on this page: the process did not report, or InfluxDB did not keep it. This page cannot say that Vigil is well; /healthz can.',
      ),
    ]),
    row('Parts', 220, [8, partStates()], [4, providerPanel()]),
    row('How far behind', 280, [6, stageLag()], [6, groupLag()]),
    row('From signal to screen', 280, [7, latencyHeat()], [5, latencyWithin()]),
    row('Refused and dropped', 280, [5, rejectedPanel()], [4, rejectedTotals()], [3, wavesShedPanel()]),
    row('Processes', 280, [4, cpuPanel()], [4, memoryPanel()], [4, restartsPanel()]),
  ],
});
