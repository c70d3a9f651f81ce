// SPDX-License-Identifier: Apache-2.0
import type { Budget, NewBudget } from '../api/types';
import { isCurrency, minorOf, typedOf } from '../shared/money';

/** A budget as it stands in the form's fields. */
export interface Typed {
  currency: string;
  monthly: string;
  alerts: string;
  throttleAt: string;
  freezeAt: string;
  stopAt: string;
}

export const STEPS = ['throttleAt', 'freezeAt', 'stopAt'] as const;
const MOST_PERCENT = 1000;

export function typed(budget: Budget | null): Typed {
  if (budget === null) {
    return { currency: 'EUR', monthly: '', alerts: '50, 80, 100', throttleAt: '', freezeAt: '', stopAt: '' };
  }
  const at = (percent: number | null) => (percent === null ? '' : String(percent));
  return {
    currency: budget.currency,
    monthly: typedOf(budget.monthly, budget.currency),
    alerts: budget.alerts.join(', '),
    throttleAt: at(budget.caps.throttleAt),
    freezeAt: at(budget.caps.freezeAt),
    stopAt: at(budget.caps.stopAt),
  };
}

/** What is sent; null while something that was typed is none of it. The platform says what else it wants. */
export function wished(fields: Typed): NewBudget | null {
  const monthly = isCurrency(fields.currency) ? minorOf(fields.monthly, fields.currency) : null;
  const alerts = fields.alerts.split(/[\s,]+/).filter((each) => each !== '').map(percentOf);
  const caps = STEPS.map((step) => [step, fields[step].trim()] as const).filter(([, text]) => text !== '');
  const numbers = caps.map(([step, text]) => [step, percentOf(text)] as const);
  if (monthly === null || monthly === 0 || alerts.includes(null) || numbers.some(([, percent]) => percent === null)) {
    return null;
  }
  return { currency: fields.currency, monthly, alerts: alerts as number[], caps: Object.fromEntries(numbers) };
}

function percentOf(text: string): number | null {
  const percent = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return percent >= 1 && percent <= MOST_PERCENT ? percent : null;
}
