// SPDX-License-Identifier: Apache-2.0
import { Button, Label } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { couponsQuery } from '../api/budget';
import { api, ask } from '../api/client';
import type { Coupon } from '../api/types';
import { Empty } from '../shared/Empty';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment, useNow } from '../shared/Moment';
import { money } from '../shared/money';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { useToasts } from '../shared/Toasts';
import { t } from '../text';
import { couponState } from './couponState';
import { NewCoupon } from './NewCoupon';

/** Credit that whoever knows a code may take, once each tenant. */
export function CouponsTab() {
  const query = useQuery(couponsQuery);
  const queries = useQueryClient();
  const toasts = useToasts();
  const now = useNow();
  const refresh = () => queries.invalidateQueries({ queryKey: ['coupons'] });
  const end = (coupon: Coupon) =>
    void ask(api.DELETE('/api/v1/coupons/{coupon}', { params: { path: { coupon: coupon.code } } })).then(refresh, toasts.failed);
  return (
    <>
      <p>{t('coupons.what')}</p>
      <NewCoupon onMade={refresh} />
      <Loaded query={query}>
        {(coupons) =>
          coupons.length === 0 ? (
            <Empty title={t('coupons.none')}>{t('coupons.none.what')}</Empty>
          ) : (
            <List
              label={t('coupons.title')}
              items={coupons}
              keyOf={(coupon) => coupon.code}
              columns={[
                { title: t('credit.code'), show: (coupon) => <code>{coupon.code}</code> },
                { title: t('credit.amount'), show: (coupon) => money(coupon.amount, coupon.currency) },
                {
                  title: t('coupons.state'),
                  show: (coupon) => (
                    <Label isCompact color={couponState(coupon, now) === 'open' ? 'green' : 'grey'}>
                      {t(`coupons.state.${couponState(coupon, now)}`)}
                    </Label>
                  ),
                },
                {
                  title: t('coupons.used'),
                  show: (coupon) => (coupon.most === null ? String(coupon.used) : t('coupons.usedOf', { used: coupon.used, most: coupon.most })),
                },
                {
                  title: t('coupons.until'),
                  show: (coupon) => (coupon.expiresAt === null ? t('coupons.never') : <Moment at={coupon.expiresAt} />),
                },
                {
                  title: t('list.actions'),
                  show: (coupon) =>
                    coupon.endedAt === null && (
                      <Button variant="link" isDanger onClick={() => end(coupon)} aria-label={t('coupons.end.of', { code: coupon.code })}>
                        {t('coupons.end')}
                      </Button>
                    ),
                },
              ]}
            />
          )
        }
      </Loaded>
      <SameAs
        lines={[
          [t('coupons.add'), curl('POST', '/coupons', { code: 'WELCOME-2026', currency: 'EUR', amount: 1000, most: 100 })],
          [t('coupons.end'), curl('DELETE', '/coupons/WELCOME-2026')],
        ]}
      />
    </>
  );
}
