/** A risk that a network says once an hour. */
export interface LiveRisk {
  /** Of what, for example "sepsis". */
  readonly name: string;
  readonly horizonHours: number;
  readonly state: 'value' | 'insufficient' | 'failed';
  /** Calibrated, 0 … 1; null unless the state is value. */
  readonly probability: number | null;
  /** How often sepsis came where so much was said, on wards never seen, 0 … 1; absent: no number, or not measured of this network. */
  readonly interval?: { readonly low: number; readonly high: number };
  readonly threshold: number;
  /** At the threshold or above it. Shown; it does not ring. */
  readonly alarm: boolean;
  readonly missing: readonly string[];
  /** Farthest from what is usual first. */
  readonly inputs: readonly {
    readonly name: string;
    readonly unit: string;
    readonly value: number;
    readonly atUs: number;
  }[];
  /** What the number leans on most, strongest first; absent: not told. */
  readonly causes?: readonly LiveRiskCause[];
  /** The end of the hour that it speaks of. */
  readonly atUs: number;
}

/** One signal, by what the same network says of the same hour without it. */
export interface LiveRiskCause {
  readonly name: string;
  /** How much the probability has by it: above 0 it raises the number, below 0 it lowers it. */
  readonly weight: number;
  readonly unit: string;
  /** Null: there is no one value, or time. */
  readonly value: number | null;
  readonly atUs: number | null;
}
