import type { Fold } from '../../stream-models/fold.ts';

/** Whether analysis keeps up with one bed: telemetry comes, so analysis must say something, if only that time passes. */
export interface BedWatch {
  readonly telemetry: boolean;
  readonly analysis: boolean;
  /** Whole seconds with telemetry and without a word from analysis. */
  readonly quiet: number;
  readonly reported: boolean;
}

export type WatchInput =
  | { readonly tag: 'Telemetry' }
  | { readonly tag: 'Analysis' }
  | { readonly tag: 'SecondPassed' }
  /** After a restart: the bed's alarms say that it was reported before. */
  | { readonly tag: 'ReportedBefore' };

const ANALYSIS_QUIET_MAX_S = 5;

/** Watches one bed; says when analysis has fallen silent (true) and when it speaks again (false). */
export const watchdog: Fold<BedWatch, WatchInput, boolean> = {
  start: { telemetry: false, analysis: false, quiet: 0, reported: false },
  step: (watch, input) => {
    switch (input.tag) {
      case 'Telemetry':
        return [watch.telemetry ? watch : { ...watch, telemetry: true }, []];
      case 'ReportedBefore':
        return [watch.reported ? watch : { ...watch, reported: true }, []];
      case 'Analysis':
        if (watch.reported) return [{ ...watch, analysis: true, quiet: 0, reported: false }, [false]];
        return [watch.analysis ? watch : { ...watch, analysis: true, quiet: 0 }, []];
      case 'SecondPassed': {
        const quiet = watch.analysis ? 0 : watch.quiet + (watch.telemetry ? 1 : 0);
        const rings = quiet >= ANALYSIS_QUIET_MAX_S && !watch.reported;
        const after = { telemetry: false, analysis: false, quiet, reported: watch.reported || rings };
        return [after, rings ? [true] : []];
      }
    }
  },
};
