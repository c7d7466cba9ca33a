/** Questions to `/v1/review/*`, and where each stands. */
import { useEffect, useState } from 'react';
import { memory } from '../live/memory.ts';

export type Asked<Answer> =
  | { readonly tag: 'Reading' }
  | { readonly tag: 'There'; readonly answer: Answer }
  | { readonly tag: 'Failed'; readonly sentence: string };

/** Whoever goes through a list with the arrow keys asks for the one where he stops. */
const SETTLED_AFTER_MS = 120;
const AGAIN_AFTER_MS = 1_000;

export interface Question {
  readonly path: 'stretch' | 'events' | 'overview';
  readonly bed: string;
  readonly fromUs: number;
  readonly toUs: number;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => window.setTimeout(resolve, ms));

const ask = async <Answer>({ path, bed, fromUs, toUs }: Question, signal: AbortSignal): Promise<Asked<Answer>> => {
  const query = new URLSearchParams({ bed, fromUs: String(Math.round(fromUs)), toUs: String(Math.round(toUs)) });
  const token = memory.token();
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const address = new URL(`v1/review/${path}?${query.toString()}`, new URL('.', document.baseURI));
  const answer = await fetch(address, { headers, signal });
  if (answer.status === 401) {
    memory.tokenRefused();
    // A wrong one in the link does not stand before the one that this browser has.
    if (memory.token() !== token) return ask({ path, bed, fromUs, toUs }, signal);
    return {
      tag: 'Failed',
      sentence:
        'A token is needed: open the console with its link (`console-link`) in this browser, then load this page again.',
    };
  }
  const said = (await answer.json()) as Answer & { readonly code?: string; readonly detail?: string };
  if (answer.status === 503 && said.code === 'busy') {
    await pause(AGAIN_AFTER_MS);
    return signal.aborted ? { tag: 'Reading' } : ask({ path, bed, fromUs, toUs }, signal);
  }
  if (!answer.ok) return { tag: 'Failed', sentence: said.detail ?? `Vigil answers ${answer.status}.` };
  memory.tokenTaken();
  return { tag: 'There', answer: said };
};

/** Asks whenever the question is another one; undefined: nothing is asked. What was answered before is not shown for it. */
export const useAsked = <Answer>(question: Question | undefined): Asked<Answer> => {
  const key = JSON.stringify(question ?? null);
  const [asked, setAsked] = useState<{ readonly key: string; readonly state: Asked<Answer> }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the question
  useEffect(() => {
    if (question === undefined) return;
    const over = new AbortController();
    const tell = (state: Asked<Answer>): void => {
      if (!over.signal.aborted) setAsked({ key, state });
    };
    const settledAfterMs = asked === undefined ? 0 : SETTLED_AFTER_MS;
    const timer = window.setTimeout(() => {
      // Whoever is turned away because others look back asks again: they are done in a moment.
      ask<Answer>(question, over.signal).then(tell, (cause: unknown) =>
        tell({ tag: 'Failed', sentence: `Vigil does not answer (${String(cause)}). Load the page again.` }),
      );
    }, settledAfterMs);
    return () => {
      window.clearTimeout(timer);
      over.abort();
    };
  }, [key]);
  return asked?.key === key ? asked.state : { tag: 'Reading' };
};
