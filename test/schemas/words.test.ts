import { describe, expect, it } from 'vitest';
import { SignalState } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { BeatClass, RhythmKind, Says, VerdictKind } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import {
  ARTEFACT,
  beatClasses,
  beatSymbol,
  rhythmName,
  rhythms,
  signalStates,
  signalWord,
  testimonies,
  testimonyWord,
  verdicts,
  verdictWord,
} from '../../schemas/words.ts';

/** What the wire can say of an enumeration, without "unspecified". */
const kindsOf = (enumeration: object): readonly number[] =>
  Object.values(enumeration).filter((kind): kind is number => typeof kind === 'number' && kind !== 0);

describe('the words for what the wire carries as numbers', () => {
  it.each([
    ['beat classes and artefacts', BeatClass, { ...beatClasses, [ARTEFACT]: BeatClass.ARTEFACT }, beatSymbol],
    ['rhythms', RhythmKind, rhythms, rhythmName],
    ['states of a signal', SignalState, signalStates, signalWord],
    ['verdicts', VerdictKind, verdicts, verdictWord],
    ['testimonies', Says, testimonies, testimonyWord],
  ] as const)('name all %s, and lead back to the same number', (_what, enumeration, kinds, wordOf) => {
    const said = kindsOf(enumeration).map((kind) => (wordOf as (kind: number) => string | undefined)(kind));
    expect(said.map((word) => (kinds as Readonly<Record<string, number>>)[word ?? ''])).toEqual(kindsOf(enumeration));
  });

  it('say nothing sure of a number of a newer Vigil', () => {
    const newer = 99 as never;
    expect([beatSymbol(newer), rhythmName(newer), signalWord(newer), verdictWord(newer), testimonyWord(newer)]).toEqual(
      ['Q', undefined, undefined, 'undecided', 'nothing'],
    );
  });
});
