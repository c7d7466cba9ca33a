// What is used of three libraries that bring no types.
declare module 'ml-cart' {
  export class DecisionTreeRegression {
    constructor(options: { readonly maxDepth: number; readonly minNumSamples: number });
    train(rows: readonly (readonly number[])[], values: readonly number[]): void;
    predict(rows: readonly (readonly number[])[]): number[];
  }
}

declare module 'ml-logistic-regression' {
  import type { Matrix } from 'ml-matrix';
  export default class LogisticRegression {
    constructor(options: { readonly numSteps: number; readonly learningRate: number });
    /** One per class, each against the others; its own class is 0. */
    readonly classifiers: readonly { readonly weights: Matrix }[];
    train(rows: Matrix, labels: Matrix): void;
  }
}

declare module 'libsvm-js/asm.js' {
  export default class Svm {
    static readonly KERNEL_TYPES: { readonly LINEAR: string };
    static readonly SVM_TYPES: { readonly C_SVC: string };
    constructor(options: {
      readonly kernel: string;
      readonly type: string;
      readonly cost: number;
      readonly quiet: boolean;
    });
    train(rows: readonly (readonly number[])[], labels: readonly number[]): void;
    serializeModel(): string;
    free(): void;
  }
}
