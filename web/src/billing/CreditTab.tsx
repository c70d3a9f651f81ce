// SPDX-License-Identifier: Apache-2.0
import { FormGroup, TextInput } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { balanceQuery } from '../api/billing';
import { redemptionsQuery } from '../api/budget';
import { api, ask } from '../api/client';
import { ActionForm } from '../shared/ActionForm';
import { Empty } from '../shared/Empty';
import { Facts } from '../shared/Facts';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { money } from '../shared/money';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';

/** What pays invoices as they become final. */
export function CreditTab({ tenant }: { tenant: string }) {
  const query = useQuery(redemptionsQuery(tenant));
  const balances = useQuery(balanceQuery(tenant)).data ?? [];
  const queries = useQueryClient();
  const [code, setCode] = useState('');
  const redeem = async () => {
    await ask(api.POST('/api/v1/tenants/{tenant}/coupon-redemptions', { params: { path: { tenant } }, body: { code: code.trim() } }));
    setCode('');
    for (const key of ['coupon-redemptions', 'balance']) {
      await queries.invalidateQueries({ queryKey: [key, tenant] });
    }
  };
  return (
    <>
      {balances.length > 0 && (
        <Facts title={t('invoices.credit')} facts={balances.map((each) => [each.currency, money(each.credit, each.currency)])} />
      )}
      <ActionForm action={t('credit.redeem')} variant="secondary" isRow isReady={code.trim() !== ''} onSubmit={redeem}>
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
      </ActionForm>
      <Loaded query={query}>
        {(redemptions) =>
          redemptions.length === 0 ? (
            <Empty title={t('credit.none')}>{t('credit.none.what')}</Empty>
          ) : (
            <List
              label={t('credit.redeemed')}
              items={redemptions}
              keyOf={(redemption) => redemption.code}
              columns={[
                { title: t('credit.code'), show: (redemption) => <code>{redemption.code}</code> },
                { title: t('credit.amount'), show: (redemption) => money(redemption.amount, redemption.currency) },
                { title: t('credit.redeemed'), show: (redemption) => <Moment at={redemption.at} /> },
              ]}
            />
          )
        }
      </Loaded>
      <SameAs lines={[[t('credit.redeem'), curl('POST', `/tenants/${tenant}/coupon-redemptions`, { code: 'WELCOME-2026' })]]} />
    </>
  );
}
