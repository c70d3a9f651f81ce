// SPDX-License-Identifier: Apache-2.0
import { FormGroup, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { ActionForm } from '../shared/ActionForm';
import { isCurrency, minorOf } from '../shared/money';
import { t } from '../text';

/** A code, what it is worth, and how many may take it. */
export function NewCoupon({ onMade }: { onMade: () => Promise<unknown> }) {
  const [code, setCode] = useState('');
  const [amount, setAmount] = useState('');
  const [currency, setCurrency] = useState('EUR');
  const [most, setMost] = useState('');
  const worth = isCurrency(currency) ? minorOf(amount, currency) : null;
  const isReady = code !== '' && worth !== null && worth > 0 && /^\d{0,9}$/.test(most);
  const make = async () => {
    await ask(
      api.POST('/api/v1/coupons', { body: { code, currency, amount: worth ?? 0, ...(most === '' ? {} : { most: Number(most) }) } }),
    );
    setCode('');
    setAmount('');
    setMost('');
    await onMade();
  };
  return (
    <ActionForm action={t('coupons.add')} variant="secondary" isRow isReady={isReady} onSubmit={make}>
      <FormGroup label={t('credit.code')} fieldId="coupon-code" isRequired>
        <TextInput
          id="coupon-code"
          value={code}
          onChange={(_event, value) => setCode(value.toUpperCase())}
          placeholder="WELCOME-2026"
          maxLength={32}
          autoComplete="off"
          isRequired
        />
      </FormGroup>
      <FormGroup label={t('credit.amount')} fieldId="coupon-amount" isRequired>
        <TextInput id="coupon-amount" value={amount} onChange={(_event, value) => setAmount(value)} inputMode="decimal" autoComplete="off" isRequired />
      </FormGroup>
      <FormGroup label={t('budget.field.currency')} fieldId="coupon-currency" isRequired>
        <TextInput id="coupon-currency" value={currency} onChange={(_event, value) => setCurrency(value.toUpperCase())} maxLength={3} isRequired />
      </FormGroup>
      <FormGroup label={t('coupons.most')} fieldId="coupon-most">
        <TextInput id="coupon-most" value={most} onChange={(_event, value) => setMost(value)} inputMode="numeric" autoComplete="off" />
      </FormGroup>
    </ActionForm>
  );
}
