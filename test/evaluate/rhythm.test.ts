import { describe, expect, it } from 'vitest';
import { answerOf, cinc2017Report, type JudgedRecord } from '../../services/evaluate/rhythm/judge-cinc2017.ts';
import { changesBehind, episodesOf, rhythmSpans } from '../../services/evaluate/rhythm/reference-rhythms.ts';
import { rhythmHtml } from '../../services/evaluate/rhythm/rhythm-html.ts';
import { rhythmText } from '../../services/evaluate/rhythm/rhythm-text.ts';
import { saidRhythms, secondsByWord } from '../../services/evaluate/rhythm/said-rhythms.ts';
import { parseReference } from '../../services/recordings/cinc2017-reference.ts';
import { writeAnnotations } from '../../services/recordings/wfdb/annotations.ts';
import { vigil } from '../cli/terminal.ts';
import { put, temporaryFolder } from '../recordings/made-record.ts';
import { madeRhythm } from '../recordings/made-rhythms.ts';

const RATE_HZ = 250;
const at = (second: number, symbol: string, aux = '') => ({ sample: second * RATE_HZ, symbol, aux });

describe('the rhythms of a reference', () => {
  it('last until the next change, the last one until the end of the record', () => {
    expect(rhythmSpans([at(0, '+', '(N'), at(3, 'N'), at(60, '+', '(AFIB')], RATE_HZ, 100)).toEqual([
      { rhythm: 'N', fromSeconds: 0, toSeconds: 60 },
      { rhythm: 'AFIB', fromSeconds: 60, toSeconds: 100 },
    ]);
  });

  it('end with the recording: what a reference has behind it is left out', () => {
    const annotations = [
      at(0, '+', '(N'),
      at(40, '+', '(VT'),
      at(45, '['),
      at(60, '+', '(N'),
      at(70, ']'),
      at(80, '['),
    ];
    const spans = rhythmSpans(annotations, RATE_HZ, 50);
    expect(spans.at(-1)).toEqual({ rhythm: 'VT', fromSeconds: 40, toSeconds: 50 });
    expect(episodesOf('vf', spans, annotations, RATE_HZ, 50)).toEqual([{ fromSeconds: 45, toSeconds: 50 }]);
    expect(changesBehind(annotations, RATE_HZ, 50)).toBe(1);
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

  it('counts for F1 = 2 TP / (2 TP + FP + FN), and the report says what is not told apart', async () => {
    expect(parseReference('\uFEFFA1,A\n"A2","~"\r\nA3,x\n\n')).toEqual([
      ['A1', 'A'],
      ['A2', '~'],
    ]);
    const records: JudgedRecord[] = [
      { record: '1', is: 'A', said: 'A' },
      { record: '2', is: 'A', said: 'N or O' },
      { record: '3', is: 'O', said: 'A' },
      { record: '4', is: 'N', said: 'N or O' },
    ];
    const report = { cinc2017: { directory: 'here', unjudged: ['5: torn'], ...cinc2017Report(records) } };
    expect(report.cinc2017.f1OfA.value).toBeCloseTo(0.5, 12);
    expect(rhythmText(report)).toContain('Not told apart: N (normal) and O (other)');
    expect(rhythmText(report)).toContain('NOT JUDGED, and in no figure: 5: torn.');
    expect(await rhythmHtml(report)).toContain('Not a cleared medical device');
  });
});

describe('vigil evaluate rhythm', () => {
  it('holds REFERENCE.csv against the folder before anything is played', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, {
      ...madeRhythm('a1', 'af', 40, 1),
      ...madeRhythm('a2', 'af', 40, 2),
      ...madeRhythm('a3', 'af', 40, 3),
    });
    await put(folder.path, { 'REFERENCE.csv': 'record,class\na1,N\na2,x\na9,A\n' });
    const told = await vigil('evaluate', 'rhythm', '--cinc2017', folder.path);
    expect(told.code).toBe(1);
    expect(told.side.split('\n').slice(0, 3)).toEqual([
      'a2: REFERENCE.csv says "x" of it, which is none of N A O ~',
      'a9: REFERENCE.csv names it, and there is no a9.hea',
      'a3: REFERENCE.csv does not name it',
    ]);
    expect(told.side).toMatch(/^1 of 1 records in/m);
    expect(told.out).toContain('1 records of one lead');
    expect(told.side).toContain('3 records could not be judged.');
  });

  it('holds nothing against what a reference of beats alone does not tell', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, madeRhythm('a1', 'af', 40, 1));
    await put(folder.path, { 'a1.atr': writeAnnotations([{ sample: 50, symbol: 'N', aux: '' }]) });
    const told = await vigil('evaluate', 'rhythm', '--wfdb', folder.path);
    expect([told.code, told.side]).toEqual([
      1,
      expect.stringMatching(/^a1: a1\.atr tells no rhythm.*\n\S+ holds no record/),
    ]);
  });

  it('plays nothing where there is no reference', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, madeRhythm('a1', 'af', 40, 1));
    const short = await vigil('evaluate', 'rhythm', '--cinc2017', folder.path);
    expect([short.code, short.side]).toEqual([2, expect.stringMatching(/^\S+ has no REFERENCE\.csv/)]);
    const long = await vigil('evaluate', 'rhythm', '--wfdb', folder.path);
    expect([long.code, long.side]).toEqual([
      1,
      expect.stringMatching(/^a1: a1\.atr cannot be read.*\n\S+ holds no record/),
    ]);
  });
});
