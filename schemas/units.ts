/**
 * Units as types: a rate where a length of time belongs does not compile. No cost at run time.
 * Nothing clinical has a default unit, and a rate always travels with its samples.
 */
declare const unit: unique symbol;
export type Unit<Name extends string> = number & { readonly [unit]: Name };

/** A point in time: microseconds since 1970. Whole numbers below 2^53, so sums and differences are exact. */
export type Moment = Unit<'us since 1970'>;
/** A length of time in microseconds. */
export type Microseconds = Unit<'us'>;
export type Hertz = Unit<'Hz'>;

export const moment = (us: number): Moment => us as Moment;
export const microseconds = (us: number): Microseconds => us as Microseconds;
export const milliseconds = (ms: number): Microseconds => (ms * 1e3) as Microseconds;
export const seconds = (s: number): Microseconds => (s * 1e6) as Microseconds;
export const minutes = (count: number): Microseconds => (count * 60e6) as Microseconds;
export const days = (count: number): Microseconds => (count * 86_400e6) as Microseconds;
export const hertz = (hz: number): Hertz => hz as Hertz;

export const after = (from: Moment, span: Microseconds): Moment => (from + span) as Moment;
export const earlier = (than: Moment, span: Microseconds): Moment => (than - span) as Moment;
export const elapsed = (from: Moment, to: Moment): Microseconds => (to - from) as Microseconds;
export const inSeconds = (span: Microseconds): number => span / 1e6;
export const inMilliseconds = (span: Microseconds): number => span / 1e3;
