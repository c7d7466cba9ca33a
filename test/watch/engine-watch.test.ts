import { describe, expect, it } from 'vitest';
import { troublesOf } from '../../services/watch/engine-watch.ts';
import { moving, openStory, still, WELL } from './engine-story.ts';

const { 'analysis-0': _, ...withoutAnalysis } = WELL;
const { 'alarms-0': __, ...withoutAlarms } = WELL;

describe('a process that stops reporting', () => {
  it('is told as silent after eight seconds, and as well again when its next life reports', () => {
    const story = openStory();
    story.pass(60, WELL);
    story.pass(12, withoutAnalysis);
    story.pass(3, { ...withoutAnalysis, 'analysis-0': { startedUs: 2 } });
    expect(story.said()).toEqual(['68s analysis-silent comes', '74s analysis-silent goes']);
    expect(story.memory().begunAnew).toEqual(new Map([['analysis-0', 1]]));
  });

  it('is told once, for however long it is silent', () => {
    const story = openStory();
    story.pass(10, WELL);
    story.pass(600, withoutAnalysis);
    expect(story.said()).toEqual(['18s analysis-silent comes']);
  });

  it('is no fault when it was asked to stop', () => {
    const story = openStory();
    story.pass(10, WELL);
    story.report('recorder-0', { stopping: true });
    story.pass(600, { 'analysis-0': {}, 'alarms-0': {} });
    expect(story.said()).toEqual([]);
  });

  it('is no fault when it was begun anew at once', () => {
    const story = openStory();
    story.pass(10, WELL);
    story.pass(60, { ...withoutAnalysis, 'analysis-0': { startedUs: 2 } });
    expect(story.said()).toEqual([]);
    expect(story.memory().begunAnew).toEqual(new Map([['analysis-0', 1]]));
  });

  it('is told for each of its stages', () => {
    const story = openStory();
    story.pass(10, { 'analysis+alarms-0': {}, 'recorder-0': {} });
    story.pass(8, { 'recorder-0': {} });
    expect(story.said()).toEqual(['18s analysis-silent comes', '18s alarms-silent comes']);
  });

  it('is still missed when another process takes over its partitions and with them its name', () => {
    const story = openStory();
    const two = { ...WELL, 'analysis-2': { startedUs: 2 } };
    story.pass(10, two);
    story.pass(20, { ...withoutAnalysis, 'analysis-0 taken over': { startedUs: 2 } });
    expect(story.said()).toEqual(['18s analysis-silent comes']);
    story.pass(2, { ...withoutAnalysis, 'analysis-0 taken over': { startedUs: 2 }, 'analysis-1': { startedUs: 3 } });
    expect(story.said().slice(1)).toEqual(['32s analysis-silent goes']);
  });

  it('is forgotten after ten minutes in which others did its work', () => {
    const story = openStory();
    story.pass(10, { ...WELL, 'analysis-2': { startedUs: 2 } });
    story.pass(700, WELL);
    expect(story.said()).toEqual(['18s analysis-silent comes', '610s analysis-silent goes']);
  });

  it('is forgotten too when the same work was shared out among other processes', () => {
    const story = openStory();
    story.pass(10, { 'analysis+alarms-0': {} });
    story.pass(700, { 'analysis-0': {}, 'alarms-0': {} });
    expect(story.said().filter((line) => line.includes('goes'))).toEqual([
      '610s analysis-silent goes',
      '610s alarms-silent goes',
    ]);
  });

  it('rings anew when one more falls silent, although the first was acknowledged', () => {
    const story = openStory();
    story.pass(10, { ...WELL, 'analysis-2': { startedUs: 2 } });
    story.pass(9, { ...withoutAnalysis, 'analysis-2': { startedUs: 2 } });
    story.pass(9, withoutAnalysis);
    expect(story.said()).toEqual([
      '18s analysis-silent comes',
      '27s analysis-silent goes',
      '27s analysis-silent comes',
    ]);
  });
});

describe('a stage that nobody runs', () => {
  it('is missed after half a minute, as after a stop on purpose', () => {
    const story = openStory();
    story.pass(29, { 'recorder-0': {}, 'alarms-0': {} });
    expect(story.said()).toEqual([]);
    story.pass(1, { 'recorder-0': {}, 'alarms-0': {} });
    expect(story.said()).toEqual(['30s analysis-silent comes']);
    story.pass(2, WELL);
    expect(story.said().slice(1)).toEqual(['32s analysis-silent goes']);
  });

  it('is not missed when no alarm needs it', () => {
    const story = openStory();
    story.pass(100, { 'analysis-0': {}, 'alarms-0': {} });
    expect(story.said()).toEqual([]);
  });
});

describe('the log', () => {
  it('is told past itself while it is away, and with its times once it is back; nobody else is blamed meanwhile', () => {
    const story = openStory();
    story.pass(10, WELL);
    story.pass(39, {}, 'the log does not answer');
    story.pass(1, {}, 'connection refused');
    expect(troublesOf(story.memory())).toEqual([
      { name: 'log-away', sentence: 'no new alarm can come, trust the monitors: the log does not answer', forS: 40 },
    ]);
    expect(story.said()).toEqual([]);
    story.pass(5, {});
    story.pass(10, WELL);
    expect(story.said()).toEqual(['52s log-away comes (41 s ago)', '52s log-away goes']);
    expect(troublesOf(story.memory())).toEqual([]);
  });

  it('is away too when what Vigil writes does not come back', () => {
    const story = openStory();
    story.pass(10, WELL);
    story.passDeaf(8);
    expect(troublesOf(story.memory()).map(({ name }) => name)).toEqual(['log-away']);
    story.pass(2, WELL);
    expect(troublesOf(story.memory())).toEqual([]);
  });

  it('leaves a process that was silent before as silent as it was, when it is back', () => {
    const story = openStory();
    story.pass(10, WELL);
    story.pass(9, withoutAnalysis);
    story.pass(30, {}, 'away');
    story.pass(7, withoutAnalysis);
    story.pass(20, withoutAnalysis);
    expect(story.said().filter((line) => line.includes('analysis'))).toEqual(['18s analysis-silent comes']);
  });
});

describe('a group that stands still', () => {
  it('is told, and that it moves again', () => {
    const story = openStory();
    story.pass(10, WELL);
    story.lags(still('vigil-analysis', 'analysis'), moving('vigil-alarms', 'alarms'));
    story.pass(3, WELL);
    story.lags(moving('vigil-analysis', 'analysis'));
    story.pass(3, WELL);
    expect(story.said()).toEqual(['11s analysis-stuck comes', '14s analysis-stuck goes']);
  });

  it('is no news while its process is silent, nor while its next life begins', () => {
    const story = openStory();
    story.pass(10, WELL);
    story.lags(still('vigil-analysis', 'analysis'));
    story.pass(9, withoutAnalysis);
    story.pass(14, { ...withoutAnalysis, 'analysis-0': { startedUs: 2 } });
    story.lags(moving('vigil-analysis', 'analysis'));
    story.pass(9, { ...withoutAnalysis, 'analysis-0': { startedUs: 2 } });
    expect(story.said()).toEqual([
      '11s analysis-stuck comes',
      '18s analysis-stuck goes',
      '18s analysis-silent comes',
      '21s analysis-silent goes',
    ]);
  });

  it('is told of one whose next life does not move either', () => {
    const story = openStory();
    story.pass(10, WELL);
    story.pass(8, withoutAnalysis);
    story.lags(still('vigil-analysis', 'analysis'));
    story.pass(30, { ...withoutAnalysis, 'analysis-0': { startedUs: 2 } });
    expect(story.said()).toEqual(['18s analysis-silent comes', '20s analysis-silent goes', '34s analysis-stuck comes']);
  });

  it('is no news when it is of a recorder that never ran', () => {
    const story = openStory();
    story.lags(still('vigil-recorder-findings', 'recorder', false));
    story.pass(20, { 'analysis-0': {}, 'alarms-0': {} });
    expect(story.said()).toEqual([]);
  });
});

describe('what a report says of its parts', () => {
  it.each([
    ['recorder-0', 'series store', 'failed', 'series-away'],
    ['analysis-0', 'inference', 'degraded', 'inference-fallback'],
    ['analysis-0', 'inference', 'failed', 'model-failed'],
    ['front', 'audit', 'degraded', 'audit-away'],
  ] as const)('comes and goes: %s, %s %s', (process, part, state, condition) => {
    const story = openStory();
    story.pass(5, WELL);
    story.pass(5, { ...WELL, [process]: { parts: { [part]: state } } });
    story.pass(5, { ...WELL, [process]: { parts: { [part]: 'ok' } } });
    expect(story.said()).toEqual([`7s ${condition} comes`, `12s ${condition} goes`]);
  });

  it('does not ring anew when the process is begun anew with the same fault', () => {
    const story = openStory();
    const failing = { parts: { 'series store': 'failed' as const } };
    story.pass(5, { ...WELL, 'recorder-0': failing });
    story.pass(60, { 'analysis-0': {}, 'alarms-0': {}, 'recorder-0': { ...failing, startedUs: 2 } });
    expect(story.said()).toEqual(['2s series-away comes']);
  });

  it('is not known any more of a process that fell silent', () => {
    const story = openStory();
    story.pass(5, { ...WELL, 'recorder-0': { parts: { 'series store': 'failed' } } });
    story.pass(9, { 'analysis-0': {}, 'alarms-0': {} });
    expect(story.said()).toEqual(['2s series-away comes', '13s series-away goes', '13s recorder-silent comes']);
  });
});

describe('a clock that is off', () => {
  it('is told after three reports that all say so, and as well after one that does not', () => {
    const story = openStory();
    story.pass(10, WELL);
    story.pass(5, { ...WELL, 'recorder-0': { offsetS: -3.2 } });
    story.pass(2, WELL);
    expect(story.said()).toEqual(['14s clock-off comes', '17s clock-off goes']);
  });

  it('is not told when single reports were long on their way', () => {
    const story = openStory();
    for (let i = 0; i < 10; i++) {
      story.pass(2, { ...WELL, 'recorder-0': { offsetS: 4 } });
      story.pass(1, WELL);
    }
    expect(story.said()).toEqual([]);
  });
});

describe('what the alarms stage has not answered', () => {
  it('goes past the log after three seconds, and not when it has answered', () => {
    const story = openStory({ answers: false });
    story.pass(10, WELL);
    const storeAway = { ...WELL, 'recorder-0': { parts: { 'series store': 'failed' as const } } };
    story.pass(4, storeAway);
    expect(story.said()).toEqual(['12s series-away comes']);
    expect(troublesOf(story.memory())).toEqual([]);
    story.pass(1, storeAway);
    expect(troublesOf(story.memory()).map(({ name }) => name)).toEqual(['series-away']);
    story.picture('series-away');
    expect(troublesOf(story.memory())).toEqual([]);
  });

  it('goes past the log after one second where a process fell silent: what it left open may hold the word of it back', () => {
    const story = openStory({ answers: false });
    story.pass(10, WELL);
    story.pass(8, withoutAnalysis);
    expect(story.said()).toEqual(['18s analysis-silent comes']);
    expect(troublesOf(story.memory())).toEqual([]);
    story.pass(1, withoutAnalysis);
    expect(troublesOf(story.memory()).map(({ name }) => name)).toEqual(['analysis-silent']);
  });

  it('goes past the log at once while the alarms stage is known to be silent, and everything with it', () => {
    const story = openStory({ answers: false });
    story.pass(10, WELL);
    story.pass(8, withoutAlarms);
    expect(troublesOf(story.memory()).map(({ name }) => name)).toEqual(['alarms-silent']);
    story.pass(2, { ...withoutAlarms, 'recorder-0': { parts: { 'series store': 'failed' } } });
    expect(troublesOf(story.memory()).map(({ name }) => name)).toEqual(['alarms-silent', 'series-away']);
  });

  it('is said again until it is answered, with the moment at which it came', () => {
    const story = openStory({ answers: false });
    story.pass(1, WELL);
    story.pass(25, { ...WELL, 'recorder-0': { parts: { 'series store': 'failed' } } });
    expect(story.said()).toEqual([
      '3s series-away comes',
      '13s series-away comes (9 s ago)',
      '23s series-away comes (19 s ago)',
    ]);
  });
});

describe('the watch after a restart', () => {
  it('neither repeats what it had said nor loses it', () => {
    const story = openStory();
    story.picture('analysis-silent', 'series-away');
    story.pass(60, { ...withoutAnalysis, 'recorder-0': { parts: { 'series store': 'failed' } } });
    expect(story.said()).toEqual([]);
    story.pass(2, WELL);
    expect(story.said()).toEqual(['62s analysis-silent goes', '62s series-away goes']);
  });

  it('takes back what is no longer so, once everybody had time to be heard', () => {
    const story = openStory();
    story.picture('alarms-stuck', 'log-away');
    story.pass(40, WELL);
    expect(story.said()).toEqual(['32s alarms-stuck goes', '32s log-away goes']);
  });

  it('knows from the reports on the log of a process that died before it began', () => {
    const story = openStory();
    story.report('analysis-0');
    story.report('alarms-0');
    story.pass(9, { 'alarms-0': {}, 'recorder-0': {} });
    expect(story.said()).toEqual(['8s analysis-silent comes']);
  });

  it('is not missed in its own life before, however often it was begun anew', () => {
    const story = openStory();
    story.report('front', { startedUs: -3 });
    story.report('front', { startedUs: -2 });
    story.report('front', { startedUs: -1 });
    story.pass(60, WELL);
    expect(story.said()).toEqual([]);
  });
});
