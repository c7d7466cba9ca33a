/** What a person reads on a dashboard, and where one can go from it: read strictly, because no Grafana draws it here. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { historyAddress } from '../../dashboards/console/src/logic/page/history-address.ts';
import { readAddress } from '../../dashboards/console/src/logic/page/page-address.ts';
import { dashboards, fileText } from '../../dashboards/grafana/dashboards.ts';
import { LATENCY_BOUNDS } from '../../dashboards/grafana/engine/work.ts';
import { freshSeconds } from '../../dashboards/grafana/fresh.ts';
import { STRIP_WINDOW_MS } from '../../dashboards/grafana/links.ts';
import { priorities, priorityColour, priorityMarks } from '../../dashboards/grafana/look.ts';
import type { VigilPanel } from '../../dashboards/grafana/strict-dashboard.ts';
import { MDC } from '../../schemas/codes.ts';
import { INTENDED_USE } from '../../schemas/live.ts';
import { measurementNames, rhythmGravity, tierNames } from '../../schemas/series.ts';
import { tagValue } from '../../schemas/tag-value.ts';
import { inMilliseconds, inSeconds } from '../../schemas/units.ts';
import { makeMeters } from '../../services/metrics/meters.ts';
import { STRIP_AFTER, STRIP_BEFORE } from '../../services/recorder/strips.ts';
import { ROLL_CALL_EVERY } from '../../stream-models/alarms/policy.ts';
import { staleAfter } from '../../stream-models/vocabulary/stale-after.ts';
import { type Page, withVariables } from './page.ts';

const all = Object.entries(dashboards()).map(([file, dashboard]) => ({ file, dashboard }));
const panelsOf = ({ file, dashboard }: (typeof all)[number]) =>
  dashboard.panels
    .filter((panel): panel is VigilPanel => panel.type !== 'row')
    .map((panel) => ({ name: `${file}: ${panel.title}`, panel, dashboard }));
const panels = all.flatMap(panelsOf);
const drawn = panels.filter(({ panel }) => panel.type !== 'text');

/** Every link of a dashboard, of its panels and of their fields. */
const linksOf = (text: string): readonly string[] =>
  [...text.matchAll(/"url": ("(?:[^"\\]|\\.)*")/g)].map(([, url]) => JSON.parse(url!) as string);

describe('a dashboard', () => {
  it.each(all)('$file says what Vigil is for, above everything else', ({ dashboard }) => {
    const first = dashboard.panels[0]!;
    expect(first).toMatchObject({ type: 'text', gridPos: { x: 0, y: 0, w: 24 } });
    expect(first.type === 'text' && first.options.content).toContain(INTENDED_USE);
  });

  it.each(all)('$file has a name, a place in addresses, and cannot be changed', ({ file, dashboard }) => {
    expect(dashboard).toMatchObject({ uid: `vigil-${file.replace('.json', '')}`, editable: false, tags: ['vigil'] });
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(41);
  });

  it.each(all)('$file has panels that do not lie on each other, each with a number of its own', ({ dashboard }) => {
    const places = dashboard.panels.map(({ gridPos }) => gridPos!);
    for (const { x, w } of places) expect(x + w).toBeLessThanOrEqual(24);
    const squares = places.flatMap(({ x, y, w, h }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`),
    );
    expect(new Set(squares).size).toBe(squares.length);
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is written the same every time', () => {
    for (const [file, dashboard] of Object.entries(dashboards()))
      expect(fileText(dashboard)).toBe(fileText(dashboards()[file]!));
  });
});

describe('a panel', () => {
  it.each(drawn)(
    '$name tells what it shows, of which measurement, and what it means when nothing is there',
    ({ panel }) => {
      const { description } = panel;
      expect(measurementNames.some((name) => new RegExp(`measurements? [^)]*\\b${name}\\b`).test(description))).toBe(
        true,
      );
      expect(description).toMatch(/gap|[Ee]mpty|“—”|"—"|not listed|[Nn]o (bar|row|point)|0 %/);
      expect('noValue' in panel.fieldConfig!.defaults && panel.fieldConfig!.defaults.noValue).toBeTruthy();
    },
  );

  it.each(drawn)('$name has its unit and, where there are several things, a legend', ({ panel }) => {
    if (panel.type === 'timeseries' || panel.type === 'barchart') {
      expect(panel.fieldConfig.defaults.unit).toBeTruthy();
      expect(panel.fieldConfig.defaults.custom?.axisLabel).toBeTruthy();
      expect(panel.options.legend.showLegend).toBe(true);
      // The last number of a legend would stand there long after the line has ended.
      expect(panel.options.legend.calcs.filter((calc) => /last/.test(calc))).toEqual([]);
    }
    if (panel.type === 'timeseries' && panel.repeat === undefined)
      expect(panel.fieldConfig.defaults.custom?.spanNulls).toBe(false);
    if (panel.type === 'state-timeline') {
      expect(panel.fieldConfig.defaults.mappings).toHaveLength(1);
      expect(panel.fieldConfig.defaults.custom?.spanNulls).toBe(false);
    }
  });

  it('asks the tables of the schema, each in its tier', () => {
    const texts = panels.flatMap(({ panel }) => ('targets' in panel ? panel.targets.map(({ query }) => query) : []));
    for (const query of texts)
      for (const [, tier, name] of query.matchAll(/FROM "(\w+)"(?:\."(\w+)")?/g)) {
        expect(tierNames, query).toContain(tier);
        expect(measurementNames, query).toContain(name);
      }
  });

  it('shows each rhythm with a word and a colour of its own', () => {
    const { panel } = panels.find(({ panel }) => panel.title === 'Rhythm')!;
    const mapping = panel.type === 'state-timeline' ? panel.fieldConfig.defaults.mappings![0]! : undefined;
    if (mapping?.type !== 'value') throw new Error('the ribbon has no words');
    const words = Object.entries(mapping.options).map(([value, { text }]) => [Number(value), text]);
    expect(words.toSorted()).toEqual(
      Object.values(rhythmGravity)
        .map(({ gravity, word }) => [gravity, word])
        .toSorted(),
    );
    const colours = Object.values(mapping.options).map(({ color }) => color);
    expect(new Set(colours).size).toBe(colours.length);
  });
});

describe('colours of priorities', () => {
  it('are those of the nurse console', async () => {
    const css = await readFile(new URL('../../dashboards/console/src/styles/base.css', import.meta.url), 'utf8');
    for (const priority of priorities) expect(css).toContain(`--${priority}: ${priorityColour[priority]};`);
  });

  it('never stand alone: where one is, there are the marks and the word', () => {
    for (const { name, panel } of drawn)
      for (const priority of priorities) {
        if (!JSON.stringify(panel).includes(priorityColour[priority])) continue;
        // Red, yellow and cyan also say "bad" and "worse" beside a number or a word; then no priority is meant.
        if (!new RegExp(`"[^"]*${priority}[^"]*"`).test(JSON.stringify(panel.fieldConfig) + panel.title)) continue;
        expect(JSON.stringify(panel), name).toContain(`${priorityMarks[priority]} ${priority}`);
      }
    const isOfPriority = ({ iconColor }: { readonly iconColor: string }): boolean =>
      Object.values(priorityColour).includes(iconColor);
    for (const { name } of all.flatMap(({ dashboard }) => dashboard.annotations.list ?? []).filter(isOfPriority))
      expect(priorities.map((priority) => `${priorityMarks[priority]} ${priority}`)).toContain(name);
  });
});

describe('the ward', () => {
  it('calls a number old when the rest of Vigil does', () => {
    expect(freshSeconds[MDC.ecgHeartRate]).toBe(inSeconds(staleAfter(MDC.ecgHeartRate)));
    expect(freshSeconds[MDC.spo2]).toBe(inSeconds(staleAfter(MDC.spo2)));
    expect(freshSeconds.picture).toBeGreaterThan(2 * inSeconds(ROLL_CALL_EVERY));
  });

  it('asks the clock of the server, not that of the browser, and offers no range', () => {
    const { dashboard } = all.find(({ file }) => file === 'ward.json')!;
    expect(dashboard.timepicker?.hidden).toBe(true);
    const queries = dashboard.panels.flatMap((panel) =>
      'targets' in panel ? panel.targets.map(({ query }) => query) : [],
    );
    for (const query of queries) expect(query).toMatch(/time > now\(\) - \d+[sd] GROUP BY/);
  });
});

describe('the engine', () => {
  it('has a row for every bound of the histogram of /metrics', async () => {
    const text = await makeMeters().text();
    const bounds = [...text.matchAll(/^vigil_alert_latency_seconds_bucket\{le="([^"]+)"\}/gm)].map(
      ([, bound]) => bound,
    );
    expect(bounds).toEqual([...LATENCY_BOUNDS]);
  });

  it('asks for figures by the names of /metrics, or by those that the recorder adds', async () => {
    const text = await makeMeters().text();
    const known = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name!);
    const added = ['vigil_part_state', 'vigil_process_started', 'vigil_group_lag_records'];
    const asked = fileText(dashboards()['engine.json']!).matchAll(/\\"metric\\" = '(\w+?)(?:_bucket)?'/g);
    for (const [, name] of asked) expect([...known, ...added]).toContain(name);
  });
});

describe('a link', () => {
  /** Two signs stand otherwise in a tag of InfluxDB than in the bed's name. */
  const BED = 'ccu/3.1-07 50%\\';
  const page: Page = { fromMs: 0, toMs: 1, chosen: { bed: tagValue(BED), lead: 'II' } };
  /** What Grafana puts in for the row or the point that was clicked. */
  const clicked = (url: string): string =>
    url
      .replace(/\$\{__data\.fields\["[^"]+"\]\.numeric\}/g, '1700000000000')
      .replace(/\$\{__data\.fields\["[^"]+"\]:percentencode\}/g, encodeURIComponent(tagValue(BED)))
      .replace(/\$\{__value\.time\}/g, '1700000000000');
  const links = all.flatMap(({ file, dashboard }) =>
    linksOf(fileText(dashboard)).map((url) => ({ file, dashboard, url })),
  );

  it('is found', () => expect(links.length).toBeGreaterThan(10));

  it.each(links)('of $file leads to a dashboard that is there, or to the console: $url', ({ dashboard, url }) => {
    const target = new URL(clicked(withVariables(dashboard, page, clicked(url))), 'http://grafana');
    if (target.origin === 'http://grafana') {
      const other = all.find(({ dashboard: { uid } }) => target.pathname === `/d/${uid}`)!.dashboard;
      for (const key of target.searchParams.keys())
        if (key.startsWith('var-')) expect(other.templating.list.map(({ name }) => `var-${name}`)).toContain(key);
      expect(target.searchParams.get('var-bed')).toBe(tagValue(BED));
    } else {
      expect(target.origin).toBe('http://127.0.0.1:8420');
      if (target.hash !== '') expect(readAddress(target.hash).bed).toBe(BED);
    }
  });

  it('from the nurse console opens the dashboard of the patient with that bed', () => {
    const address = new URL(historyAddress('https://it.hospital.example/grafana', 'ccu/3.1-07 a'));
    const { dashboard } = all.find(({ file }) => file === 'patient.json')!;
    expect(address.pathname).toBe(`/grafana/d/${dashboard.uid}`);
    expect(dashboard.templating.list.map(({ name }) => `var-${name}`)).toContain([...address.searchParams.keys()][0]);
    expect(address.searchParams.get('var-bed')).toBe('ccu/3.1-07 a');
    // As its series are called: a page of a bed that is not there says that nothing was recorded.
    const odd = new URL(historyAddress('https://it.hospital.example/grafana', 'south%-1'));
    expect(odd.searchParams.get('var-bed')).toBe(tagValue('south%-1'));
  });

  it('to a strip shows all that is kept around an alarm', () => {
    expect(STRIP_WINDOW_MS).toBeGreaterThan(inMilliseconds(STRIP_BEFORE) + inMilliseconds(STRIP_AFTER));
  });
});
