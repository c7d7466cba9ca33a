/** What every query must answer on the recorded ward, and on which page. */
import type { Query } from '../asked-queries.ts';
import type { Page } from '../page.ts';
import { BED, DAY, END_MS } from '../recorded-ward/story.ts';
import { alarmBurdenExpectations } from './alarm-burden.ts';
import { engineExpectations } from './engine.ts';
import type { Expectations } from './expectation.ts';
import { patientExpectations } from './patient.ts';
import { wardExpectations } from './ward.ts';

export const expectations: Expectations = {
  ...wardExpectations,
  ...patientExpectations,
  ...alarmBurdenExpectations,
  ...engineExpectations,
};

/** The page on which a query is asked, with what is wanted otherwise. */
export const pageOf = (query: Query, otherwise: Partial<Page> = {}): Page => {
  const { page: usual = {} } = expectations[query.name]!;
  const { fromMs = END_MS - DAY, toMs = END_MS } = { ...usual, ...otherwise };
  return { fromMs, toMs, chosen: { bed: BED, ...usual.chosen, ...otherwise.chosen } };
};
