import type { RiskLevels } from './risk-interval.ts';

/** Written by test/accuracy/sepsis-risk-interval.ts; how it was measured is in MODEL_CARD.md. */
export const riskLevels: RiskLevels = {
  model: 'aca8e1fdd692079165ec3ec2ad1231d8cd2f9179f9396f1b7bcbeb7a87949e38',
  levels: [
    { risk: 0.00153, low: 0, high: 0.001524 },
    { risk: 0.003032, low: 0, high: 0.005408 },
    { risk: 0.004992, low: 0.0003017, high: 0.007168 },
    { risk: 0.007911, low: 0.001335, high: 0.01301 },
    { risk: 0.01234, low: 0.003589, high: 0.02442 },
    { risk: 0.01733, low: 0.004699, high: 0.02654 },
    { risk: 0.02434, low: 0.006024, high: 0.03659 },
    { risk: 0.03443, low: 0.01267, high: 0.05146 },
    { risk: 0.04832, low: 0.02734, high: 0.07337 },
    { risk: 0.06899, low: 0.05305, high: 0.1118 },
    { risk: 0.09793, low: 0.07963, high: 0.1412 },
    { risk: 0.1385, low: 0.09737, high: 0.1842 },
    { risk: 0.1943, low: 0.1163, high: 0.3264 },
    { risk: 0.2731, low: 0.125, high: 0.4684 },
    { risk: 0.3915, low: 0.2024, high: 0.5862 },
  ],
};
