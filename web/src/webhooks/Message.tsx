// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { attemptsQuery } from '../api/webhooks';
import type { Delivery } from '../api/types';
import { Copyable } from '../shared/Copyable';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { t } from '../text';
import { readable } from './types';

interface Properties {
  tenant: string | undefined;
  endpoint: string;
  delivery: Delivery;
}

/** What is said, and what came of each try. */
export function Message({ tenant, endpoint, delivery }: Properties) {
  const query = useQuery(attemptsQuery(tenant, endpoint, delivery.message));
  return (
    <>
      <Copyable text={readable(delivery.body)} label={t('webhooks.body')} />
      <Loaded query={query}>
        {(attempts) =>
          attempts.length === 0 ? (
            <p>{t('webhooks.untried')}</p>
          ) : (
            <List
              label={t('webhooks.tries')}
              items={attempts}
              keyOf={(attempt) => attempt.at}
              columns={[
                { title: t('webhooks.at'), show: (attempt) => <Moment at={attempt.at} /> },
                { title: t('webhooks.answer'), show: (attempt) => attempt.trouble ?? String(attempt.status ?? '') },
                { title: t('webhooks.took'), show: (attempt) => t('webhooks.millis', { count: attempt.milliseconds }) },
              ]}
            />
          )
        }
      </Loaded>
      {delivery.nextAt !== null && (
        <p>
          {t('webhooks.next')} <Moment at={delivery.nextAt} />
        </p>
      )}
    </>
  );
}
