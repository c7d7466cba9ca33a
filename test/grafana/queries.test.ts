/**
 * Goal: no panel of a dashboard is empty or wrong without anybody noticing, before a person looks.
 * Method: every query of every panel, annotation and variable is sent, as Grafana would send it, to
 * a real InfluxDB that holds a recorded ward, and the answer is held against what was recorded. A query of which nobody
 * has said what it must answer fails, and so does what is said of a query that is not there.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VigilPanel } from '../../dashboards/grafana/strict-dashboard.ts';
import { RhythmKind } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { right } from '../right.ts';

import {
  type Answer,
  answerTo,
  drawnPanels,
  type Query,
  queries,
  queriesOfPanel,
  queryNamed,
} from './asked-queries.ts';
import { type AskedStore, openAskedStore } from './asked-store.ts';
import { expectations, pageOf } from './expectations/expectations.ts';
import type { Curve, Page, Rows } from './page.ts';
import { alarms, delayMs } from './recorded-ward/alarms.ts';
import { heardNow } from './recorded-ward/heard-now.ts';
import { HEART_RATE_PEAK } from './recorded-ward/numbers.ts';
import { recordWard } from './recorded-ward/record.ts';
import {
  AGO,
  BED,
  BRIEF_BED,
  DAY,
  END_MS,
  gravity,
  HOUR,
  ODD_BED,
  OTHER_BED,
  SILENT_BED,
} from './recorded-ward/story.ts';
import { transformed } from './transformations.ts';

interface ValueToText {
  readonly options: Readonly<Record<string, { readonly text: string }>>;
}

/** Columns of which the links of a panel take the value of the row that is clicked. */
const fieldsInLinks = (panel: VigilPanel): readonly string[] =>
  [...JSON.stringify(panel).matchAll(/__data\.fields\[\\"([^"\\]+)\\"\]/g)].map(([, name]) => name!);

const asked = await openAskedStore('recorded');
const skipped = 'skipped' in asked ? asked.skipped : undefined;

describe('the dashboards', () => {
  it('have no query of which nobody says what it must answer, and none is said of a query that is not there', () => {
    expect(queries.map(({ name }) => name).toSorted()).toEqual(Object.keys(expectations).toSorted());
  });

  it('have links from rows of beds and of alarms', () => {
    const fields = new Set(drawnPanels.flatMap(({ panel }) => fieldsInLinks(panel)));
    expect(fields).toEqual(new Set(['Bed', 'Onset', 'Time']));
  });
});

describe.skipIf(skipped !== undefined)(
  `the queries of the dashboards, on a real InfluxDB${skipped ? ` (skipped: ${skipped})` : ''},`,
  () => {
    const influx = asked as AskedStore;

    beforeAll(() => recordWard(influx), 120_000);
    afterAll(() => influx.discard());

    const answer = async (query: Query, page?: Partial<Page>): Promise<Answer> => {
      if (expectations[query.name]!.live) right(await influx.store.write(heardNow(Date.now()))());
      return answerTo(influx.ask, query, pageOf(query, page));
    };
    const curvesFor = async (query: Query, page?: Partial<Page>): Promise<readonly Curve[]> =>
      (await answer(query, page)).curves;

    it.each(queries)('$name', async (query) => {
      const { curves, rows } = expectations[query.name]!;
      const said = await answer(query);
      expect(said.isEmpty, said.sent).toBe(false);
      if (query.format === 'table') rows!(said.rows);
      else curves!(said.curves);
    });

    it('show one second of VT in a view of 24 hours: its bucket of the ribbon is VT, its peak is the most of its bucket', async () => {
      const vtMs = END_MS - AGO.vt;
      const [ribbon] = await curvesFor(queryNamed('patient | Rhythm | A'));
      const bucketMs = ribbon!.points[1]![0] - ribbon!.points[0]![0];
      // At most 360 buckets: four pixels each on the smallest screen that Vigil is made for (1440 wide).
      expect(ribbon!.points.length).toBeLessThanOrEqual(361);
      const coloured = ribbon!.points.filter(([, value]) => value === gravity(RhythmKind.VT));
      expect(coloured).toEqual([[Math.floor(vtMs / bucketMs) * bucketMs, gravity(RhythmKind.VT)]]);
      const most = (await curvesFor(queryNamed('patient | Heart rate | R1'))).find(({ name }) => name.endsWith('max'))!;
      expect(most.points.filter(([, value]) => value === HEART_RATE_PEAK)).toHaveLength(1);
    });

    it.each([
      { days: '7', drawn: [AGO.old, AGO.rolledUp] },
      { days: '30', drawn: [AGO.old] },
      { days: '36500', drawn: [] },
    ])('draw minutes only before the last $days days of raw numbers that were typed', async ({ days, drawn }) => {
      const page = { fromMs: END_MS - AGO.old - DAY, toMs: END_MS, chosen: { raw_days: days } };
      for (const query of ['patient | Heart rate | M1', 'patient | Rhythm | B'].map(queryNamed)) {
        const { sent, curves, isEmpty } = await answer(query, page);
        expect(isEmpty, sent).toBe(drawn.length === 0);
        for (const { points } of curves) {
          const seen = points.filter(([, value]) => value !== null).map(([at]) => at);
          // The rhythm of ten days ago was not recorded.
          const wanted = query.name.endsWith('B') ? drawn.slice(0, 1) : drawn;
          expect(seen).toHaveLength(wanted.length);
          const bucketMs = points[1]![0] - points[0]![0];
          for (const [i, ago] of wanted.entries())
            expect(Math.abs(END_MS - ago - seen[i]!)).toBeLessThan(HOUR + bucketMs);
        }
      }
    });

    it('draw single numbers where they are kept and minutes before that, never both of one time', async () => {
      const page = { fromMs: END_MS - AGO.old - DAY, toMs: END_MS };
      const boundary = Date.now() - 30 * DAY;
      const raw = await curvesFor(queryNamed('patient | Heart rate | R1'), page);
      const minutes = await curvesFor(queryNamed('patient | Heart rate | M1'), page);
      for (const { points } of raw) expect(points.filter(([at, value]) => value !== null && at < boundary)).toEqual([]);
      for (const { points } of minutes) {
        expect(points.filter(([at, value]) => value !== null && at >= boundary)).toEqual([]);
        expect(points.filter(([, value]) => value !== null).length).toBeGreaterThan(0);
      }
    });

    it('answer an unheard bed with nothing, not with numbers of another', async () => {
      for (const query of queries.filter(
        ({ dashboard, name }) => dashboard.uid === 'vigil-patient' && /\| [RMABC]\d?$/.test(name),
      ))
        expect((await answer(query, { chosen: { bed: 'icu-0', lead: 'II' } })).isEmpty, query.name).toBe(true);
    });

    it('find a bed whose name has the signs of regular expressions and paths', async () => {
      const [texts] = await curvesFor(queryNamed('patient | bed'), { chosen: { unit: 'ccu/3.1' } });
      expect(texts!.points.map(([, bed]) => bed)).toEqual([ODD_BED]);
    });

    /** A panel's tables as a person sees them. */
    const seen = async (title: string, chosen: Page['chosen'] = {}): Promise<Rows> => {
      const { panel } = drawnPanels.find((each) => each.panel.title === title)!;
      const own = queriesOfPanel(panel);
      const tables = await Promise.all(own.map(async (query) => (await answer(query, { chosen })).rows));
      return transformed(tables, panel, pageOf(own[0]!, { chosen }), own[0]!.dashboard)[0]!;
    };

    it('make one row of each bed of the ward, in which an old number is missing and its age is there', async () => {
      const { columns, rows } = await seen('Beds');
      expect(columns).toEqual([
        ...['Bed', '*** high', '** medium', '* low', 'Gravest alarm', 'Alarms told', 'NEWS2', 'NEWS2 said'],
        ...['HR', 'HR heard', 'SpO₂', 'SpO₂ heard', 'Rhythm', 'Rhythm heard'],
      ]);
      const ages = ['Alarms told', 'NEWS2 said', 'HR heard', 'SpO₂ heard', 'Rhythm heard'];
      const beds = Object.fromEntries(
        rows.map((row) => [
          row[0],
          Object.fromEntries(
            columns.map((name, i) => [name, ages.includes(name) && row[i] !== null ? 'an age' : row[i]]),
          ),
        ]),
      );
      const silent = { HR: null, 'SpO₂': null, NEWS2: null, Rhythm: null };
      expect(beds[BRIEF_BED]).toMatchObject({ ...silent, '** medium': null, 'Alarms told': 'an age' });
      expect(Object.keys(beds).toSorted()).toEqual([ODD_BED, BED, OTHER_BED, SILENT_BED, BRIEF_BED]);
      expect(beds[BED]).toMatchObject({
        '*** high': 1,
        HR: 132,
        'HR heard': 'an age',
        NEWS2: 6,
        'NEWS2 said': 'an age',
        Rhythm: 4,
      });
      // Six seconds are too old for a heart rate; the score before the incomplete one does not stand for it.
      expect(beds[OTHER_BED]).toMatchObject({
        HR: null,
        'HR heard': 'an age',
        'SpO₂': 98,
        NEWS2: null,
        'NEWS2 said': 'an age',
      });
      expect(beds[SILENT_BED]).toMatchObject({
        ...silent,
        '*** high': null,
        'Gravest alarm': null,
        'Alarms told': 'an age',
        'HR heard': 'an age',
      });
      expect(beds[ODD_BED]).toMatchObject({ ...silent, '* low': 1, 'HR heard': null });
    });

    it('have a word for every analyte and a unit for every result in the list of the laboratory', async () => {
      const { panel } = drawnPanels.find((each) => each.panel.title === 'Laboratory values')!;
      const { columns, rows } = await seen('Laboratory values');
      const shown = (column: string, cell: unknown): unknown => {
        const own = panel.fieldConfig!.overrides.find(({ matcher }) => matcher.options === column)!;
        const mappings = own.properties.find(({ id }) => id === 'mappings')!.value as readonly ValueToText[];
        return mappings[0]!.options[String(cell)]?.text;
      };
      const cells = rows.map((row) => ['Analyte', 'Unit'].map((name) => shown(name, row[columns.indexOf(name)])));
      expect(cells).toContainEqual(['SaO₂', '%']);
      expect(cells.flat()).not.toContain(undefined);
    });

    it('share the alarms of the worst tenth of the beds: of one bed, and of more', async () => {
      const share = async (less: string): Promise<unknown> => {
        const page = { chosen: { tenth_less_one: less } };
        const [curve] = await curvesFor(queryNamed('alarm-burden | Share of the worst 10 % of beds | A'), page);
        return curve?.points[0]?.[1];
      };
      // Of eight alarms four, two, one and one.
      expect([await share('0'), await share('1'), await share('2'), await share('12')]).toEqual([50, 75, 87.5, 100]);
    });

    it('answer a unit of which nothing was heard with nothing, and with no error', async () => {
      const nowhere = { unit: 'nowhere', bed_minutes: '', tenth_less_one: '' };
      const ofUnit = queries.filter(({ name, query }) => name.startsWith('alarm-burden |') && query.includes('${unit'));
      expect(ofUnit.length).toBeGreaterThan(15);
      for (const query of ofUnit) expect((await answer(query, { chosen: nowhere })).isEmpty, query.name).toBe(true);
    });

    it('have a bar for each hour of the day, in the zone that was chosen', async () => {
      const { columns, rows } = await seen('Alarms by hour of the day');
      expect(columns).toEqual(['Hour', 'Alarms']);
      const hours = Array.from({ length: 24 }, (_, i) => String(i).padStart(2, '0'));
      expect(rows.map(([hour]) => hour)).toEqual(hours);
      const inUtc = alarms.map((alarm) => new Date(END_MS - alarm.ago + delayMs(alarm)).getUTCHours());
      // Kolkata has half hours: the hours of a day are those of the zone, and so are its buckets.
      const kolkata = await seen('Alarms by hour of the day', { zone: 'Asia/Kolkata' });
      const there = alarms.map((alarm) => new Date(END_MS - alarm.ago + delayMs(alarm) + 5.5 * HOUR).getUTCHours());
      for (const [table, wanted] of [
        [rows, inUtc],
        [kolkata.rows, there],
      ] as const)
        expect(table.map(([, count]) => count)).toEqual(
          hours.map((_, i) => wanted.filter((hour) => hour === i).length),
        );
    });

    it('lay counts and times of a condition side by side, without a time where nobody answered', async () => {
      const { columns, rows } = await seen('By condition and priority');
      expect(columns).toEqual([
        ...['Condition', 'Priority', 'Rang', 'Acknowledged', 'Not acknowledged'],
        ...[
          'Answered: median',
          'Answered: 90 %',
          'Answered: longest',
          'Lasted: median',
          'Lasted: 90 %',
          'Lasted: longest',
        ],
      ]);
      const found = rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));
      expect(found).toContainEqual({
        Condition: 'lead-off',
        Priority: 'medium',
        Rang: 1,
        Acknowledged: 0,
        'Not acknowledged': 1,
        ...{ 'Answered: median': null, 'Answered: 90 %': null, 'Answered: longest': null },
        ...{ 'Lasted: median': 32, 'Lasted: 90 %': 32, 'Lasted: longest': 32 },
      });
      expect(found).toContainEqual({
        Condition: 'vt',
        Priority: 'high',
        Rang: 1,
        Acknowledged: 1,
        'Not acknowledged': 0,
        ...{ 'Answered: median': 40, 'Answered: 90 %': 40, 'Answered: longest': 40 },
        // It was over after a second; its alarm was not.
        ...{ 'Lasted: median': 40, 'Lasted: 90 %': 40, 'Lasted: longest': 40 },
      });
    });

    it.each(drawnPanels)(
      'give $name the curves or columns that its overrides, sorting and links name',
      async ({ panel }) => {
        if (!('targets' in panel)) return;
        const own = queriesOfPanel(panel);
        const isTable = panel.targets[0]!.resultFormat === 'table';
        const names = isTable
          ? (await seen(panel.title)).columns
          : (await Promise.all(own.map((query) => curvesFor(query)))).flat().map(({ name }) => name);
        for (const { matcher } of panel.fieldConfig.overrides) {
          const pattern = matcher.id === 'byRegexp' ? new RegExp(matcher.options.slice(1, -1)) : undefined;
          const matching = names.filter((name) =>
            pattern === undefined ? name === matcher.options : pattern.test(name),
          );
          expect(matching.length, `${matcher.options} of ${names.join(', ')}`).toBeGreaterThan(0);
        }
        const used = fieldsInLinks(panel);
        for (const name of used) expect(names).toContain(name);
        if (panel.type === 'table')
          for (const { displayName } of panel.options.sortBy ?? []) expect(names).toContain(displayName);
        if (panel.type === 'barchart') expect(names).toContain(panel.options.xField);
      },
    );
  },
);
