/** Where one can go from a dashboard: another dashboard, the strip at a moment, the nurse console. */

import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { type DashboardLink, DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';

/** Short, for they stand in addresses that people keep. */
export const UIDS = {
  ward: 'vigil-ward',
  patient: 'vigil-patient',
  burden: 'vigil-alarm-burden',
  engine: 'vigil-engine',
} as const;

/** All of Vigil's dashboards carry it, so that each lists the others. */
export const TAG = 'vigil';

/** The SDK puts links into a menu unless told otherwise; these belong where one sees them. */
const inSight = (link: Builder<DashboardLink>): Builder<DashboardLink> => ({
  build: () => {
    const { placement: _, ...rest } = link.build();
    return rest;
  },
});

const dataLink = (title: string, url: string, targetBlank: boolean): Builder<DashboardLink> =>
  inSight(new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url).targetBlank(targetBlank));

const CONSOLE = `\${console:raw}`;
/** What was typed on this page goes along. */
const typed = (...names: readonly string[]): string =>
  names.map((name) => `&var-${name}=\${${name}:percentencode}`).join('');
const here = (field: string): string => `\${__data.fields["${field}"]:percentencode}`;
const number = (field: string): string => `\${__data.fields["${field}"].numeric}`;
const thisBed = `\${bed:percentencode}`;

/** What a strip holds around an alarm (20 s), and a little on each side. */
export const STRIP_WINDOW_MS = 24_000;
/** A point of a curve stands for its bucket. */
const BUCKET_WINDOW_MS = 240_000;

const ownPageAt = (time: string, windowMs: number): string =>
  `/d/${UIDS.patient}?var-bed=${thisBed}${typed('raw_days', 'console')}&time=${time}&time.window=${windowMs}`;

/** From a row of the patient's own dashboard. */
export const toOwnStrip = (moment: string): Builder<DashboardLink> =>
  dataLink('Strip at this moment', ownPageAt(number(moment), STRIP_WINDOW_MS), false);

/** From a point of a curve. */
export const toMoment = (): Builder<DashboardLink> =>
  dataLink('Two minutes before and after', ownPageAt(`\${__value.time}`, BUCKET_WINDOW_MS), false);

export const toPatient = (bed: string): Builder<DashboardLink> =>
  dataLink('Patient', `/d/${UIDS.patient}?var-bed=${here(bed)}${typed('console')}`, false);

/** The page of a bed: dashboards/console/src/logic/page/page-address.ts. */
export const toConsole = (bed: string): Builder<DashboardLink> =>
  dataLink('Nurse console', `${CONSOLE}/#bed-tag=${here(bed)}`, true);

/** In the bar at the top. */
export const consoleOfBed = (): Builder<DashboardLink> =>
  inSight(
    new DashboardLinkBuilder('Nurse console')
      .type(DashboardLinkType.Link)
      .icon('external link')
      .tooltip('The live page of this bed')
      .url(`${CONSOLE}/#bed-tag=${thisBed}`)
      .targetBlank(true),
  );

export const consoleOfWard = (): Builder<DashboardLink> =>
  inSight(
    new DashboardLinkBuilder('Nurse console')
      .type(DashboardLinkType.Link)
      .icon('external link')
      .tooltip('The live wall of beds')
      .url(`${CONSOLE}/`)
      .targetBlank(true),
  );

export const otherDashboards = (): Builder<DashboardLink> =>
  inSight(
    new DashboardLinkBuilder('Vigil')
      .type(DashboardLinkType.Dashboards)
      .icon('apps')
      .tooltip('Other dashboards of Vigil')
      .tags([TAG])
      .includeVars(true)
      .keepTime(true),
  );
