/** The four dashboards, by the name of their file. */
import { alarmBurden } from './alarm-burden/alarm-burden.ts';
import { engine } from './engine/engine.ts';
import { dashboardOf } from './layout.ts';
import { patient } from './patient/patient.ts';
import type { VigilDashboard } from './strict-dashboard.ts';
import { ward } from './ward/ward.ts';

export const dashboards = (): Readonly<Record<string, VigilDashboard>> => ({
  'ward.json': dashboardOf(ward()),
  'patient.json': dashboardOf(patient()),
  'alarm-burden.json': dashboardOf(alarmBurden()),
  'engine.json': dashboardOf(engine()),
});

/** Text of a file of generated/. */
export const fileText = (dashboard: VigilDashboard): string => `${JSON.stringify(dashboard, null, 2)}\n`;
