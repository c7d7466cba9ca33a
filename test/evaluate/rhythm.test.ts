import { describe, expect, it } from 'vitest';
import {
  answerOf,
  cinc2017Report,
  type JudgedRecord,
  parseReference,
} from '../../services/evaluate/rhythm/judge-cinc2017.ts';
import { episodesOf, rhythmSpans } from '../../services/evaluate/rhythm/reference-rhythms.ts';
import { rhythmHtml } from '../../services/evaluate/rhythm/rhythm-html.ts';
import { rhythmText } from '../../services/evaluate/rhythm/rhythm-text.ts';
import { saidRhythms, secondsByWord } from '../../services/evaluate/rhythm/said-rhythms.ts';

const RATE_HZ = 250;
const at = (second: number, symbol: string, aux = '') => ({ sample: second * RATE_HZ, symbol, aux });

describe('the rhythms of a reference', () => {
  it('last until the next change, the last one until the end of the record', () => {
    expect(rhythmSpans([at(0, '+', '(N'), at(3, 'N'), at(60, '+', '(AFIB')], RATE_HZ, 100)).toEqual([
      { rhythm: 'N', fromSeconds: 0, toSeconds: 60 },
      { rhythm: 'AFIB', fromSeconds: 60, toSeconds: 100 },
    ]);
  });

  it('hold flutter as a rhythm and between brackets', () => {
    const annotations = [at(10, '['), at(20, ']'), at(30, '+', '(VFIB'), at(40, '+', '(N')];
    const episodes = episodesOf('vf', rhythmSpans(annotations, RATE_HZ, 50), annotations, RATE_HZ, 50);
    expect(episodes.map(({ fromSeconds, toSeconds }) => [fromSeconds, toSeconds])).toEqual([
      [30, 40],
      [10, 20],
    ]);
  });
});

const LINES = [
  '{"kind":"rhythm","at":2.000,"said":2.000,"rhythm":"sinus-like"}',
  '{"kind":"beat","at":3.000,"said":3.300,"class":"N","probability":0.9,"rr":0.8,"amplitude":1}',
  '{"kind":"condition","at":5.000,"said":20.000,"condition":"af","present":true,"priority":"yellow","evidence":"","preset":"vigil"}',
  '{"kind":"rhythm","at":5.000,"said":20.000,"rhythm":"af"}',
  '{"kind":"condition","at":32.500,"said":32.500,"condition":"af","present":false,"priority":"yellow","evidence":"","preset":"vigil"}',
].join('\n');

describe('what a replay said', () => {
  it('is read as episodes with their first word; what was said after the record ended counts for nothing', () => {
    const { episodes, words } = saidRhythms(LINES, 30);
    expect(episodes['af']).toEqual([{ fromSeconds: 5, saidSeconds: 20, toSeconds: 30 }]);
    expect([...secondsByWord(words, 30)]).toEqual([
      ['sinus-like', 3],
      ['af', 25],
    ]);
  });
});

describe('a record of CinC 2017', () => {
  const answer = (seconds: Readonly<Record<string, number>>) => answerOf(new Map(Object.entries(seconds)));

  it('is A when fibrillation covers at least half of the time that got a rhythm, and noise is no rhythm', () => {
    expect(answer({ 'sinus-like': 10, af: 10 })).toBe('A');
    expect(answer({ 'sinus-like': 11, af: 10 })).toBe('N or O');
    expect(answer({ 'sinus-like': 5, af: 5, noise: 20 })).toBe('A');
    expect(answer({ 'sinus-like': 10, noise: 20 })).toBe('~');
    expect(answer({})).toBe('nothing');
  });

  it('counts for F1 = 2 TP / (2 TP + FP + FN), and the report says what is not told apart', () => {
    expect(parseReference('A1,A\nA2,~\r\nA3,x\n\n')).toEqual([
      ['A1', 'A'],
      ['A2', '~'],
    ]);
    const records: JudgedRecord[] = [
      { record: '1', is: 'A', said: 'A' },
      { record: '2', is: 'A', said: 'N or O' },
      { record: '3', is: 'O', said: 'A' },
      { record: '4', is: 'N', said: 'N or O' },
    ];
    const report = { cinc2017: { directory: 'here', ...cinc2017Report(records) } };
    expect(report.cinc2017.f1OfA.value).toBeCloseTo(0.5, 12);
    expect(rhythmText(report)).toContain('Not told apart: N (normal) and O (other)');
    expect(rhythmHtml(report)).toContain('not a cleared medical device');
  });
});
